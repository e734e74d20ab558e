#include "harness/swarm/host_cost.h"

#include "harness/swarm/process.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <string_view>

namespace pushbench::swarm {
namespace {

constexpr std::size_t kColumns = 8;  // user nice system idle iowait irq softirq steal
constexpr std::array<std::string_view, 4> kKernelKeys{
    "Slab:", "KernelStack:", "PageTables:", "Percpu:"};

}  // namespace

std::optional<ProcessorTicks> parse_processor_ticks(const std::string& line) {
  std::istringstream in(line);
  std::string name;
  in >> name;
  ProcessorTicks ticks;
  for (std::size_t i = 0; i < kColumns; ++i) {
    std::uint64_t value = 0;
    if (!(in >> value)) {
      return std::nullopt;
    }
    ticks.all += value;
    ticks.stolen = value;
  }
  return name == "cpu" ? std::optional(ticks) : std::nullopt;
}

std::optional<ProcessorTicks> processor_ticks() {
  std::ifstream file("/proc/stat");
  std::string line;
  std::getline(file, line);
  return parse_processor_ticks(line);
}

std::optional<double> stolen_between(const std::optional<ProcessorTicks>& start,
                                     const std::optional<ProcessorTicks>& end) {
  if (!start || !end || end->all <= start->all || end->stolen < start->stolen) {
    return std::nullopt;
  }
  return static_cast<double>(end->stolen - start->stolen) /
         static_cast<double>(end->all - start->all);
}

std::optional<std::uint64_t> parse_kernel_memory(const std::string& meminfo) {
  constexpr std::uint64_t kKibi = 1024;
  std::istringstream in(meminfo);
  std::optional<std::uint64_t> sum;
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string key;
    std::uint64_t value = 0;
    words >> key >> value;
    for (const auto wanted : kKernelKeys) {
      if (words && key == wanted) {
        sum = sum.value_or(0) + value * kKibi;
      }
    }
  }
  return sum;
}

std::optional<std::uint64_t> parse_time_waits(const std::string& sockstat) {
  std::istringstream lines(sockstat);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    const bool tcp = word == "TCP:";
    std::uint64_t value = 0;
    while (tcp && words >> word >> value) {
      if (word == "tw") {
        return value;
      }
    }
  }
  return std::nullopt;
}

std::optional<KernelMemory> kernel_memory() {
  const auto bytes = parse_kernel_memory(text_of_file("/proc/meminfo"));
  const auto time_waits = parse_time_waits(text_of_file("/proc/net/sockstat"));
  return bytes ? std::optional(KernelMemory{*bytes, time_waits.value_or(0)}) : std::nullopt;
}

std::optional<std::uint64_t> clear_growth(const KernelMemory& before, const KernelMemory& after) {
  if (after.bytes <= before.bytes) {
    return std::nullopt;
  }
  const std::uint64_t growth = after.bytes - before.bytes;
  const auto [few, many] = std::minmax(before.time_waits, after.time_waits);
  const double blur = kTimeWaitBytes * static_cast<double>(many - few);
  return blur <= kMostBlur * static_cast<double>(growth) ? std::optional(growth) : std::nullopt;
}

}  // namespace pushbench::swarm
