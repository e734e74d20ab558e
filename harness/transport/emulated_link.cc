#include "harness/transport/emulated_link.h"

#include "harness/base/check.h"
#include "harness/transport/link_hub.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>

#include <algorithm>
#include <utility>

namespace pushbench::transport {
namespace {

constexpr auto kAwait = asio::as_tuple(asio::deferred);

}  // namespace

EmulatedLink::EmulatedLink(LinkHub& hub) : hub_(hub), changed_(hub.context_, kNever) {
  down_due_ = {.owner = this, .upward = false};
  up_due_ = {.owner = this, .upward = true};
}

void EmulatedLink::begin(LinkAccess& access, Socket& socket) {
  PUSHBENCH_CHECK(state_ == State::kDone && operations_ == 0 && !own_);
  access_ = &access;
  socket_ = &socket;
  state_ = State::kConnecting;
  down_lane_ = Lane();
  up_lane_ = Lane();
  watching_ = blocked_ = tried_ = broken_ = reset_ = false;
}

Task<error_code> EmulatedLink::trip(bool up, const bool* expired) {
  Lane& lane = up ? up_lane_ : down_lane_;
  const TimePoint now = hub_.now();
  const TimePoint passed = up ? hub_.pass_up(*access_, now, 0) : hub_.pass_down(*access_, now, 0);
  trip_at_ = lane.release(passed, hub_.draw_trip());
  return wait(Want::kTrip, expired);
}

void EmulatedLink::established() {
  state_ = State::kOpen;
  watch();
}

// A handler of the socket that does nothing when the connection that it was for is over.
template <class Handler>
auto EmulatedLink::guarded(Handler handler) {
  ++operations_;
  return [this, handler, connection = connection_](const error_code& ec) {
    --operations_;
    if (connection != connection_) {
      retire();
    } else if (!ec) {
      handler();
    }
  };
}

void EmulatedLink::watch() {
  if (watching_ || end_ || down_.room() == 0) {
    return;
  }
  watching_ = true;
  socket_->async_wait(Socket::wait_read, guarded([this] { on_readable(); }));
}

void EmulatedLink::on_readable() {
  watching_ = false;
  const std::size_t room = std::min(hub_.scratch_.size(), down_.room());
  error_code ec;
  const std::size_t size = socket_->read_some(asio::buffer(hub_.scratch_.data(), room), ec);
  if (size > 0) {
    enter_down({hub_.scratch_.data(), size});
  } else if (ec != asio::error::would_block) {
    end(ec);
  }
  watch();
  const TimePoint next = next_down();
  if (waiting_ > 0 && next != kNever && !down_due_.scheduled()) {
    hub_.schedule(down_due_, next);
  }
}

void EmulatedLink::enter_down(std::string_view bytes) {
  const TimePoint now = hub_.now();
  const Nanos trip = hub_.draw_trip();
  const std::size_t most = hub_.limited_down(*access_) ? kPiece : bytes.size();
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, most);
    const TimePoint passed = hub_.pass_down(*access_, now, piece.size());
    down_.push(piece, down_lane_.release(passed, trip));
    bytes.remove_prefix(piece.size());
  }
}

void EmulatedLink::end(const error_code& ec) {
  end_ = ec;
  end_at_ = down_lane_.release(hub_.pass_down(*access_, hub_.now(), 0), hub_.draw_trip());
}

TimePoint EmulatedLink::next_down() const noexcept {
  return !down_.empty() ? down_.next() : end_ ? end_at_ : kNever;
}

TimePoint EmulatedLink::ready_at(Want want) const noexcept {
  const bool room = broken_ || up_.room() > 0;
  switch (want) {
    case Want::kTrip: return trip_at_;
    case Want::kRead: return next_down();
    case Want::kWrite: return room ? TimePoint() : kNever;
    case Want::kEither: return room ? TimePoint() : next_down();
  }
  return kNever;
}

Task<error_code> EmulatedLink::wait(Want want, const bool* expired) {
  const std::uint32_t connection = connection_;
  for (;;) {
    if (connection != connection_) {
      co_return asio::error::operation_aborted;
    }
    if (*expired) {
      co_return Errc::kTimeout;
    }
    const TimePoint when = ready_at(want);
    if (when <= hub_.now()) {
      co_return error_code();
    }
    if (when != kNever) {
      hub_.schedule(down_due_, when);
    }
    ++waiting_;
    co_await changed_.async_wait(kAwait);
    --waiting_;
  }
}

std::size_t EmulatedLink::read_some(std::span<char> into, error_code& ec) {
  const TimePoint now = hub_.now();
  if (next_down() > now) {
    ec = asio::error::would_block;
    return 0;
  }
  if (down_.empty()) {
    ec = *end_;
    return 0;
  }
  released_ = down_.next();
  hub_.late_(now - released_);
  const std::string_view bytes = down_.front().substr(0, into.size());
  std::copy(bytes.begin(), bytes.end(), into.begin());
  down_.pop(bytes.size());
  watch();
  ec = {};
  return bytes.size();
}

error_code EmulatedLink::quiet() const {
  if (next_down() > hub_.now()) {
    return {};
  }
  return down_.empty() ? *end_ : make_error_code(Errc::kBadHead);
}

std::size_t EmulatedLink::write_some(std::string_view bytes, error_code& ec) {
  ec = {};
  if (broken_) {  // what is sent to a peer that is gone: nobody has told this end yet
    return bytes.size();
  }
  bytes = bytes.substr(0, up_.room());
  if (bytes.empty()) {
    ec = asio::error::would_block;
    return 0;
  }
  const TimePoint now = hub_.now();
  const Nanos trip = hub_.draw_trip();
  const std::size_t most = hub_.limited_up(*access_) ? kPiece : bytes.size();
  for (std::string_view rest = bytes; !rest.empty();
       rest.remove_prefix(std::min(most, rest.size()))) {
    const std::string_view piece = rest.substr(0, most);
    up_.push(piece, up_lane_.release(hub_.pass_up(*access_, now, piece.size()), trip));
  }
  if (!up_due_.scheduled() && !blocked_) {
    hub_.schedule(up_due_, up_.next());
  }
  return bytes.size();
}

void EmulatedLink::due(bool upward) {
  if (upward) {
    send_due();
  } else {
    changed_.cancel();
  }
}

// What has made its way to the socket.
void EmulatedLink::send_due() {
  const bool full = up_.room() == 0;
  while (!blocked_ && !up_.empty() && up_.next() <= hub_.now()) {
    send_front();
  }
  if (full && waiting_ > 0) {
    changed_.cancel();
  }
  if (blocked_) {
    return;
  }
  if (!up_.empty()) {
    hub_.schedule(up_due_, up_.next());
  } else if (state_ == State::kLeaving && leave_at_ <= hub_.now()) {
    hang_up();
  } else if (state_ == State::kLeaving) {
    hub_.schedule(up_due_, leave_at_);
  }
}

void EmulatedLink::send_front() {
  const std::string_view bytes = up_.front();
  if (!tried_) {
    hub_.late_(hub_.now() - up_.next());
  }
  error_code ec;
  const std::size_t sent = socket_->write_some(asio::buffer(bytes), ec);
  tried_ = sent < bytes.size();
  up_.pop(sent);
  if (ec == asio::error::would_block) {
    wait_for_room();
  } else if (ec) {
    broken_ = true;
    tried_ = false;
    up_.clear();
    if (!end_) {
      end(ec);
    }
  }
}

void EmulatedLink::wait_for_room() {
  blocked_ = true;
  const auto go_on = [this] {
    blocked_ = false;
    send_due();
  };
  socket_->async_wait(Socket::wait_write, guarded(go_on));
}

void EmulatedLink::forget_connection() noexcept {
  ++connection_;
  hub_.queue_.cancel(down_due_);
  down_.clear();
  end_.reset();
  watching_ = blocked_ = false;
  changed_.cancel();
}

void EmulatedLink::leave(Socket socket, bool reset) {
  forget_connection();
  own_.emplace(std::move(socket));
  socket_ = &*own_;
  error_code ignored;
  socket_->cancel(ignored);
  state_ = State::kLeaving;
  reset_ = reset;
  leave_at_ = up_lane_.release(hub_.pass_up(*access_, hub_.now(), 0), hub_.draw_trip());
  if (hub_.stopped_) {
    flush();
  } else {
    send_due();
  }
}

void EmulatedLink::abandon() {
  forget_connection();
  state_ = State::kDone;
  retire();
}

// Without waiting: what the kernel does not take is gone.
void EmulatedLink::flush() {
  error_code ec;
  while (!ec && !up_.empty()) {
    up_.pop(socket_->write_some(asio::buffer(up_.front()), ec));
  }
  hang_up();
}

void EmulatedLink::hang_up() {
  error_code ignored;
  if (reset_) {
    own_->set_option(asio::socket_base::linger(true, 0), ignored);
  }
  own_->close(ignored);
  own_.reset();
  socket_ = nullptr;
  up_.clear();
  hub_.queue_.cancel(up_due_);
  forget_connection();
  state_ = State::kDone;
  retire();
}

// Back to the hub when no handler can come any more.
void EmulatedLink::retire() {
  if (state_ == State::kDone && operations_ == 0) {
    hub_.free_.push_back(this);
  }
}

}  // namespace pushbench::transport
