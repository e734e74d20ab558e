#include "servers/reference/tcp.h"

#include <linux/tcp.h>  // the struct of netinet/tcp.h ends before the fields needed here
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>

namespace pushbench::servers {
namespace {

// Between probes; how many go unanswered is for TCP_USER_TIMEOUT to say.
constexpr int kProbeSeconds = 10;

void set(int descriptor, int level, int option, int value) noexcept {
  static_cast<void>(::setsockopt(descriptor, level, option, &value, sizeof value));
}

}  // namespace

void set_listening_options(int descriptor, const Limits& limits) noexcept {
  static_cast<void>(::setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, kCongestionControl,
                                 sizeof kCongestionControl - 1));
  const auto idle = std::chrono::ceil<std::chrono::seconds>(limits.keepalive);
  set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, static_cast<int>(idle.count()));
  set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, kProbeSeconds);
  set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(limits.unacknowledged.count()));
}

Acknowledged acknowledged(int descriptor) noexcept {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    return {};
  }
  return {static_cast<std::uint32_t>(info.tcpi_bytes_acked), info.tcpi_notsent_bytes > 0};
}

}  // namespace pushbench::servers
