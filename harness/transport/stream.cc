#include "harness/transport/stream.h"

#include "harness/transport/link_hub.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/socket_base.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace pushbench::transport {
namespace {

constexpr auto kAwaitStream = asio::as_tuple(asio::deferred);

// Sends a burst at once when the window allows. A default of bbr without the fq queue discipline
// paces each socket with a timer of its own, and what is measured would be those timers. Where the
// kernel does not offer it, its default stays.
constexpr char kCongestionControl[] = "cubic";

void choose_congestion_control(int socket) {
  static_cast<void>(::setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, kCongestionControl,
                                 sizeof kCongestionControl - 1));
}

// As on a network, not as on loopback, whose segments hold 64 KiB. The peer obeys it too.
void choose_segment_size(int socket, std::uint32_t mss) {
  const int size = static_cast<int>(mss);
  if (size > 0) {
    static_cast<void>(::setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &size, sizeof size));
  }
}

error_code last_error() {
  return {errno, boost::system::system_category()};
}

// A bound address without a port: the kernel picks the port at connect, when it knows the
// destination, so that one source address serves 28,232 ports per destination (ip(7)).
error_code bind_source(int socket, const asio::ip::address& source) {
  constexpr int kOn = 1;
  const asio::ip::tcp::endpoint from(source, 0);
  const bool bound =
      ::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &kOn, sizeof kOn) == 0 &&
      ::bind(socket, from.data(), static_cast<socklen_t>(from.size())) == 0;
  return bound ? error_code() : last_error();
}

error_code prepare(int socket, const Endpoint& to, const asio::ip::address& source) {
  constexpr int kOn = 1;
  if (::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn) != 0) {
    return last_error();
  }
  choose_congestion_control(socket);
  choose_segment_size(socket, to.mss);
  return source.is_unspecified() ? error_code() : bind_source(socket, source);
}

error_code pending_error(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0
             ? error_code(error, boost::system::system_category())
             : last_error();
}

// Over loopback the peer has answered by the time that connect() returns, though that only says
// that it is under way. Sending nothing tells; a socket that is still connecting would block.
error_code look_at_connect(int socket) noexcept {
  return ::send(socket, nullptr, 0, MSG_NOSIGNAL | MSG_DONTWAIT) == 0 ? error_code() : last_error();
}

EmulatedLink::Want link_want(Reactor::Want want) {
  switch (want) {
    case Reactor::Want::kRead: return EmulatedLink::Want::kRead;
    case Reactor::Want::kWrite: return EmulatedLink::Want::kWrite;
    case Reactor::Want::kEither: break;
  }
  return EmulatedLink::Want::kEither;
}

}  // namespace

Stream::~Stream() {
  if (link() != nullptr || watched_ >= 0) {
    close();
  }
}

error_code Stream::open(const Endpoint& to, const asio::ip::address& source) {
  if (reactor_ != nullptr) {
    watched_ = ::socket(to.address.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                        IPPROTO_TCP);
    return watched_ < 0 ? last_error() : prepare(watched_, to, source);
  }
  error_code ec;
  Socket& socket = unwatched_->socket;
  socket.open(to.address.protocol(), ec);
  if (!ec) {
    socket.non_blocking(true, ec);
  }
  return ec ? ec : prepare(socket.native_handle(), to, source);
}

// A wait that expire() cancelled ended by our deadline, any other cancelled wait by close().
error_code Stream::ended(const error_code& ec) const noexcept {
  return ec == asio::error::operation_aborted && expired_ ? make_error_code(Errc::kTimeout) : ec;
}

Task<error_code> Stream::connect(const Endpoint& to, asio::ip::address source) {
  expired_ = false;
  written_ = 0;
  const error_code opened = open(to, source);
  if (opened) {
    close();
    co_return opened;
  }
  if (reactor_ != nullptr) {
    co_return co_await connect_watched(to.address);
  }
  if (access() != nullptr) {
    co_return co_await connect_over_link(to.address);
  }
  const auto [ec] = co_await unwatched_->socket.async_connect(to.address, kAwaitStream);
  if (ec) {
    close();
  }
  co_return ended(ec);
}

Task<error_code> Stream::connect_watched(asio::ip::tcp::endpoint to) {
  error_code ec;
  if (::connect(watched_, to.data(), static_cast<socklen_t>(to.size())) != 0) {
    ec = last_error();
  }
  if (ec == asio::error::in_progress) {
    ec = look_at_connect(watched_);
  }
  const bool under_way = ec == asio::error::would_block;
  if (!ec || under_way) {
    ec = reactor_->add(watched_, watch_);
  }
  if (!ec && under_way) {
    const auto [connected] = co_await reactor_->wait(watch_, Reactor::Want::kWrite);
    ec = connected ? ended(connected) : pending_error(watched_);
  }
  if (ec) {
    close();
  }
  co_return ec;
}

// The question travels, is answered by the real peer, and the answer travels back, be it a refusal.
Task<error_code> Stream::connect_over_link(asio::ip::tcp::endpoint to) {
  Unwatched& own = *unwatched_;
  EmulatedLink& link = own.access->hub.take(*own.access, own.socket);
  own.link = &link;
  error_code ec = co_await link.trip(true, &expired_);
  if (!ec) {
    const auto [connected] = co_await own.socket.async_connect(to, kAwaitStream);
    ec = ended(connected);
    if (own.link == nullptr) {  // closed meanwhile
      co_return asio::error::operation_aborted;
    }
    const error_code back = co_await link.trip(false, &expired_);
    ec = back ? back : ec;
  }
  if (ec) {
    close();
  } else {
    link.established();
  }
  co_return ec;
}

Task<error_code> Stream::wait(Reactor::Want want) {
  if (expired_) {
    co_return Errc::kTimeout;
  }
  if (watched_ >= 0) {
    const auto [ec] = co_await reactor_->wait(watch_, want);
    co_return ended(ec);
  }
  co_return co_await wait_unwatched(want);
}

// Apart from wait(), whose frame every idle client holds: nothing else may lie in that.
Task<error_code> Stream::wait_unwatched(Reactor::Want want) {
  if (EmulatedLink* const link = emulated()) {
    co_return co_await link->wait(link_want(want), &expired_);
  }
  if (want != Reactor::Want::kEither) {
    const auto what = want == Reactor::Want::kRead ? Socket::wait_read : Socket::wait_write;
    const auto [ec] = co_await unwatched_->socket.async_wait(what, kAwaitStream);
    co_return ended(ec);
  }
  auto either = asio::experimental::make_parallel_group(
      unwatched_->socket.async_wait(Socket::wait_read, asio::deferred),
      unwatched_->socket.async_wait(Socket::wait_write, asio::deferred));
  const auto [order, read, write] =
      co_await either.async_wait(asio::experimental::wait_for_one(), asio::deferred);
  co_return ended(order[0] == 0 ? read : write);
}

std::size_t Stream::read_some(std::span<char> into, error_code& ec) noexcept {
  if (EmulatedLink* const link = emulated()) {
    return link->read_some(into, ec);
  }
  ssize_t got = 0;
  do {
    got = ::recv(descriptor(), into.data(), into.size(), 0);
  } while (got < 0 && errno == EINTR);
  if (got < static_cast<ssize_t>(into.size())) {
    watch_.drained();
  }
  ec = got > 0 ? error_code() : got == 0 ? error_code(asio::error::eof) : last_error();
  return got > 0 ? static_cast<std::size_t>(got) : 0;
}

std::size_t Stream::write_some(std::string_view bytes, error_code& ec) noexcept {
  if (EmulatedLink* const link = emulated()) {
    const std::size_t sent = link->write_some(bytes, ec);
    written_ += sent;
    return sent;
  }
  ssize_t sent = 0;
  do {
    sent = ::send(descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent < static_cast<ssize_t>(bytes.size())) {
    watch_.filled();
  }
  ec = sent >= 0 ? error_code() : last_error();
  written_ += sent > 0 ? static_cast<std::uint64_t>(sent) : 0;
  return sent > 0 ? static_cast<std::size_t>(sent) : 0;
}

Task<error_code> Stream::write(std::string_view bytes) {
  error_code ec;
  while (!bytes.empty()) {
    bytes.remove_prefix(write_some(bytes, ec));
    if (ec && ec != asio::error::would_block) {
      co_return ec;
    }
    if (!bytes.empty()) {
      ec = co_await writable();
      if (ec) {
        co_return ec;
      }
    }
  }
  co_return error_code();
}

error_code Stream::quiet() noexcept {
  if (EmulatedLink* const link = emulated()) {
    return link->quiet();
  }
  std::array<char, 1> byte;
  const ssize_t got = ::recv(descriptor(), byte.data(), byte.size(), MSG_PEEK);
  if (got > 0) {
    return Errc::kBadHead;
  }
  const error_code ec = got == 0 ? error_code(asio::error::eof) : last_error();
  return ec == asio::error::would_block ? error_code() : ec;
}

std::uint16_t Stream::local_port() const noexcept {
  asio::ip::tcp::endpoint local;
  auto size = static_cast<socklen_t>(local.capacity());
  return is_open() && ::getsockname(descriptor(), local.data(), &size) == 0 ? local.port() : 0;
}

void Stream::expire() noexcept {
  expired_ = true;
  if (EmulatedLink* const link = emulated()) {
    link->wake();
    if (link->is_established()) {
      return;  // the socket is watched by the link, which goes on
    }
  }
  if (reactor_ != nullptr) {
    reactor_->cancel(watch_);
    return;
  }
  error_code ignored;
  unwatched_->socket.cancel(ignored);
}

void Stream::close(bool reset) noexcept {
  if (reactor_ != nullptr) {
    if (const int socket = std::exchange(watched_, -1); socket >= 0) {
      constexpr linger kAtOnce{.l_onoff = 1, .l_linger = 0};
      if (reset) {
        static_cast<void>(::setsockopt(socket, SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof kAtOnce));
      }
      reactor_->forget(watch_);
      ::close(socket);
    }
    return;
  }
  error_code ignored;
  Socket& socket = unwatched_->socket;
  if (EmulatedLink* link = std::exchange(unwatched_->link, nullptr)) {
    if (link->is_established()) {
      link->leave(std::move(socket), reset);
      return;
    }
    link->abandon();
  }
  if (reset) {
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
  }
  socket.close(ignored);
}

}  // namespace pushbench::transport
