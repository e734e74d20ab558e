// For the tests of this room: a server on a thread of its own, and a blocking client that looks at
// bytes. Every wait is bounded; a test that would hang fails with what it got so far.
#pragma once

#include "harness/base/time.h"
#include "servers/reference/server.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace pushbench::servers {

inline constexpr Millis kPatience{5'000};  // for what must come
inline constexpr Millis kGlance{150};      // for what must not come

class TestServer {
 public:
  explicit TestServer(const ServerOptions& options = {}) : server_(reactor_, options) {
    auto port = server_.listen();
    EXPECT_TRUE(port.has_value());
    port_ = port.has_value() ? *port : 0;
    thread_ = std::thread([this] { reactor_.run(); });
  }
  ~TestServer() {
    stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  std::uint16_t port() const { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  void stop() {
    reactor_.post([this] { server_.stop(); });
  }
  // On the thread of the loop, with nothing in between.
  void stop_behind(const std::function<void()>& doing) {
    std::promise<void> done;
    reactor_.post([&] {
      doing();
      server_.stop();
      done.set_value();
    });
    done.get_future().wait();
  }
  // True when the loop ended by itself in time.
  bool ends_within(Millis longest) {
    const TimePoint until = steady_now() + longest;
    while (!context_.stopped() && steady_now() < until) {
      ::poll(nullptr, 0, 5);
    }
    return context_.stopped();
  }
  Metrics metrics() {
    std::promise<Metrics> promise;
    auto future = promise.get_future();
    reactor_.post([this, &promise] { promise.set_value(server_.metrics()); });
    return future.get();
  }
  // Waits until the counters say so.
  testing::AssertionResult reaches(const std::function<bool(const Metrics&)>& holds) {
    const TimePoint until = steady_now() + kPatience;
    while (steady_now() < until) {
      if (holds(metrics())) {
        return testing::AssertionSuccess();
      }
      ::poll(nullptr, 0, 5);
    }
    return testing::AssertionFailure() << "the counters never got there";
  }
  testing::AssertionResult counts(Trouble trouble, std::uint64_t times = 1) {
    return reaches([=](const Metrics& now) { return now.count_of(trouble) == times; });
  }
  testing::AssertionResult has_subscribers(std::size_t row, std::uint64_t clients) {
    return reaches([=](const Metrics& now) { return now.subscribers[row] == clients; });
  }

 private:
  asio::io_context context_{1};
  Reactor reactor_{context_};
  Server server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class Peer {
 public:
  explicit Peer(std::uint16_t port, int receive_buffer = 0)
      : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(port) {
    if (receive_buffer > 0) {
      ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    static_assert(sizeof generic == sizeof address);
    std::memcpy(&generic, &address, sizeof address);
    EXPECT_EQ(::connect(descriptor_, &generic, sizeof generic), 0) << std::strerror(errno);
  }
  ~Peer() { close(); }
  Peer(Peer&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        port_(other.port_),
        got_(std::move(other.got_)),
        closed_(other.closed_) {}
  Peer& operator=(Peer&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(port_, other.port_);
    std::swap(got_, other.got_);
    std::swap(closed_, other.closed_);
    return *this;
  }

  void close() {
    if (descriptor_ >= 0) {
      ::close(std::exchange(descriptor_, -1));
    }
  }
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }
  void half_close() { ::shutdown(descriptor_, SHUT_WR); }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) {
        return;
      }  // the server has closed; what it said is read by the test
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
  }
  // As much as fits without waiting longer than `longest` for room.
  std::size_t send_some(std::string_view bytes, Millis longest) {
    std::size_t sent = 0;
    while (sent < bytes.size()) {
      pollfd waiting{descriptor_, POLLOUT, 0};
      if (::poll(&waiting, 1, static_cast<int>(longest.count())) <= 0) {
        break;
      }
      const ssize_t size = ::send(descriptor_, bytes.data() + sent, bytes.size() - sent,
                                  MSG_NOSIGNAL | MSG_DONTWAIT);
      if (size <= 0) {
        break;
      }
      sent += static_cast<std::size_t>(size);
    }
    return sent;
  }

  // Bytes up to and with `mark`; all that came when it does not come.
  std::string until(std::string_view mark, Millis longest = kPatience) {
    const TimePoint end = steady_now() + longest;
    for (;;) {
      const std::size_t found = got_.find(mark);
      if (found != std::string::npos) {
        return take(found + mark.size());
      }
      if (!more(end)) {
        return take(got_.size());
      }
    }
  }
  std::string exactly(std::size_t size, Millis longest = kPatience) {
    const TimePoint end = steady_now() + longest;
    while (got_.size() < size && more(end)) {
    }
    return take(std::min(size, got_.size()));
  }
  // Everything until the server closes; `closed()` says whether it did.
  std::string rest(Millis longest = kPatience) {
    const TimePoint end = steady_now() + longest;
    while (more(end)) {
    }
    return take(got_.size());
  }
  bool closed() const { return closed_; }
  std::uint16_t remote_port() const { return port_; }
  int descriptor() const noexcept { return descriptor_; }
  // The server's descriptor of this connection; it lives in the same process. -1: not accepted yet.
  int other_end() const {
    static constexpr int kSearched = 1024;
    const auto own = name_of(descriptor_, ::getsockname);
    for (int other = 3; other < kSearched; ++other) {
      if (other != descriptor_ && own == name_of(other, ::getpeername)) {
        return other;
      }
    }
    return -1;
  }
  // Nothing came, and the connection is open.
  bool silent(Millis longest = kGlance) {
    const bool any = more(steady_now() + longest);
    return !any && got_.empty() && !closed_;
  }
  // A whole HTTP answer with its Date replaced by "D".
  std::string answer(Millis longest = kPatience) {
    const TimePoint end = steady_now() + longest;
    std::string head = until("\r\n\r\n", longest);
    const std::size_t at = head.find("\r\nContent-Length: ");
    if (at != std::string::npos) {
      const auto size = static_cast<std::size_t>(std::stoul(head.substr(at + 18)));
      while (got_.size() < size && more(end)) {
      }
      return without_date(head) + take(std::min(size, got_.size()));
    }
    return without_date(head);
  }
  std::string ask(std::string_view request) {
    send(request);
    return answer();
  }
  static std::string without_date(std::string head) {
    const std::size_t at = head.find("\r\nDate: ");
    if (at != std::string::npos) {
      head.replace(at + 8, 29, "D");
    }
    return head;
  }

 private:
  static std::string name_of(int descriptor, decltype(::getsockname) ask) {
    sockaddr name{};
    socklen_t size = sizeof name;
    return ask(descriptor, &name, &size) == 0 && name.sa_family == AF_INET
               ? std::string(&name.sa_data[0], 6)
               : std::string();
  }
  bool more(TimePoint end) {
    if (closed_) {
      return false;
    }
    const auto left = std::chrono::duration_cast<Millis>(end - steady_now()).count();
    pollfd waiting{descriptor_, POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) {
      return false;
    }
    char buffer[65536];
    const ssize_t size = ::recv(descriptor_, buffer, sizeof buffer, 0);
    if (size <= 0) {
      closed_ = true;
      return false;
    }
    got_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }
  std::string take(std::size_t size) {
    std::string out = got_.substr(0, size);
    got_.erase(0, size);
    return out;
  }

  int descriptor_;
  std::uint16_t port_ = 0;
  std::string got_;
  bool closed_ = false;
};

inline std::string get(std::string_view target, std::string_view fields = {}) {
  return std::string("GET ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: localhost\r\n")
      .append(fields)
      .append("\r\n");
}

inline std::string upgrade_request(std::string_view target) {
  return get(target,
             "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
}

inline std::string post(std::string_view target, std::string_view body) {
  return std::string("POST ")
      .append(target)
      .append(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}

inline void publish(TestServer& server, std::string_view topic, std::string_view event) {
  Peer peer(server.port());
  const std::string answer = peer.ask(post(std::string("/publish/").append(topic), event));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 204 ")) << answer;
}

// A topic whose log holds 10 to 20 of 20 events "1" … "20".
inline ServerOptions short_log() {
  ServerOptions options;
  options.limits.log_events = 11;
  return options;
}

inline void fill_short_log(TestServer& server) {
  Peer peer(server.port());
  for (int i = 1; i <= 20; ++i) {
    peer.ask(post("/publish/t", std::to_string(i)));
  }
}

}  // namespace pushbench::servers
