#include "harness/swarm/sock_diag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pushbench::swarm {
namespace {

constexpr std::uint32_t kAllStates = 0xfff;  // of include/net/tcp_states.h, as bits
constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// "source port = P or destination port = P". A jump forward says how far it goes when its condition
// holds and when it does not; beyond the end by 4 means no.
struct PortFilter {
  explicit PortFilter(std::uint16_t port) : source_port{0, 0, port}, destination_port{0, 0, port} {}
  inet_diag_bc_op source{INET_DIAG_BC_S_EQ, 8, 12};
  inet_diag_bc_op source_port;
  inet_diag_bc_op to_end{INET_DIAG_BC_JMP, 4, 12};
  inet_diag_bc_op destination{INET_DIAG_BC_D_EQ, 8, 12};
  inet_diag_bc_op destination_port;
};

// The oldest form of the request: the only one that gives both families in one dump.
struct Request {
  explicit Request(std::uint16_t port) : filter(port) {}
  nlmsghdr head{};
  inet_diag_req diag{};
  rtattr filter_head{.rta_len = RTA_LENGTH(sizeof(PortFilter)), .rta_type = INET_DIAG_REQ_BYTECODE};
  PortFilter filter;
};

template <class Value>
Value read_as(std::span<const char> bytes) {
  Value value{};
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return value;
}

DiagAddress address_of(std::uint8_t family, const __be32* words) {
  DiagAddress address{};
  if (family == AF_INET) {
    std::copy(kMapped.begin(), kMapped.end(), address.begin());
    std::memcpy(address.data() + kMapped.size(), words, 4);
  } else {
    std::memcpy(address.data(), words, address.size());
  }
  return address;
}

std::uint64_t buffer_memory(std::span<const char> bytes) {
  const auto words = read_as<std::array<std::uint32_t, SK_MEMINFO_VARS>>(bytes);
  std::uint64_t sum = 0;
  for (const auto part : {SK_MEMINFO_RMEM_ALLOC, SK_MEMINFO_WMEM_QUEUED, SK_MEMINFO_FWD_ALLOC,
                          SK_MEMINFO_OPTMEM, SK_MEMINFO_BACKLOG}) {
    sum += words[part];
  }
  return sum;
}

void read_attributes(std::span<const char> rest, DiagSocket& socket) {
  while (rest.size() >= sizeof(rtattr)) {
    const auto head = read_as<rtattr>(rest);
    if (head.rta_len < sizeof head || head.rta_len > rest.size()) {
      return;
    }
    const auto value = rest.subspan(sizeof head, head.rta_len - sizeof head);
    switch (head.rta_type) {
      case INET_DIAG_SKMEMINFO: socket.memory_bytes = buffer_memory(value); break;
      case INET_DIAG_INFO: socket.tcp_info = value; break;
      case INET_DIAG_CONG:
        socket.congestion_control = {value.data(), strnlen(value.data(), value.size())};
        break;
      default: break;
    }
    rest = rest.subspan(std::min<std::size_t>(RTA_ALIGN(head.rta_len), rest.size()));
  }
}

DiagSocket socket_of(std::span<const char> body) {
  const auto message = read_as<inet_diag_msg>(body);
  DiagSocket socket;
  socket.state = message.idiag_state;
  socket.local_port = ntohs(message.id.idiag_sport);
  socket.remote_port = ntohs(message.id.idiag_dport);
  socket.local = address_of(message.idiag_family, message.id.idiag_src);
  socket.remote = address_of(message.idiag_family, message.id.idiag_dst);
  socket.queue_bytes = std::uint64_t{message.idiag_rqueue} + std::uint64_t{message.idiag_wqueue};
  read_attributes(body.subspan(sizeof message), socket);
  return socket;
}

}  // namespace

bool is_mapped_v4(const DiagAddress& address) noexcept {
  return std::equal(kMapped.begin(), kMapped.end(), address.begin());
}

diag::Message diag::take_message(std::span<const char>& rest, std::uint32_t sequence) {
  if (rest.size() < sizeof(nlmsghdr)) {
    return {.part = DiagPart::kFailed, .socket = std::nullopt};
  }
  const auto head = read_as<nlmsghdr>(rest);
  if (head.nlmsg_len < sizeof head || head.nlmsg_len > rest.size()) {
    return {.part = DiagPart::kFailed, .socket = std::nullopt};
  }
  const auto body = rest.subspan(sizeof head, head.nlmsg_len - sizeof head);
  rest = rest.subspan(std::min<std::size_t>(NLMSG_ALIGN(head.nlmsg_len), rest.size()));
  Message message;
  if (head.nlmsg_seq != sequence) {
    return message;
  }
  if (head.nlmsg_type == NLMSG_DONE || head.nlmsg_type == NLMSG_ERROR) {
    // Either carries a negative errno when the kernel gave up.
    const bool failed = body.size() >= sizeof(int) && read_as<int>(body) != 0;
    message.part = failed || head.nlmsg_type == NLMSG_ERROR ? DiagPart::kFailed : DiagPart::kDone;
  } else if (body.size() >= sizeof(inet_diag_msg)) {
    message.socket = socket_of(body);
  }
  return message;
}

SockDiag::~SockDiag() {
  close();
}

void SockDiag::close() noexcept {
  if (socket_ >= 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

bool SockDiag::ask(std::uint16_t port, bool detailed) {
  if (socket_ < 0) {
    socket_ = ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  }
  Request request(port);
  request.head.nlmsg_len = sizeof request;
  request.head.nlmsg_type = TCPDIAG_GETSOCK;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.head.nlmsg_seq = ++sequence_;
  request.diag.idiag_family = AF_UNSPEC;
  request.diag.idiag_states = kAllStates & ~(1U << TCP_LISTEN);
  request.diag.idiag_ext = 1U << (INET_DIAG_SKMEMINFO - 1);
  if (detailed) {
    request.diag.idiag_ext |= (1U << (INET_DIAG_INFO - 1)) | (1U << (INET_DIAG_CONG - 1));
  }
  return socket_ >= 0 && ::send(socket_, &request, sizeof request, 0) >= 0;
}

std::span<const char> SockDiag::receive(TimePoint until) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(until - steady_now());
    if (left.count() <= 0) {
      return {};
    }
    const timeval bound{.tv_sec = left.count() / 1'000'000, .tv_usec = left.count() % 1'000'000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
    const ssize_t got = ::recv(socket_, buffer_.data(), buffer_.size(), 0);
    if (got > 0) {
      return std::span<const char>(buffer_).first(static_cast<std::size_t>(got));
    }
    if (got == 0 || errno != EINTR) {
      return {};
    }
  }
}

}  // namespace pushbench::swarm
