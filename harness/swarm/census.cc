#include "harness/swarm/census.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace pushbench::swarm {
namespace {

struct Request {
  nlmsghdr head;
  inet_diag_req_v2 diag;
};

struct Wanted {
  std::uint32_t sequence = 0;
  std::uint16_t port = 0;
  std::optional<Census::Net> clients;
};

enum class Datagram : std::uint8_t { kMore, kDone, kFailed };

bool in_net(const __be32* address, const Census::Net& net) {
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), address, bytes.size());
  return bytes[0] == net.first && bytes[1] == net.second;
}

bool is_wanted(const inet_diag_sockid& id, const Wanted& wanted) {
  const bool port = ntohs(id.idiag_sport) == wanted.port || ntohs(id.idiag_dport) == wanted.port;
  return port && (!wanted.clients || in_net(id.idiag_src, *wanted.clients) ||
                  in_net(id.idiag_dst, *wanted.clients));
}

// Adds what one datagram of the dump holds. Messages of an earlier dump that was given up are
// passed over.
Datagram count_datagram(const char* data,
                        std::size_t size,
                        const Wanted& wanted,
                        std::uint64_t& count) {
  while (size >= sizeof(nlmsghdr)) {
    nlmsghdr head;
    std::memcpy(&head, data, sizeof head);
    if (head.nlmsg_len < sizeof head || head.nlmsg_len > size) {
      return Datagram::kFailed;
    }
    const bool ours = head.nlmsg_seq == wanted.sequence;
    if (ours && head.nlmsg_type == NLMSG_DONE) {
      return Datagram::kDone;
    }
    if (ours && head.nlmsg_type == NLMSG_ERROR) {
      return Datagram::kFailed;
    }
    if (ours && head.nlmsg_len >= NLMSG_LENGTH(sizeof(inet_diag_msg))) {
      inet_diag_msg socket;
      std::memcpy(&socket, data + NLMSG_HDRLEN, sizeof socket);
      count += is_wanted(socket.id, wanted) ? 1U : 0U;
    }
    const std::size_t step = std::min<std::size_t>(NLMSG_ALIGN(head.nlmsg_len), size);
    data += step;
    size -= step;
  }
  return Datagram::kMore;
}

}  // namespace

Census::~Census() {
  close();
}

void Census::close() noexcept {
  if (socket_ >= 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

bool Census::open() {
  if (socket_ < 0) {
    socket_ = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    const timeval bound{.tv_sec = 1, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
  }
  return socket_ >= 0;
}

std::optional<std::uint64_t> Census::time_wait(std::uint16_t server_port,
                                               std::optional<Net> clients,
                                               bool v6) {
  if (!open()) {
    return std::nullopt;
  }
  Request request{};
  request.head.nlmsg_len = sizeof request;
  request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.head.nlmsg_seq = ++sequence_;
  request.diag.sdiag_family = v6 ? AF_INET6 : AF_INET;
  request.diag.sdiag_protocol = IPPROTO_TCP;
  request.diag.idiag_states = 1U << TCP_TIME_WAIT;
  const Wanted wanted{.sequence = sequence_, .port = server_port, .clients = clients};
  std::uint64_t count = 0;
  auto state = send(socket_, &request, sizeof request, 0) < 0 ? Datagram::kFailed : Datagram::kMore;
  std::array<char, 32768> buffer;
  while (state == Datagram::kMore) {
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    state = got <= 0 ? Datagram::kFailed
                     : count_datagram(buffer.data(), static_cast<std::size_t>(got), wanted, count);
  }
  if (state == Datagram::kFailed) {
    close();  // what is left of this dump must not be read as the next one's
    return std::nullopt;
  }
  return count;
}

}  // namespace pushbench::swarm
