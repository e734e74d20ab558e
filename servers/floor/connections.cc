#include "servers/floor/connections.h"

#include "harness/base/check.h"

#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace pushbench::servers::floor {
namespace {

// Well below the backlog of any server: a refused connect would be tried again a second later.
constexpr std::uint32_t kOpening = 128;
// With half of the range taken every connect looks at all ports of one parity before it finds one.
constexpr std::uint32_t kPortsOfOneAddress = 10'000;
constexpr std::uint32_t kSources = 200;

constexpr std::uint32_t kTimer = 0xffffffff;

}  // namespace

Connections::Connections(const ClientOptions& options, Load& load)
    : load_(load),
      row_(row_of(options.mode)),
      port_(options.port),
      spread_(row_.churn || options.clients > kPortsOfOneAddress),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      table_(options.clients),
      buffer_(kReadBytes) {
  PUSHBENCH_CHECK(timer_);
  epoll_.add(timer_.get(), EPOLLIN, kTimer);
  load.attach(*this);
}

Connections::~Connections() {
  for (std::uint32_t id = 0; id < size(); ++id) {
    close(id);
  }
}

void Connections::open_until(std::uint32_t count, TimePoint bound) {
  while ((begun_ < count || waiting_ > 0) && steady_now() < bound) {
    while (begun_ < count && waiting_ < kOpening) {
      open(begun_++);
    }
    if (waiting_ > 0) {  // else all of them failed at once
      serve(bound);
    }
  }
}

void Connections::serve(TimePoint bound) {
  arm(bound);
  for (const epoll_event& event : epoll_.wait(-1)) {
    if (event.data.u32 != kTimer) {
      on_event(event.data.u32);
    }
  }
}

void Connections::open_all() {
  for (std::uint32_t id = 0; id < size(); ++id) {
    open(id);
    if ((id + 1) % kOpening == 0) {
      serve(steady_now());
    }
  }
}

// A timer that has fired stays readable until it is armed anew, so an instant that has passed is
// never waited for.
void Connections::arm(TimePoint bound) {
  if (bound == armed_) {
    return;
  }
  armed_ = bound;
  itimerspec when{};
  if (bound != kNever) {
    const Nanos since = bound.time_since_epoch();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    when.it_value.tv_sec = seconds.count();
    when.it_value.tv_nsec = (since - seconds).count();
  }
  static_cast<void>(::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &when, nullptr));
}

std::uint8_t Connections::next_source() noexcept {
  return static_cast<std::uint8_t>(spread_ ? 1 + opened_++ % kSources : 0);
}

void Connections::open(std::uint32_t id) {
  Connection& connection = table_[id];
  connection.began = steady_now();
  connection.carry.size = 0;
  Descriptor socket = connect_to(port_, next_source());
  if (!socket) {
    load_.count_error();
    return;
  }
  connection.descriptor = socket.release();
  if (row_.churn && row_.upgrade) {
    reset_on_close(connection.descriptor);
  }
  ++waiting_;
  connection.state = State::kAsked;
  // Over loopback a connection mostly stands when connect() returns, and takes its first bytes.
  const bool stands = write_whole(connection.descriptor, load_.opening());
  if (!stands) {
    if (errno != EAGAIN && errno != ENOTCONN) {
      load_.count_error();
      close(id);
      return;
    }
    connection.state = State::kConnecting;
  }
  epoll_.add(connection.descriptor, stands ? EPOLLIN : EPOLLOUT, id);
}

void Connections::close(std::uint32_t id) {
  Connection& connection = table_[id];
  if (connection.state == State::kClosed) {
    return;
  }
  (connection.state == State::kLive ? live_ : waiting_) -= 1;
  connection.state = State::kClosed;
  ::close(connection.descriptor);
}

bool Connections::send(std::uint32_t id, std::string_view bytes) {
  if (write_whole(table_[id].descriptor, bytes)) {
    return true;
  }
  load_.count_error();
  close(id);
  return false;
}

void Connections::on_event(std::uint32_t id) {
  switch (table_[id].state) {
    case State::kConnecting: ask(id); return;
    case State::kAsked:
    case State::kLive: on_readable(id); return;
    case State::kClosed: return;
  }
}

void Connections::ask(std::uint32_t id) {
  Connection& connection = table_[id];
  if (connect_error(connection.descriptor) != 0) {
    load_.count_error();
    close(id);
    return;
  }
  connection.state = State::kAsked;
  epoll_.change(connection.descriptor, EPOLLIN, id);
  send(id, load_.opening());
}

void Connections::on_readable(std::uint32_t id) {
  Connection& connection = table_[id];
  const ssize_t got = ::recv(connection.descriptor, buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno == EAGAIN) {
    return;
  }
  const TimePoint now = steady_now();
  if (got <= 0) {
    const bool again = load_.on_end(id, now);
    close(id);
    if (again) {
      open(id);
    }
    return;
  }
  std::string_view bytes(buffer_.data(), static_cast<std::size_t>(got));
  if (connection.state == State::kAsked) {
    bool live = false;
    bytes = load_.on_opened(id, bytes, now, live);
    if (live && connection.state == State::kAsked) {
      connection.state = State::kLive;
      --waiting_;
      ++live_;
    }
    if (bytes.empty() || connection.state != State::kLive) {
      return;
    }
  }
  load_.on_bytes(id, bytes, now);
}

}  // namespace pushbench::servers::floor
