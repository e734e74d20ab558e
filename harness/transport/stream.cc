#include "harness/transport/stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/socket_base.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace pushbench::transport {
namespace {

constexpr auto kAwait = asio::as_tuple(asio::deferred);

// Sends a burst at once when the window allows. A default of bbr without the fq queue discipline
// paces each socket with a timer of its own, and what is measured would be those timers. Where the
// kernel does not offer it, its default stays.
constexpr char kCongestionControl[] = "cubic";

void choose_congestion_control(Stream::Socket& socket) {
  static_cast<void>(::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_CONGESTION,
                                 kCongestionControl, sizeof kCongestionControl - 1));
}

// A bound address without a port: the kernel picks the port at connect, when it knows the
// destination, so that one source address serves 28,232 ports per destination (ip(7)).
error_code bind_source(Stream::Socket& socket, const asio::ip::address& source) {
  constexpr int kOn = 1;
  if (::setsockopt(socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &kOn, sizeof kOn) !=
      0) {
    return {errno, boost::system::system_category()};
  }
  error_code ec;
  socket.bind({source, 0}, ec);
  return ec;
}

}  // namespace

error_code Stream::open(const asio::ip::tcp& protocol, const asio::ip::address& source) {
  error_code ec;
  socket_.open(protocol, ec);
  if (!ec) {
    socket_.non_blocking(true, ec);
  }
  if (!ec) {
    socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  }
  if (!ec) {
    choose_congestion_control(socket_);
  }
  if (!ec && !source.is_unspecified()) {
    ec = bind_source(socket_, source);
  }
  return ec;
}

// A wait that expire() cancelled ended by our deadline, any other cancelled wait by close().
error_code Stream::ended(const error_code& ec) const noexcept {
  return ec == asio::error::operation_aborted && expired_ ? make_error_code(Errc::kTimeout) : ec;
}

asio::awaitable<error_code> Stream::connect(const Endpoint& to, asio::ip::address source) {
  expired_ = false;
  written_ = 0;
  const error_code opened = open(to.address.protocol(), source);
  if (opened) {
    close();
    co_return opened;
  }
  const auto [ec] = co_await socket_.async_connect(to.address, kAwait);
  if (ec) {
    close();
  }
  co_return ended(ec);
}

asio::awaitable<error_code> Stream::readable() {
  if (expired_) {
    co_return Errc::kTimeout;
  }
  const auto [ec] = co_await socket_.async_wait(Socket::wait_read, kAwait);
  co_return ended(ec);
}

asio::awaitable<error_code> Stream::writable() {
  if (expired_) {
    co_return Errc::kTimeout;
  }
  const auto [ec] = co_await socket_.async_wait(Socket::wait_write, kAwait);
  co_return ended(ec);
}

asio::awaitable<error_code> Stream::readable_or_writable() {
  if (expired_) {
    co_return Errc::kTimeout;
  }
  auto either = asio::experimental::make_parallel_group(
      socket_.async_wait(Socket::wait_read, asio::deferred),
      socket_.async_wait(Socket::wait_write, asio::deferred));
  const auto [order, read, write] =
      co_await either.async_wait(asio::experimental::wait_for_one(), asio::deferred);
  co_return ended(order[0] == 0 ? read : write);
}

std::size_t Stream::read_some(std::span<char> into, error_code& ec) noexcept {
  return socket_.read_some(asio::buffer(into.data(), into.size()), ec);
}

std::size_t Stream::write_some(std::string_view bytes, error_code& ec) noexcept {
  const std::size_t sent = socket_.write_some(asio::buffer(bytes), ec);
  written_ += sent;
  return sent;
}

asio::awaitable<error_code> Stream::write(std::string_view bytes) {
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
  std::array<char, 1> byte;
  error_code ec;
  const std::size_t got = socket_.receive(asio::buffer(byte), asio::socket_base::message_peek, ec);
  if (got > 0) {
    return Errc::kBadHead;
  }
  return ec == asio::error::would_block ? error_code() : ec;
}

void Stream::expire() noexcept {
  expired_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

void Stream::close(bool reset) noexcept {
  error_code ignored;
  if (reset) {
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  }
  socket_.close(ignored);
}

}  // namespace pushbench::transport
