// What another process costs, read from /proc (proc(5)): processor time of all its threads from
// schedstat in nanoseconds, user and system time from stat in clock ticks, context switches of all
// its threads from status, resident memory from statm. Nothing is asked of the process itself, so
// any server can be watched on the same host.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace pushbench::swarm {

// All of a small file such as those of /proc; empty where it cannot be read.
std::string text_of_file(const std::filesystem::path& path);

struct ProcessSample {
  std::uint64_t cpu_ns = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t user_ticks = 0, system_ticks = 0;
  std::uint64_t voluntary_switches = 0, involuntary_switches = 0;
  std::uint64_t started_ticks = 0;  // since boot: with the number it names a process for good
};

// nullopt when the process is gone (a zombie is). A thread that ended between two samples takes its
// time and switches with it; a server that keeps its threads is measured exactly.
std::optional<ProcessSample> sample_process(int pid);

// Its processor time alone, for those who look often; nullopt when the process is gone.
std::optional<std::uint64_t> process_cpu_ns(int pid);

// Resident pages of a statm line times the page size.
std::optional<std::uint64_t> parse_statm(const std::string& text, std::uint64_t page_bytes);

struct ProcessTimes {
  std::uint64_t user_ticks = 0, system_ticks = 0, started_ticks = 0;
};
// Of a stat line; the name in parentheses may hold anything. nullopt for a process that has ended.
std::optional<ProcessTimes> parse_stat(const std::string& text);

std::optional<ProcessTimes> process_times(int pid);  // nullopt when it is gone

struct Switches {
  std::uint64_t voluntary = 0, involuntary = 0;
};
Switches parse_switches(const std::string& status);  // zeros where the text has none

}  // namespace pushbench::swarm
