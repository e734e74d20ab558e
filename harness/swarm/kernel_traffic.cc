#include "harness/swarm/kernel_traffic.h"

#include <cstddef>

namespace pushbench::swarm {

using transport::SocketTraffic;

namespace {

using Field = std::uint64_t SocketTraffic::*;
constexpr std::array<Field, 9> kFieldsOfTraffic{
    &SocketTraffic::sockets,     &SocketTraffic::segments_out,  &SocketTraffic::segments_in,
    &SocketTraffic::bytes_out,   &SocketTraffic::bytes_in,      &SocketTraffic::ip_out_bytes,
    &SocketTraffic::ip_in_bytes, &SocketTraffic::retransmitted, &SocketTraffic::rtt_us};

// What the differences are of; rtt is a mean and not a sum over time.
struct Pair {
  Field from;
  std::uint64_t result::KernelTraffic::*to;
};
constexpr std::array<Pair, 7> kDifferences{{
    {&SocketTraffic::segments_out, &result::KernelTraffic::segments_out},
    {&SocketTraffic::segments_in, &result::KernelTraffic::segments_in},
    {&SocketTraffic::bytes_out, &result::KernelTraffic::bytes_out},
    {&SocketTraffic::bytes_in, &result::KernelTraffic::bytes_in},
    {&SocketTraffic::ip_out_bytes, &result::KernelTraffic::ip_out_bytes},
    {&SocketTraffic::ip_in_bytes, &result::KernelTraffic::ip_in_bytes},
    {&SocketTraffic::retransmitted, &result::KernelTraffic::retransmitted},
}};

}  // namespace

void ClosedSockets::add(const SocketTraffic& traffic) noexcept {
  for (std::size_t i = 0; i < kFields; ++i) {
    const std::uint64_t now = sums_[i].load(std::memory_order_relaxed);
    sums_[i].store(now + traffic.*kFieldsOfTraffic[i], std::memory_order_relaxed);
  }
}

SocketTraffic ClosedSockets::read() const noexcept {
  SocketTraffic traffic;
  for (std::size_t i = 0; i < kFields; ++i) {
    traffic.*kFieldsOfTraffic[i] = sums_[i].load(std::memory_order_relaxed);
  }
  return traffic;
}

std::optional<result::KernelTraffic> traffic_between(const TrafficMark& start,
                                                     const TrafficMark& end) {
  result::KernelTraffic traffic;
  for (const auto& [from, to] : kDifferences) {
    const std::uint64_t before = start.open.*from + start.closed.*from;
    const std::uint64_t after = end.open.*from + end.closed.*from;
    if (after < before) {
      return std::nullopt;
    }
    traffic.*to = after - before;
  }
  const std::uint64_t closed = end.closed.sockets - start.closed.sockets;
  const std::uint64_t seen = end.open.sockets + closed;
  if (seen == 0) {
    return std::nullopt;
  }
  constexpr std::uint64_t kNanosPerMicro = 1000;
  traffic.rtt_mean_ns =
      (end.open.rtt_us + end.closed.rtt_us - start.closed.rtt_us) * kNanosPerMicro / seen;
  return traffic;
}

}  // namespace pushbench::swarm
