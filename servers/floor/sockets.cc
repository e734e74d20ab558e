#include "servers/floor/sockets.h"

#include "harness/base/check.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pushbench::servers::floor {
namespace {

constexpr char kCongestionControl[] = "cubic";  // see servers/reference/tcp.h
constexpr int kSegmentBytes = 1460;
constexpr int kBacklog = 4096;                        // the kernel cuts it to net.core.somaxconn
constexpr std::uint32_t kSourceNetwork = 0x7f000100;  // 127.0.1.0

// Only makes something better that works without it, so errors are ignored.
void set(int descriptor, int level, int option, int value) noexcept {
  static_cast<void>(::setsockopt(descriptor, level, option, &value, sizeof value));
}

void set_tcp_options(int descriptor) noexcept {
  static_cast<void>(::setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, kCongestionControl,
                                 sizeof kCongestionControl - 1));
  set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
}

sockaddr_in address_of(std::uint32_t host, std::uint16_t port) noexcept {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  return address;
}

const sockaddr* generic(const sockaddr_in& address) noexcept {
  return reinterpret_cast<const sockaddr*>(&address);
}

int make_socket() noexcept {
  return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) {
    ::close(number_);
  }
}

Epoll::Epoll() : descriptor_(::epoll_create1(EPOLL_CLOEXEC)) {
  PUSHBENCH_CHECK(descriptor_);
}

bool Epoll::add(int descriptor, std::uint32_t events, std::uint32_t id) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u32 = id;
  return ::epoll_ctl(descriptor_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

bool Epoll::change(int descriptor, std::uint32_t events, std::uint32_t id) noexcept {
  epoll_event event{};
  event.events = events;
  event.data.u32 = id;
  return ::epoll_ctl(descriptor_.get(), EPOLL_CTL_MOD, descriptor, &event) == 0;
}

std::span<const epoll_event> Epoll::wait(int milliseconds) noexcept {
  const int count = ::epoll_wait(descriptor_.get(), events_.data(),
                                 static_cast<int>(events_.size()), milliseconds);
  return {events_.data(), static_cast<std::size_t>(std::max(0, count))};
}

Result<Descriptor> listen_on(std::uint16_t port) {
  Descriptor socket(make_socket());
  const sockaddr_in address = address_of(INADDR_LOOPBACK, port);
  if (socket) {
    set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    // Linux hands these on to every accepted socket.
    set_tcp_options(socket.get());
    set(socket.get(), IPPROTO_TCP, TCP_MAXSEG, kSegmentBytes);
  }
  if (!socket || ::bind(socket.get(), generic(address), sizeof address) != 0 ||
      ::listen(socket.get(), kBacklog) != 0) {
    return could_not_run(
        fmt::format("cannot listen on 127.0.0.1:{}: {}; choose another port, 0 "
                    "lets the system choose",
                    port, std::strerror(errno)));
  }
  return socket;
}

std::uint16_t port_of(int descriptor) noexcept {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  static_cast<void>(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size));
  return ntohs(address.sin_port);
}

Descriptor connect_to(std::uint16_t port, std::uint8_t source) noexcept {
  Descriptor socket(make_socket());
  if (!socket) {
    return socket;
  }
  set_tcp_options(socket.get());
  if (source != 0) {
    // The port is chosen by connect(), by the whole four-tuple, and not already by bind().
    set(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    const sockaddr_in own = address_of(kSourceNetwork + source, 0);
    if (::bind(socket.get(), generic(own), sizeof own) != 0) {
      return {};
    }
  }
  const sockaddr_in address = address_of(INADDR_LOOPBACK, port);
  if (::connect(socket.get(), generic(address), sizeof address) != 0 && errno != EINPROGRESS) {
    return {};
  }
  return socket;
}

int connect_error(int descriptor) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

void reset_on_close(int descriptor) noexcept {
  const linger at_once{1, 0};
  static_cast<void>(::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
}

bool write_whole(int descriptor, std::string_view bytes) noexcept {
  const ssize_t written = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return written == static_cast<ssize_t>(bytes.size());
}

}  // namespace pushbench::servers::floor
