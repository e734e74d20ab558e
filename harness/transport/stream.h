// The one way from a transport to the network. Today TCP; TLS, proxies and emulated links are
// layers behind the same calls, so nothing above may know which it is. Reading is readiness-driven:
// an idle stream owns no buffer, the bytes go into one that the whole thread shares. Every wait can
// be ended by expire(), also one that begins only later, until arm() says that a new deadline
// began. Errors keep their errno (EMFILE, EADDRNOTAVAIL, ECONNREFUSED …). Threads: one worker's
// io_context; no locks.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::transport {

// Where a cell's clients connect to.
struct Endpoint {
  asio::ip::tcp::endpoint address;
  std::string host;    // Host header
  std::string prefix;  // path before the dialect's own, "" or "/push"
};

class Stream {
 public:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

  explicit Stream(asio::io_context& context) : socket_(context) {}

  // Non-blocking, TCP_NODELAY, from `source` when given (IP_BIND_ADDRESS_NO_PORT, so that the
  // kernel picks the port per destination). Errc::kTimeout after expire().
  asio::awaitable<error_code> connect(const Endpoint& to, asio::ip::address source);
  // Completes when bytes or the end of the stream can be read, or with Errc::kTimeout after
  // expire(), or with operation_aborted after close().
  asio::awaitable<error_code> readable();
  asio::awaitable<error_code> writable();  // likewise, for room in the kernel's buffer
  // Whichever comes first.
  asio::awaitable<error_code> readable_or_writable();
  // What is there now: > 0 bytes, or 0 with would_block, or 0 with eof or another error.
  std::size_t read_some(std::span<char> into, error_code& ec) noexcept;
  // All of it: tries at once, waits only when the kernel's buffer is full.
  asio::awaitable<error_code> write(std::string_view bytes);
  std::size_t write_some(std::string_view bytes, error_code& ec) noexcept;
  // Between two messages, when the peer has nothing to say. No error: it is silent; eof: it closed;
  // Errc::kBadHead: it sent bytes nobody asked for (they stay unread).
  error_code quiet() noexcept;
  // Bytes taken by the kernel since the last connect.
  std::uint64_t written() const noexcept { return written_; }

  void expire() noexcept;                    // a deadline passed: waits end with Errc::kTimeout
  void arm() noexcept { expired_ = false; }  // a new deadline begins
  void close(bool reset = false) noexcept;
  bool is_open() const noexcept { return socket_.is_open(); }
  int descriptor() { return socket_.native_handle(); }

 private:
  error_code open(const asio::ip::tcp& protocol, const asio::ip::address& source);
  error_code ended(const error_code& ec) const noexcept;

  Socket socket_;
  std::uint64_t written_ = 0;
  bool expired_ = false;
};

}  // namespace pushbench::transport
