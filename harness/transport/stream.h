// The one way from a transport to the network: TCP, perhaps over an emulated link; TLS and proxies
// would be layers behind the same calls too, so nothing above may know which it is. Reading is
// readiness-driven: an idle stream owns no buffer, the bytes go into one that the whole thread
// shares. Every wait can be ended by expire(), also one that begins only later, until arm() says
// that a new deadline began. Errors keep their errno (EMFILE, EADDRNOTAVAIL, ECONNREFUSED …).
// Threads: one worker's io_context; no locks.
#pragma once

#include "harness/base/error.h"
#include "harness/base/reactor.h"
#include "harness/base/time.h"
#include "harness/transport/tcp_info.h"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::transport {

// Where a cell's clients connect to.
struct Endpoint {
  asio::ip::tcp::endpoint address;
  std::string host;                  // Host header
  std::string prefix;                // path before the dialect's own, "" or "/push"
  std::uint32_t mss = kEthernetMss;  // TCP_MAXSEG of every connection; 0: the kernel's choice
};

class EmulatedLink;
struct LinkAccess;

class Stream {
 public:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;

  // With an access line every connection is emulated (emulated_link.h); the line outlives this.
  // With a reactor, whose thread this then lives on, and no line it is the reactor that watches the
  // socket; else the io_context does.
  explicit Stream(asio::io_context& context,
                  LinkAccess* access = nullptr,
                  Reactor* reactor = nullptr)
      : reactor_(access == nullptr ? reactor : nullptr) {
    if (reactor_ == nullptr) {
      unwatched_ = std::make_unique<Unwatched>(context, access);
    }
  }
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Non-blocking, TCP_NODELAY, from `source` when given (IP_BIND_ADDRESS_NO_PORT, so that the
  // kernel picks the port per destination). Errc::kTimeout after expire().
  Task<error_code> connect(const Endpoint& to, asio::ip::address source);
  // Completes when bytes or the end of the stream can be read, or with Errc::kTimeout after
  // expire(), or with operation_aborted after close().
  Task<error_code> readable() { return wait(Reactor::Want::kRead); }
  // Likewise, for room in the kernel's buffer.
  Task<error_code> writable() { return wait(Reactor::Want::kWrite); }
  // readable() for bytes that keep coming, as Reactor::each(): possible while is_drained(), which
  // it never is without a reactor. Awaited for a tuple of an error that ended() translates.
  template <class Step>
  auto each(Step& step) {
    return reactor_->each(watch_, step);
  }
  template <class Owner>
  void belongs_to(const Owner& owner) noexcept {  // Reactor::Watch::belongs_to()
    watch_.belongs_to(owner);
  }
  bool is_drained() const noexcept { return watched_ >= 0 && watch_.is_drained() && !expired_; }
  error_code ended(const error_code& ec) const noexcept;
  // Whichever comes first.
  Task<error_code> readable_or_writable() { return wait(Reactor::Want::kEither); }
  // What is there now: > 0 bytes, or 0 with would_block, or 0 with eof or another error.
  std::size_t read_some(std::span<char> into, error_code& ec) noexcept;
  // All of it: tries at once, waits only when the kernel's buffer is full.
  Task<error_code> write(std::string_view bytes);
  std::size_t write_some(std::string_view bytes, error_code& ec) noexcept;
  // Between two messages, when the peer has nothing to say. No error: it is silent; eof: it closed;
  // Errc::kBadHead: it sent bytes nobody asked for (they stay unread).
  error_code quiet() noexcept;
  // Bytes taken by the kernel, or by the link, since the last connect.
  std::uint64_t written() const noexcept { return written_; }

  void expire() noexcept;                    // a deadline passed: waits end with Errc::kTimeout
  void arm() noexcept { expired_ = false; }  // a new deadline begins
  void close(bool reset = false) noexcept;
  bool is_open() const noexcept {
    return watched_ >= 0 || (unwatched_ && unwatched_->socket.is_open());
  }
  LinkAccess* access() const noexcept { return unwatched_ ? unwatched_->access : nullptr; }
  // The emulated link of this connection; null without one.
  const EmulatedLink* link() const noexcept { return unwatched_ ? unwatched_->link : nullptr; }
  int descriptor() const noexcept {
    return reactor_ != nullptr ? watched_ : unwatched_->socket.native_handle();
  }
  std::uint16_t local_port() const noexcept;  // 0 when it is not connected

 private:
  // What a socket needs that the io_context watches.
  struct Unwatched {
    Unwatched(asio::io_context& context, LinkAccess* access_in)
        : socket(context), access(access_in) {}
    Socket socket;
    LinkAccess* access;
    EmulatedLink* link = nullptr;  // from connect to close
  };
  EmulatedLink* emulated() noexcept { return unwatched_ ? unwatched_->link : nullptr; }
  error_code open(const Endpoint& to, const asio::ip::address& source);
  Task<error_code> wait(Reactor::Want want);
  Task<error_code> wait_unwatched(Reactor::Want want);
  Task<error_code> connect_watched(asio::ip::tcp::endpoint to);
  Task<error_code> connect_over_link(asio::ip::tcp::endpoint to);

  std::unique_ptr<Unwatched> unwatched_;  // null with a reactor
  Reactor* reactor_;
  Reactor::Watch watch_;
  std::uint64_t written_ = 0;
  int watched_ = -1;  // the socket that the reactor watches
  bool expired_ = false;
};

}  // namespace pushbench::transport
