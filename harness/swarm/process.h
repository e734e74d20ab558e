// What another process costs, read from /proc (proc(5)): processor time of all its threads from
// schedstat in nanoseconds, resident memory from statm. Nothing is asked of the process itself, so
// any server can be watched on the same host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pushbench::swarm {

struct ProcessSample {
  std::uint64_t cpu_ns = 0;
  std::uint64_t resident_bytes = 0;
};

// nullopt when the process is gone. A thread that ended between two samples takes its time with it;
// a server that keeps its threads is measured exactly.
std::optional<ProcessSample> sample_process(int pid);

// Resident pages of a statm line times the page size.
std::optional<std::uint64_t> parse_statm(const std::string& text, std::uint64_t page_bytes);

}  // namespace pushbench::swarm
