#include "harness/swarm/process.h"

#include "harness/swarm/thread_cost.h"

#include <system_error>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace pushbench::swarm {

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<std::uint64_t> parse_statm(const std::string& text, std::uint64_t page_bytes) {
  std::istringstream in(text);
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (!(in >> size >> resident)) {
    return std::nullopt;
  }
  return resident * page_bytes;
}

std::optional<ProcessTimes> parse_stat(const std::string& text) {
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream in(text.substr(name_end + 1));
  constexpr int kBeforeUser = 10;  // fields between state and utime
  constexpr int kBeforeStart = 6;  // between stime and starttime
  const auto skip = [&in](int fields) {
    std::string word;
    while (fields-- > 0) {
      in >> word;
    }
  };
  std::string state;
  in >> state;
  ProcessTimes times;
  skip(kBeforeUser);
  in >> times.user_ticks >> times.system_ticks;
  skip(kBeforeStart);
  in >> times.started_ticks;
  const bool ended = state == "Z" || state == "X";
  return in && !ended ? std::optional(times) : std::nullopt;
}

Switches parse_switches(const std::string& status) {
  std::istringstream in(status);
  Switches switches;
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    const std::string key = line.substr(0, colon);
    const bool voluntary = key == "voluntary_ctxt_switches";
    if (colon != std::string::npos && (voluntary || key == "nonvoluntary_ctxt_switches")) {
      std::istringstream(line.substr(colon + 1)) >>
          (voluntary ? switches.voluntary : switches.involuntary);
    }
  }
  return switches;
}

std::optional<ProcessTimes> process_times(int pid) {
  return parse_stat(text_of_file("/proc/" + std::to_string(pid) + "/stat"));
}

std::optional<std::uint64_t> process_cpu_ns(int pid) {
  std::optional<std::uint64_t> sum;
  std::error_code ec;
  for (const auto& task :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", ec)) {
    if (const auto cost = parse_schedstat(text_of_file(task.path() / "schedstat"))) {
      sum = sum.value_or(0) + cost->cpu_ns;
    }
  }
  return sum;
}

std::optional<ProcessSample> sample_process(int pid) {
  const std::filesystem::path root = "/proc/" + std::to_string(pid);
  const auto resident =
      parse_statm(text_of_file(root / "statm"), static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
  const auto times = process_times(pid);
  if (!resident || !times) {
    return std::nullopt;
  }
  ProcessSample sample{.cpu_ns = process_cpu_ns(pid).value_or(0),
                       .resident_bytes = *resident,
                       .user_ticks = times->user_ticks,
                       .system_ticks = times->system_ticks,
                       .started_ticks = times->started_ticks};
  std::error_code ec;
  for (const auto& task : std::filesystem::directory_iterator(root / "task", ec)) {
    const Switches switches = parse_switches(text_of_file(task.path() / "status"));
    sample.voluntary_switches += switches.voluntary;
    sample.involuntary_switches += switches.involuntary;
  }
  return sample;
}

}  // namespace pushbench::swarm
