#include "servers/reference/listener.h"

#include "harness/base/descriptors.h"
#include "servers/reference/tcp.h"

#include <fmt/format.h>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pushbench::servers {
namespace {

constexpr std::uint64_t kReserve = 32;  // descriptors for everything that is not a connection
constexpr int kBacklog = 4096;          // the kernel cuts it to net.core.somaxconn

Failure failure(const ServerOptions& options, std::uint16_t port, const error_code& ec) {
  const char* advice = "check the address";
  if (ec == asio::error::address_in_use) {
    advice = "stop the other server or choose another port (0 lets the system choose)";
  } else if (ec == asio::error::access_denied) {
    advice = "choose a port from 1024 on";
  } else if (ec.value() == EADDRNOTAVAIL) {
    advice = "choose an address of this machine";
  }
  return could_not_run(
      fmt::format("cannot listen on {}:{}: {}; {}", options.address, port, ec.message(), advice));
}

// Says 503 without becoming a connection. What the client has sent is read first: closing on
// unread bytes would reset the connection before the answer is read.
void turn_away(int descriptor, std::string_view date) {
  std::string answer;
  append_refusal(answer, date,
                 {503, "Too many connections; try again later.", "Retry-After: 1\r\n"}, true);
  std::array<char, 4096> sink;
  static_cast<void>(::send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL));
  static_cast<void>(::shutdown(descriptor, SHUT_WR));
  static_cast<void>(::recv(descriptor, sink.data(), sink.size(), MSG_DONTWAIT));
  ::close(descriptor);
}

bool out_of_resources(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Result<std::uint16_t> Listener::listen(Role role, std::uint16_t port, bool own_table) {
  const ServerOptions& options = loop_.options();
  error_code ec;
  const auto address = asio::ip::make_address(options.address, ec);
  if (ec) {
    return usage(fmt::format("{} is not a numeric IPv4 or IPv6 address", options.address));
  }
  ec = open({address, port}, role);
  if (ec) {
    return failure(options, port, ec);
  }
  const std::uint64_t limit = descriptor_limit();
  max_own_ = limit > 2 * kReserve ? limit - kReserve : kReserve;
  max_connections_ = options.limits.max_connections;
  if (max_connections_ == 0) {
    max_connections_ = own_table ? max_own_ * options.threads : max_own_;
  }
  loop_.when_closed([this] {
    if (paused_) {
      resume();
    }
  });
  asio::ip::tcp::endpoint own;
  auto size = static_cast<socklen_t>(own.capacity());
  static_cast<void>(::getsockname(descriptor_, own.data(), &size));
  arm();
  return own.port();
}

// What fails leaves the descriptor to stop().
error_code Listener::open(const asio::ip::tcp::endpoint& endpoint, Role role) {
  const auto last_error = [] { return error_code(errno, boost::system::system_category()); };
  descriptor_ = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
                         IPPROTO_TCP);
  if (descriptor_ < 0) {
    return last_error();
  }
  const int on = 1;
  const auto share_port = [&] {
    return ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0;
  };
  static_cast<void>(::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
  set_listening_options(descriptor_, loop_.options().limits);
  if (role == Role::kFurther && !share_port()) {
    return last_error();
  }
  if (::bind(descriptor_, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0) {
    return last_error();
  }
  // Only now, so that a port that another server shares among its loops is still taken.
  if (role == Role::kFirst && !share_port()) {
    return last_error();
  }
  if (::listen(descriptor_, kBacklog) != 0) {
    return last_error();
  }
  return loop_.reactor().add(descriptor_, watch_);
}

void Listener::stop() {
  if (descriptor_ >= 0) {
    loop_.reactor().forget(watch_);
    ::close(std::exchange(descriptor_, -1));
  }
  loop_.reactor().clear(retry_);
  paused_ = false;
}

void Listener::arm() {
  loop_.reactor().when(watch_, Reactor::Want::kRead, [this](const error_code& ec) {
    if (!ec && descriptor_ >= 0) {
      on_ready();
    }
  });
}

bool Listener::refused(int descriptor, const asio::ip::tcp::endpoint& peer) {
  if (loop_.address_is_full(peer.address())) {
    loop_.metrics.count(Trouble::kPerAddress);
  } else if (!admitted()) {
    loop_.metrics.count(Trouble::kConnections);
  } else {
    return false;
  }
  turn_away(descriptor, loop_.date.now());
  return true;
}

bool Listener::admitted() {
  if (loop_.open_count() >= max_own_) {
    return false;
  }
  Crew* const crew = loop_.crew();
  return crew == nullptr ? loop_.open_count() < max_connections_ : crew->admit(max_connections_);
}

void Listener::leave_admitted() {
  if (Crew* const crew = loop_.crew()) {
    crew->closed();
  }
}

void Listener::on_ready() {
  for (std::uint32_t i = 0; i < loop_.limits().accepts_per_turn; ++i) {
    asio::ip::tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    const int descriptor = ::accept4(descriptor_, peer.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      if (errno == EAGAIN) {
        watch_.drained();
        break;
      }
      if (out_of_resources(errno)) {
        loop_.metrics.count(Trouble::kDescriptors);
        log_trouble(errno);
        pause();
        return;
      }
      if (errno != EINTR && errno != ECONNABORTED) {
        loop_.metrics.count(Trouble::kAccept);
        log_trouble(errno);
      }
      continue;
    }
    peer.resize(size);
    if (refused(descriptor, peer)) {
      continue;
    }
    if (const error_code ec = loop_.adopt(descriptor, peer)) {
      leave_admitted();
      loop_.metrics.count(Trouble::kDescriptors);
      log_trouble(ec.value());
      pause();
      return;
    }
  }
  arm();
}

void Listener::pause() {
  paused_ = true;
  loop_.reactor().set(retry_, steady_now() + loop_.limits().accept_pause,
                      [this](const error_code&) { resume(); });
}

void Listener::resume() {
  paused_ = false;
  loop_.reactor().clear(retry_);
  if (descriptor_ >= 0) {
    arm();
  }
}

void Listener::log_trouble(int error) {
  std::FILE* const log = loop_.options().log;
  const TimePoint now = steady_now();
  if (log == nullptr || now - logged_ < std::chrono::seconds(1)) {
    return;
  }
  logged_ = now;
  std::fprintf(log, "pushbench serve: cannot accept connections: %s (%zu are open)\n",
               std::strerror(error), loop_.open_count());
  std::fflush(log);
}

}  // namespace pushbench::servers
