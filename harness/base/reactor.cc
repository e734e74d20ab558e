#include "harness/base/reactor.h"

#include "harness/base/check.h"
#include "harness/base/prefetch.h"

#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace pushbench {
namespace {

constexpr auto kAwaitReactor = asio::as_tuple(asio::deferred);
constexpr std::uint32_t kReadable = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
constexpr std::uint32_t kWritable = EPOLLOUT | EPOLLHUP | EPOLLERR;
constexpr std::uint32_t kEnded = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

}  // namespace

class ReactorSleeper final : public Sleeper {
 public:
  explicit ReactorSleeper(Reactor& reactor) : reactor_(reactor) {}
  ~ReactorSleeper() override { reactor_.clear(alarm_); }
  Task<error_code> until(TimePoint when) override {
    const auto begin = [this, when](auto handler) {
      reactor_.set(alarm_, when, std::move(handler));
    };
    const auto [ec] = co_await asio::async_initiate<decltype(kAwaitReactor), void(error_code)>(
        begin, kAwaitReactor);
    co_return ec;
  }
  void wake() override { reactor_.wake(alarm_); }

 private:
  Reactor& reactor_;
  Reactor::Alarm alarm_;
};

Reactor::Reactor(asio::io_context& context)
    : context_(context),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      events_(kMaxEvents) {
  PUSHBENCH_CHECK(epoll_ >= 0 && timer_ >= 0 && wake_ >= 0);
  for (int* const own : {&timer_, &wake_}) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.ptr = own;
    PUSHBENCH_CHECK(::epoll_ctl(epoll_, EPOLL_CTL_ADD, *own, &event) == 0);
  }
}

Reactor::~Reactor() {
  for (const int descriptor : {epoll_, timer_, wake_}) {
    if (descriptor >= 0) {
      ::close(descriptor);
    }
  }
}

error_code Reactor::add(int descriptor, Watch& watch) noexcept {
  watch.readable_ = watch.writable_ = watch.ended_ = watch.either_ = false;
  watch.step_ = nullptr;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watch;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) == 0
             ? error_code()
             : error_code(errno, boost::system::system_category());
}

void Reactor::remove(int descriptor, Watch& watch) noexcept {
  static_cast<void>(::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr));
  forget(watch);
}

void Reactor::forget(Watch& watch) noexcept {
  for (std::size_t i = told_; i < taken_; ++i) {
    if (events_[i].data.ptr == &watch) {
      events_[i].data.ptr = nullptr;
    }
  }
  if (latest_ == &watch) {
    latest_ = nullptr;
  }
  cancel(watch);
}

void Reactor::cancel(Watch& watch) {
  watch.step_ = nullptr;
  abort(watch.reader_);
  abort(watch.writer_);
}

void Reactor::clear(Alarm& alarm) noexcept {
  if (alarm.is_set()) {
    pull(alarm.place_);
    alarm.who_ = {};
  }
}

void Reactor::wake(Alarm& alarm) {
  if (alarm.is_set()) {
    pull(alarm.place_);
    abort(alarm.who_);
  }
}

void Reactor::abort(Continuation& who) {
  if (who) {
    ready_.push_back({std::move(who), asio::error::operation_aborted});
  }
}

// What is ready already has its turn behind the others.
void Reactor::begin_wait(Watch& watch, Want want, Continuation who) {
  const bool ready = want == Want::kRead    ? watch.readable_
                     : want == Want::kWrite ? watch.writable_
                                            : watch.readable_ || watch.writable_;
  if (ready) {
    ready_.push_back({std::move(who), {}});
  } else if (want == Want::kWrite) {
    watch.writer_ = std::move(who);
  } else {
    watch.reader_ = std::move(who);
    watch.either_ = want == Want::kEither;
  }
}

std::unique_ptr<Sleeper> Reactor::make_sleeper() {
  return std::make_unique<ReactorSleeper>(*this);
}

void Reactor::wake() noexcept {
  static_cast<void>(::eventfd_write(wake_, 1));
}

void Reactor::run() {
  const auto guard = asio::make_work_guard(context_);
  poll();
  while (!context_.stopped()) {
    turn(true);
  }
}

void Reactor::run_for(Nanos time) {
  const auto guard = asio::make_work_guard(context_);
  Alarm end;
  bool over = false;
  set(end, steady_now() + time, [&over](const error_code&) { over = true; });
  poll();
  while (!over && !context_.stopped()) {
    turn(true);
  }
  clear(end);
}

void Reactor::poll() {
  turn(false);
}

// Once around: the events of one look at the sockets, then who is due or ready, and what was
// posted, so that nothing is left to do when the next turn waits.
void Reactor::turn(bool may_wait) {
  arm_timer();
  const bool wait = may_wait && !busy_poll_ && ready_.empty();
  const int count = ::epoll_wait(epoll_, events_.data(), kMaxEvents, wait ? -1 : 0);
  taken_ = static_cast<std::size_t>(std::max(0, count));
  for (told_ = 0; told_ < taken_;) {
    const epoll_event& event = events_[told_++];
    if (event.data.ptr != nullptr) {
      dispatch(event);
    }
  }
  taken_ = told_ = 0;
  fire_timers();
  resume_ready();
  context_.poll();
}

void Reactor::dispatch(const epoll_event& event) {
  if (event.data.ptr == &timer_) {  // fire_timers() looks at the clock
    armed_ = TimePoint::max();
    return;
  }
  if (event.data.ptr == &wake_) {
    eventfd_t count = 0;
    static_cast<void>(::eventfd_read(wake_, &count));
    return;
  }
  Watch& watch = *static_cast<Watch*>(event.data.ptr);
  fetch_next(watch);
  const bool readable = (event.events & kReadable) != 0;
  const bool writable = (event.events & kWritable) != 0;
  watch.readable_ = watch.readable_ || readable;
  watch.writable_ = watch.writable_ || writable;
  watch.ended_ = watch.ended_ || (event.events & kEnded) != 0;
  Continuation reader;
  Continuation writer;
  if (readable ? !goes_on(watch) : writable && watch.either_) {
    reader = std::move(watch.reader_);
  }
  if (writable) {
    writer = std::move(watch.writer_);
  }
  if (reader) {
    std::move(reader)({});
  }
  if (writer) {
    std::move(writer)({});
  }
}

// A broadcast reaches sockets in the order of the one before it. So who comes next is known before
// there is news of it, and its memory is fetched while this one has its turn.
void Reactor::fetch_next(Watch& watch) noexcept {
  prefetch(watch.next_.owner, watch.next_.owner_bytes);
  prefetch(watch.next_.step, watch.next_.step_bytes);
  if (latest_ != nullptr) {
    latest_->next_ = watch.own_;
  }
  latest_ = &watch;
}

// Whether the reader takes steps, and has just taken one that is not the last.
bool Reactor::goes_on(Watch& watch) {
  if (watch.step_ == nullptr) {
    return false;
  }
  if (watch.step_(watch.own_.step) && !watch.readable_) {
    return true;
  }
  watch.step_ = nullptr;
  return false;
}

void Reactor::resume_ready() {
  resuming_.swap(ready_);
  for (auto& [who, ec] : resuming_) {
    std::move(who)(ec);
  }
  resuming_.clear();
}

void Reactor::fire_timers() {
  if (timers_.empty()) {
    return;
  }
  const TimePoint now = steady_now();
  // One that sets itself again at once has its turn behind the others.
  for (std::size_t left = timers_.size();
       left > 0 && !timers_.empty() && timers_.front().when <= now; --left) {
    Continuation who = std::move(timers_.front().alarm->who_);
    pull(0);
    std::move(who)({});
  }
}

void Reactor::arm_timer() {
  const TimePoint next = timers_.empty() ? TimePoint::max() : timers_.front().when;
  if (next >= armed_) {  // an alarm that is too early does no harm
    return;
  }
  armed_ = next;
  const auto since = std::max<std::int64_t>(1, next.time_since_epoch().count());
  itimerspec at{};
  at.it_value.tv_sec = static_cast<std::time_t>(since / 1'000'000'000);
  at.it_value.tv_nsec = since % 1'000'000'000;
  PUSHBENCH_CHECK(::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &at, nullptr) == 0);
}

void Reactor::push(Timer timer) {
  timer.alarm->place_ = timers_.size();
  timers_.push_back(timer);
  settle(timers_.size() - 1);
}

void Reactor::pull(std::size_t at) noexcept {
  timers_[at] = timers_.back();
  timers_[at].alarm->place_ = at;
  timers_.pop_back();
  if (at < timers_.size()) {
    settle(at);
  }
}

// Moves a timer up or down until the heap is in order.
void Reactor::settle(std::size_t at) noexcept {
  const auto swap = [this](std::size_t a, std::size_t b) {
    std::swap(timers_[a], timers_[b]);
    timers_[a].alarm->place_ = a;
    timers_[b].alarm->place_ = b;
  };
  while (at > 0 && timers_[at].when < timers_[(at - 1) / 2].when) {
    swap(at, (at - 1) / 2);
    at = (at - 1) / 2;
  }
  for (;;) {
    std::size_t least = at;
    for (const std::size_t child : {2 * at + 1, 2 * at + 2}) {
      if (child < timers_.size() && timers_[child].when < timers_[least].when) {
        least = child;
      }
    }
    if (least == at) {
      return;
    }
    swap(at, least);
    at = least;
  }
}

}  // namespace pushbench
