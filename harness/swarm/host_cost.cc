#include "harness/swarm/host_cost.h"

#include <array>
#include <fstream>
#include <iterator>
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

std::optional<std::uint64_t> kernel_memory() {
  std::ifstream file("/proc/meminfo");
  return parse_kernel_memory({std::istreambuf_iterator<char>(file), {}});
}

}  // namespace pushbench::swarm
