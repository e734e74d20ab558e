#include "servers/floor/process_cost.h"

#include <fmt/format.h>

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>

namespace pushbench::servers::floor {

std::optional<Nanos> process_cpu(int pid) {
  std::error_code ec;
  const std::filesystem::path tasks = fmt::format("/proc/{}/task", pid);
  std::optional<Nanos> sum;
  for (const auto& task : std::filesystem::directory_iterator(tasks, ec)) {
    std::ifstream file(task.path() / "schedstat");
    std::int64_t on_processor = 0;
    if (file >> on_processor) {
      sum = sum.value_or(Nanos(0)) + Nanos(on_processor);
    }
  }
  return sum;
}

std::optional<std::uint64_t> resident_bytes(int pid) {
  std::ifstream file(fmt::format("/proc/{}/statm", pid));
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  if (!(file >> all >> resident)) {
    return std::nullopt;
  }
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

Nanos own_cpu() noexcept {
  timespec spent{};
  static_cast<void>(::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent));
  return std::chrono::seconds(spent.tv_sec) + Nanos(spent.tv_nsec);
}

}  // namespace pushbench::servers::floor
