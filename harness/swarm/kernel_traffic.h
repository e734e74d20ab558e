// What the kernel counted of a cell's sockets between two instants. An open socket is in the dump
// of each instant with all its life so far; one that closed has told its count before it did. So
// traffic = (open now + closed so far) at the end, less the same at the start, whatever opened or
// closed between. A socket that closes while a dump is under way may be missed or doubled by it:
// that is as many sockets as close within milliseconds.
#pragma once

#include "harness/result/run_result.h"
#include "harness/transport/tcp_info.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

namespace pushbench::swarm {

// Sums that one thread adds to and others read while it does; relaxed.
class ClosedSockets {
 public:
  void add(const transport::SocketTraffic& traffic) noexcept;
  transport::SocketTraffic read() const noexcept;

 private:
  static constexpr std::size_t kFields = 9;
  std::array<std::atomic<std::uint64_t>, kFields> sums_{};
};

// One end of all connections at one instant.
struct TrafficMark {
  transport::SocketTraffic open, closed;
};

// nullopt when a sum shrank (a socket was missed, or its counters began anew) or nobody was there.
std::optional<result::KernelTraffic> traffic_between(const TrafficMark& start,
                                                     const TrafficMark& end);

}  // namespace pushbench::swarm
