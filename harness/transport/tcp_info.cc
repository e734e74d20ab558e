#include "harness/transport/tcp_info.h"

#include <linux/tcp.h>  // the struct of netinet/tcp.h ends before the fields needed here
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace pushbench::transport {
namespace {

// States of the kernel (include/net/tcp_states.h), which linux/tcp.h does not name.
constexpr std::uint8_t kEstablished = 1;
constexpr std::uint8_t kCloseWait = 8;

constexpr std::uint64_t kIp4Head = 20;
constexpr std::uint64_t kIp6Head = 40;
constexpr std::uint64_t kTcpHead = 20;
constexpr std::uint64_t kTimestamps = 12;
constexpr std::uint64_t kSynOptions = 20;       // MSS 4, SACK 2, timestamps 10, scale 3, filler 1
constexpr std::uint64_t kSynOptionsPlain = 12;  // MSS 4, SACK 2, scale 3, filler 3

constexpr std::size_t kNeeded = offsetof(tcp_info, tcpi_bytes_retrans);
constexpr std::size_t kRoom = 512;  // the struct of kernels to come

std::uint64_t head_bytes(const TcpInfo& info, bool v6) noexcept {
  return (v6 ? kIp6Head : kIp4Head) + kTcpHead + (info.timestamps ? kTimestamps : 0);
}

}  // namespace

std::optional<TcpInfo> parse_tcp_info(std::span<const char> bytes) noexcept {
  if (bytes.size() < kNeeded) {
    return std::nullopt;
  }
  tcp_info info{};
  std::memcpy(&info, bytes.data(), std::min(bytes.size(), sizeof info));
  return TcpInfo{.state = info.tcpi_state,
                 .timestamps = (info.tcpi_options & TCPI_OPT_TIMESTAMPS) != 0,
                 .segments_out = info.tcpi_segs_out,
                 .segments_in = info.tcpi_segs_in,
                 .bytes_out = info.tcpi_bytes_sent,
                 .bytes_in = info.tcpi_bytes_received,
                 .retransmitted = info.tcpi_total_retrans,
                 .rtt_us = info.tcpi_rtt,
                 .data_per_segment = info.tcpi_snd_mss};
}

std::optional<TcpInfo> read_tcp_info(int descriptor) noexcept {
  std::array<char, kRoom> bytes;
  socklen_t size = bytes.size();
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, bytes.data(), &size) != 0) {
    return std::nullopt;
  }
  return parse_tcp_info(std::span<const char>(bytes).first(size));
}

SocketTraffic& SocketTraffic::operator+=(const SocketTraffic& other) noexcept {
  sockets += other.sockets;
  segments_out += other.segments_out;
  segments_in += other.segments_in;
  bytes_out += other.bytes_out;
  bytes_in += other.bytes_in;
  ip_out_bytes += other.ip_out_bytes;
  ip_in_bytes += other.ip_in_bytes;
  retransmitted += other.retransmitted;
  rtt_us += other.rtt_us;
  return *this;
}

SocketTraffic traffic_of(const TcpInfo& info, End end, bool v6) noexcept {
  const std::uint64_t head = head_bytes(info, v6);
  const std::uint64_t syn =
      (info.timestamps ? kSynOptions - kTimestamps : kSynOptionsPlain);  // more than other segments
  const std::uint64_t syn_ack = end == End::kAccepting ? 1 : 0;
  const std::uint64_t fin = info.state == kCloseWait ? 1 : 0;
  SocketTraffic traffic{.sockets = 1,
                        .segments_out = info.segments_out + syn_ack,
                        .segments_in = info.segments_in,
                        .bytes_out = info.bytes_out,
                        .bytes_in = info.bytes_in - std::min(info.bytes_in, fin),
                        .retransmitted = info.retransmitted,
                        .rtt_us = info.rtt_us};
  traffic.ip_out_bytes = traffic.bytes_out + traffic.segments_out * head + syn;
  traffic.ip_in_bytes = traffic.bytes_in + traffic.segments_in * head + syn;
  return traffic;
}

SocketTraffic traffic_until_closed(const TcpInfo& info, bool v6) noexcept {
  SocketTraffic traffic = traffic_of(info, End::kConnecting, v6);
  const std::uint64_t head = head_bytes(info, v6);
  const bool first = info.state == kEstablished;
  if (first || info.state == kCloseWait) {
    const std::uint64_t out = first ? 2 : 1;
    traffic.segments_out += out;
    traffic.ip_out_bytes += out * head;
    traffic.segments_in += 1;
    traffic.ip_in_bytes += head;
  }
  return traffic;
}

}  // namespace pushbench::transport
