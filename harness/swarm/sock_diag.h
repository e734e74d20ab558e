// The kernel's list of TCP sockets with a port at one end, by netlink (sock_diag(7),
// linux/inet_diag.h): one dump, IPv4 and IPv6 together, all states but LISTEN. The kernel picks the
// sockets itself (INET_DIAG_REQ_BYTECODE). What is parsed is checked against its length; messages
// of an earlier dump that was given up are passed over. Threads: one.
#pragma once

#include "harness/base/time.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pushbench::swarm {

// IPv4 addresses stand in the form that IPv6 maps them to (::ffff:a.b.c.d, RFC 4291 section
// 2.5.5.2), so that a server which listens for both looks the same as one for IPv4.
using DiagAddress = std::array<std::uint8_t, 16>;

struct DiagSocket {
  std::uint8_t state = 0;  // TCP_ESTABLISHED … of netinet/tcp.h
  std::uint16_t local_port = 0, remote_port = 0;
  DiagAddress local{}, remote{};
  // Received and not yet read, plus written and not yet acknowledged.
  std::uint64_t queue_bytes = 0;
  // In the kernel's buffers of the socket: received, queued for sending, reserved, options,
  // backlog.
  std::uint64_t memory_bytes = 0;
  std::span<const char> tcp_info;       // for transport::parse_tcp_info(); empty: not asked for
  std::string_view congestion_control;  // empty: not asked for
};

bool is_mapped_v4(const DiagAddress& address) noexcept;

enum class DiagPart : std::uint8_t { kMore, kDone, kFailed };

// Calls `visit` for every socket in one datagram of the dump with this sequence number.
template <class Visit>
DiagPart read_diag(std::span<const char> datagram, std::uint32_t sequence, Visit visit);

class SockDiag {
 public:
  static constexpr Nanos kBound{std::chrono::seconds(5)};  // of a whole dump; then it has failed

  SockDiag() = default;
  ~SockDiag();
  SockDiag(const SockDiag&) = delete;
  SockDiag& operator=(const SockDiag&) = delete;

  // False where the kernel offers no sock_diag, or this dump failed: what was visited is then a
  // part. `detailed` asks for tcp_info and congestion_control as well.
  template <class Visit>
  bool dump(std::uint16_t port, bool detailed, Visit visit);

 private:
  bool ask(std::uint16_t port, bool detailed);
  // The next datagram; empty when there is none within the bound.
  std::span<const char> receive(TimePoint until);
  void close() noexcept;

  static constexpr std::size_t kDatagram = 32 * 1024;  // the most that the kernel puts into one
  int socket_ = -1;
  std::uint32_t sequence_ = 0;
  std::array<char, kDatagram> buffer_;
};

namespace diag {

// One netlink message cut off the front of `rest`.
struct Message {
  DiagPart part = DiagPart::kMore;
  std::optional<DiagSocket> socket;
};
Message take_message(std::span<const char>& rest, std::uint32_t sequence);

}  // namespace diag

template <class Visit>
DiagPart read_diag(std::span<const char> datagram, std::uint32_t sequence, Visit visit) {
  while (!datagram.empty()) {
    const diag::Message message = diag::take_message(datagram, sequence);
    if (message.part != DiagPart::kMore) {
      return message.part;
    }
    if (message.socket) {
      visit(*message.socket);
    }
  }
  return DiagPart::kMore;
}

template <class Visit>
bool SockDiag::dump(std::uint16_t port, bool detailed, Visit visit) {
  const TimePoint until = steady_now() + kBound;
  DiagPart part = ask(port, detailed) ? DiagPart::kMore : DiagPart::kFailed;
  while (part == DiagPart::kMore) {
    const std::span<const char> datagram = receive(until);
    part = datagram.empty() ? DiagPart::kFailed : read_diag(datagram, sequence_, visit);
  }
  if (part == DiagPart::kFailed) {
    close();  // what is left of this dump must not be read as the next one's
  }
  return part == DiagPart::kDone;
}

}  // namespace pushbench::swarm
