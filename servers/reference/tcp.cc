#include "servers/reference/tcp.h"

#include <linux/tcp.h>  // the struct of netinet/tcp.h ends before the fields needed here
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>

namespace pushbench::servers {
namespace {

constexpr int kProbeSeconds = 10;  // between keep-alive probes
// As on Ethernet; loopback's own segments of 64 KiB would hide how many a network needs.
constexpr int kSegmentBytes = 1460;

void set(int descriptor, int level, int option, int value) noexcept {
  static_cast<void>(::setsockopt(descriptor, level, option, &value, sizeof value));
}

// All zero when the kernel does not say.
tcp_info info_of(int descriptor) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  return ::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? info : tcp_info{};
}

}  // namespace

void set_listening_options(int descriptor, const Limits& limits) noexcept {
  static_cast<void>(::setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, kCongestionControl,
                                 sizeof kCongestionControl - 1));
  set(descriptor, IPPROTO_TCP, TCP_MAXSEG, kSegmentBytes);
  // An event leaves in one write; Nagle's algorithm would only hold it back.
  set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  const auto idle = std::chrono::ceil<std::chrono::seconds>(limits.keepalive);
  set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(idle.count()));
  set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, kProbeSeconds);
  const auto last = std::chrono::ceil<std::chrono::seconds>(limits.unacknowledged);
  set(descriptor, IPPROTO_TCP, TCP_KEEPCNT,
      std::max(1, static_cast<int>(last.count()) / kProbeSeconds));
}

Acknowledged acknowledged(int descriptor) noexcept {
  const tcp_info info = info_of(descriptor);
  return {static_cast<std::uint32_t>(info.tcpi_bytes_acked), info.tcpi_notsent_bytes > 0};
}

bool vanished(int descriptor, Millis unacknowledged) noexcept {
  const tcp_info info = info_of(descriptor);
  return info.tcpi_unacked > 0 && info.tcpi_retransmits > 0 &&
         Millis(info.tcpi_last_ack_recv) >= unacknowledged;
}

}  // namespace pushbench::servers
