// What happens to this host as a whole, from /proc (proc(5)): processor time that its own host took
// away (steal), and memory that the kernel uses for itself. Sockets of both ends live in that
// memory where server and clients share the host, so growth per connection is that of two sockets;
// it is not halved, since the ends need not be alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pushbench::swarm {

// Sums over all processors since boot, in clock ticks.
struct ProcessorTicks {
  std::uint64_t all = 0;
  std::uint64_t stolen = 0;
};
// The first line of /proc/stat; nullopt where the kernel tells no steal.
std::optional<ProcessorTicks> parse_processor_ticks(const std::string& line);
std::optional<ProcessorTicks> processor_ticks();
std::optional<double> stolen_between(const std::optional<ProcessorTicks>& start,
                                     const std::optional<ProcessorTicks>& end);

// Of /proc/meminfo: Slab (sockets, their inodes and entries in directories), KernelStack,
// PageTables, Percpu. Not page cache, and not buffers of sockets, which the socket census counts.
std::optional<std::uint64_t> parse_kernel_memory(const std::string& meminfo);  // in bytes
// Of /proc/net/sockstat: sockets in TIME_WAIT.
std::optional<std::uint64_t> parse_time_waits(const std::string& sockstat);

struct KernelMemory {
  std::uint64_t bytes = 0;
  std::uint64_t time_waits = 0;
};
std::optional<KernelMemory> kernel_memory();

// Sockets of cells before stay in TIME_WAIT for a minute, and what they took is given back in the
// middle of a later cell: 140 to 600 bytes each were seen, so it cannot be reckoned out. Nullopt:
// it may be more than kMostBlur of the growth, or nothing grew.
inline constexpr double kTimeWaitBytes = 600;
inline constexpr double kMostBlur = 0.02;
std::optional<std::uint64_t> clear_growth(const KernelMemory& before, const KernelMemory& after);

}  // namespace pushbench::swarm
