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
std::optional<std::uint64_t> parse_kernel_memory(const std::string& meminfo);
std::optional<std::uint64_t> kernel_memory();  // in bytes

}  // namespace pushbench::swarm
