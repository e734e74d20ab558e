#include "servers/reference/connection.h"

#include "harness/base/check.h"
#include "servers/reference/http.h"
#include "servers/reference/loop.h"
#include "servers/reference/tcp.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pushbench::servers {

struct Connection::ReadHandler {
  Connection* self;
  void operator()(const error_code& ec) const { self->on_readable(ec); }
};

struct Connection::WriteHandler {
  Connection* self;
  void operator()(const error_code& ec) const { self->on_writable(ec); }
};

struct Connection::ResumeHandler {
  Connection* self;
  void operator()(const error_code&) const {
    self->resuming_ = false;
    if (self->phase_ != Phase::kClosed) {
      self->consume({});
      self->arm_read();
    }
    self->handler_done();
  }
};

Connection::Connection(Loop& loop) : loop_(loop) {}

error_code Connection::assign(int descriptor) {
  descriptor_ = descriptor;
  watch_.belongs_to(*this);
  return loop_.reactor().add(descriptor, watch_);
}

void Connection::start() {
  sent_tick_ = loop_.wheel.now();
  heard_tick_ = loop_.clock_tick();
  terms_ = {.endpoint = kOtherEndpoint};
  watch_head(heard_tick_);
  arm_read();
}

void Connection::begin_request(const Terms& terms) noexcept {
  terms_ = terms;
  head_started_ = false;
}

void Connection::arm(std::uint32_t ticks_from_now) noexcept {
  // By the clock, not by the wheel's last tick: a deadline must not come early when the loop is
  // late.
  arm_from(loop_.clock_tick(), ticks_from_now);
}

void Connection::arm_from(std::uint32_t tick, std::uint32_t ticks) noexcept {
  loop_.wheel.arm(*this, tick + 1 + ticks);
}

std::uint32_t Connection::quiet_out() const noexcept {
  return loop_.wheel.now() - sent_tick_;
}
std::uint32_t Connection::quiet_in() const noexcept {
  return loop_.wheel.now() - std::min(heard_tick_, loop_.wheel.now());
}

// ---- Reading

bool Connection::wants_input() const noexcept {
  switch (phase_) {
    // A client that does not read its answers gets no further request taken: TCP holds it back.
    case Phase::kHead:
    case Phase::kBody: return outbox_empty() && !resuming_;
    case Phase::kHeld: return carry_.size() < loop_.limits().pipelined_bytes;
    // What a WebSocket client says is answered with less than it said. But for an echo, which thus
    // goes on when the last one is out.
    case Phase::kStream:
      return reader_ == nullptr || outbox_empty() ||
             (topic != nullptr && backlog() <= loop_.limits().outbox_bytes / 2);
    case Phase::kClosing: return !peer_done_;
    case Phase::kClosed: return false;
  }
  return false;
}

void Connection::arm_read() {
  if (reading_ || !wants_input()) {
    return;
  }
  reading_ = true;
  ++pending_;
  loop_.reactor().when(watch_, Reactor::Want::kRead, ReadHandler{this});
}

void Connection::on_readable(const error_code& ec) {
  reading_ = false;
  if (phase_ != Phase::kClosed && !ec && wants_input()) {
    std::vector<char>& buffer = loop_.input;
    const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
    if (size < static_cast<ssize_t>(buffer.size())) {
      watch_.drained();
    }
    if (size > 0) {
      heard_tick_ = loop_.clock_tick();
      loop_.metrics.bytes_in += static_cast<std::uint64_t>(size);
      consume({buffer.data(), static_cast<std::size_t>(size)});
    } else if (size == 0) {
      on_eof();
    } else if (errno != EAGAIN && errno != EINTR) {
      on_error(errno);
    }
  }
  // Never read in a loop: others come first, also when this one has more (fairness).
  arm_read();
  handler_done();
}

void Connection::on_eof() {
  // A half-closed client has its complete requests answered already, except one on hold: FIN looks
  // the same from a client that has gone, and waiting for nobody would keep the hold for nothing.
  if (phase_ == Phase::kHeld || phase_ == Phase::kStream) {
    loop_.metrics.count(Trouble::kClientGone);
  }
  if (phase_ == Phase::kClosing && !outbox_empty()) {
    peer_done_ = true;
    return;
  }
  close();
}

void Connection::on_error(int error) {
  loop_.metrics.count(error == ECONNRESET || error == EPIPE ? Trouble::kReset
                                                            : Trouble::kClientGone);
  close();
}

void Connection::consume(std::span<char> fresh) {
  if (carry_.empty()) {
    keep_rest(fresh, feed(fresh));
  } else {
    carry_.append(fresh.data(), fresh.size());
    const std::size_t used = feed({carry_.data(), carry_.size()});
    if (used < carry_.size()) {
      carry_.erase(0, used);
    } else {
      carry_ = std::string();
    }
  }
  if (phase_ == Phase::kHead) {
    watch_head(fresh.empty() ? loop_.clock_tick() : heard_tick_);
  }
}

void Connection::keep_rest(std::span<char> fresh, std::size_t used) {
  if (used < fresh.size()) {
    carry_.assign(fresh.data() + used, fresh.size() - used);
  }
}

// Returns how many of the bytes are done with.
std::size_t Connection::feed(std::span<char> bytes) {
  std::size_t used = 0;
  std::uint32_t requests = 0;
  while (used < bytes.size()) {
    const std::span<char> rest = bytes.subspan(used);
    if (phase_ == Phase::kHead || phase_ == Phase::kBody) {
      if (!outbox_empty()) {
        break;
      }
      if (phase_ == Phase::kHead && requests++ == loop_.limits().requests_per_turn) {
        resume_later();
        break;
      }
      const std::size_t taken = http_step(*this, rest);
      if (taken == 0) {
        break;
      }
      used += taken;
    } else if (phase_ == Phase::kHeld) {
      break;
    } else {
      if (phase_ != Phase::kClosed && reader_ != nullptr) {
        strategy_->on_input(*this, rest);
      }
      return bytes.size();
    }
  }
  return used;
}

// Not even bytes that are still in the kernel: closing on those would reset the connection, and
// whoever sent them would not know whether they were taken.
bool Connection::nothing_came() {
  int available = 0;
  return carry_.empty() && (::ioctl(descriptor_, FIONREAD, &available) != 0 || available == 0);
}

// Between requests the idle time runs; from the first byte of a head, the head's.
void Connection::watch_head(std::uint32_t now) {
  const Limits& limits = loop_.limits();
  if (!outbox_empty()) {  // an answer that is still being read
    head_started_ = false;
    arm_from(now, Wheel::ticks(limits.write_stall));
  } else if (carry_.empty() || resuming_) {
    head_started_ = false;
    arm_from(now, Wheel::ticks(limits.idle_timeout));
  } else if (!head_started_) {
    head_started_ = true;
    arm_from(now, Wheel::ticks(limits.head_timeout));
  }
}

void Connection::resume_later() {
  if (resuming_) {
    return;
  }
  resuming_ = true;
  ++pending_;
  loop_.reactor().later(ResumeHandler{this});
}

// ---- Writing

bool Connection::send(std::string_view bytes) {
  if (phase_ == Phase::kClosed) {
    return false;
  }
  sent_tick_ = loop_.wheel.now();
  if (outbox_empty()) {
    const ssize_t size =
        ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0 && errno != EAGAIN && errno != EINTR) {
      on_error(errno);
      return false;
    }
    const std::size_t sent = size < 0 ? 0 : static_cast<std::size_t>(size);
    loop_.metrics.bytes_out += sent;
    if (sent == bytes.size()) {
      return true;
    }
    bytes.remove_prefix(sent);
    watch_.filled();
    acknowledged_ = acknowledged(descriptor_).bytes;
    progress_tick_ = loop_.clock_tick();
    arm_stall();
  } else if (backlog() + bytes.size() > loop_.limits().outbox_bytes) {
    cut_slow();
    return false;
  }
  outbox_.append(bytes);
  arm_write();
  return true;
}

void Connection::send_last(std::string_view bytes) {
  if (outbox_empty()) {
    send(bytes);
  } else if (phase_ != Phase::kClosed) {
    outbox_.append(bytes);
  }
}

void Connection::arm_write() {
  if (writing_) {
    return;
  }
  writing_ = true;
  ++pending_;
  loop_.reactor().when(watch_, Reactor::Want::kWrite, WriteHandler{this});
}

void Connection::on_writable(const error_code& ec) {
  writing_ = false;
  if (phase_ != Phase::kClosed && !ec) {
    const ssize_t size = ::send(descriptor_, outbox_.data() + outbox_sent_,
                                outbox_.size() - outbox_sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0 && errno != EAGAIN && errno != EINTR) {
      on_error(errno);
    } else {
      const auto sent = static_cast<std::uint32_t>(std::max<ssize_t>(size, 0));
      loop_.metrics.bytes_out += sent;
      outbox_sent_ += sent;
      if (outbox_sent_ == outbox_.size()) {
        outbox_ = std::string();
        outbox_sent_ = 0;
        drained();
      } else {
        watch_.filled();
        if (outbox_sent_ > outbox_.size() / 2) {
          outbox_.erase(0, std::exchange(outbox_sent_, 0));
        }
        arm_write();
        arm_read();
      }
    }
  }
  handler_done();
}

void Connection::drained() {
  if (phase_ == Phase::kClosing) {
    if (half_close_) {
      finish();
    }
  } else if (phase_ == Phase::kStream && behind_) {
    loop_.scratch.clear();
    catch_up(loop_.scratch);
  } else if (phase_ == Phase::kHead || phase_ == Phase::kBody) {
    if (loop_.stopping() && phase_ == Phase::kHead && nothing_came()) {
      return close();
    }
    consume({});
  }
  arm_read();
}

// ---- Slow and stuck readers

// Whether the peer has taken more of what is written. Looked at when a deadline passes, not at
// every write: the kernel reports room only when a third of its buffer is free, which a slow reader
// may take minutes for.
void Connection::look_for_progress() {
  const Acknowledged now = acknowledged(descriptor_);
  if (now.waiting && now.bytes != acknowledged_) {
    progress_tick_ = loop_.wheel.now();
    heard_tick_ = std::max(heard_tick_, progress_tick_);
  }
  acknowledged_ = now.bytes;
}

void Connection::arm_stall() noexcept {
  const std::uint32_t at = progress_tick_ + 1 + Wheel::ticks(loop_.limits().write_stall);
  if (previous == nullptr || at < due) {
    loop_.wheel.arm(*this, at);
  }
}

bool Connection::cut_stalled() {
  const std::uint32_t now = loop_.wheel.now();
  if (outbox_empty() || now < progress_tick_ + Wheel::ticks(loop_.limits().write_stall)) {
    return false;
  }
  loop_.metrics.count(Trouble::kSlowConsumer);
  close();
  return true;
}

// The client's own bound was reached: how it is told is the strategy's affair.
void Connection::cut_slow() {
  loop_.metrics.count(Trouble::kSlowConsumer);
  leave();
  if (phase_ == Phase::kStream && strategy_->on_slow != nullptr) {
    strategy_->on_slow(*this);
  } else {
    close();
  }
}

}  // namespace pushbench::servers
