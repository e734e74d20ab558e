// What the kernel counted of one TCP connection since it began (TCP_INFO: tcp(7), linux/tcp.h), and
// its share on IP level. Read from a socket of ours before it closes, or parsed from a dump of all.
// The kernel's struct grows at its end: only as much is read as it filled in, and an older kernel
// that does not count segments and bytes gives nullopt. Pure but for read_tcp_info(). Threads: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace pushbench::transport {

// Data bytes in a segment are at most the MSS less the options that each segment carries: 1,448 of
// Ethernet's 1,460 with timestamps. Loopback's own MSS of 65,483 would hide segmentation.
inline constexpr std::uint32_t kEthernetMss = 1460;

struct TcpInfo {
  std::uint8_t state = 0;  // TCP_ESTABLISHED … of netinet/tcp.h
  bool timestamps = false;
  std::uint32_t segments_out = 0, segments_in = 0;  // data, pure acknowledgements, SYN, FIN
  std::uint64_t bytes_out = 0;                      // data, what was sent again included
  std::uint64_t bytes_in = 0;                       // data, once each; a FIN counts as one byte
  std::uint32_t retransmitted = 0;                  // segments
  std::uint32_t rtt_us = 0;                         // smoothed
  std::uint32_t data_per_segment = 0;               // the MSS in force less options
};

std::optional<TcpInfo> parse_tcp_info(std::span<const char> bytes) noexcept;
// nullopt when the descriptor is no TCP socket, or closed.
std::optional<TcpInfo> read_tcp_info(int descriptor) noexcept;

// What crossed the wire, of one socket or summed over many. Adding and subtracting is by field, so
// a window's traffic is the sum at its end less the sum at its start.
struct SocketTraffic {
  std::uint64_t sockets = 0;
  std::uint64_t segments_out = 0, segments_in = 0;
  std::uint64_t bytes_out = 0, bytes_in = 0;
  std::uint64_t ip_out_bytes = 0, ip_in_bytes = 0;
  std::uint64_t retransmitted = 0;
  std::uint64_t rtt_us = 0;  // summed over the sockets

  SocketTraffic& operator+=(const SocketTraffic& other) noexcept;
  friend bool operator==(const SocketTraffic&, const SocketTraffic&) = default;
};

enum class End : std::uint8_t { kConnecting, kAccepting };

// Of a connection that is open. Each segment is its data, 20 bytes of IPv4 or 40 of IPv6, 20 of TCP
// and 12 of timestamps where both ends use them. SYN and SYN-ACK carry 20 bytes of options (12 with
// timestamps off: MSS, window scale, SACK). The counters hold both but at the accepting end, where
// the SYN-ACK is not among them and is added. Options that announce holes (SACK) are not counted.
SocketTraffic traffic_of(const TcpInfo& info, End end, bool v6) noexcept;

// Of a connection of ours that is closed now: its FIN segments are added, which the counters cannot
// hold any more. We close first: our FIN, its FIN with an acknowledgement, our acknowledgement. The
// peer had closed (CLOSE_WAIT): our FIN, its acknowledgement. Broken: nothing.
SocketTraffic traffic_until_closed(const TcpInfo& info, bool v6) noexcept;

}  // namespace pushbench::transport
