// The network between clients and server that a scenario asks to be emulated: how long a round trip
// takes, how much that varies, and how many bits a second fit through. What is emulated, and how,
// is said in harness/transport/emulated_link.h. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace pushbench::plan {

using Nanos = std::chrono::nanoseconds;

// Bytes of one connection that are under way in one direction: the window of its emulated TCP.
inline constexpr std::uint64_t kMaxLinkInFlight = 1024 * 1024;

struct LinkSpec {
  Nanos rtt{};     // both ways together, without jitter
  Nanos jitter{};  // every one-way trip takes rtt/2 ± a uniform part of it
  // In bits a second; 0: no limit. down and up are of one client, to it and from it; downlink and
  // uplink are shared by all clients of the cell.
  std::uint64_t down = 0, up = 0, downlink = 0, uplink = 0;

  Nanos one_way() const { return rtt / 2; }
  Nanos longest_round_trip() const { return rtt + 2 * jitter; }
};

// "100ms round trip ± 10ms each way, 20Mbit/s down and 5Mbit/s up per client".
std::string describe(const LinkSpec& link);

}  // namespace pushbench::plan
