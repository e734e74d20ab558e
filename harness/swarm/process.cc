#include "harness/swarm/process.h"

#include "harness/swarm/thread_cost.h"

#include <system_error>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace pushbench::swarm {
namespace {

std::string first_line(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

std::optional<std::uint64_t> parse_statm(const std::string& text, std::uint64_t page_bytes) {
  std::istringstream in(text);
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (!(in >> size >> resident)) {
    return std::nullopt;
  }
  return resident * page_bytes;
}

std::optional<ProcessSample> sample_process(int pid) {
  const std::filesystem::path root = "/proc/" + std::to_string(pid);
  const auto resident =
      parse_statm(first_line(root / "statm"), static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
  if (!resident) {
    return std::nullopt;
  }
  ProcessSample sample;
  sample.resident_bytes = *resident;
  std::error_code ec;
  for (const auto& task : std::filesystem::directory_iterator(root / "task", ec)) {
    if (const auto cost = parse_schedstat(first_line(task.path() / "schedstat"))) {
      sample.cpu_ns += cost->cpu_ns;
    }
  }
  return sample;
}

}  // namespace pushbench::swarm
