#include "servers/reference/injector.h"

#include "servers/reference/loop.h"

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace pushbench::servers {
namespace {

bool falls_on(std::uint64_t number, std::uint64_t every) {
  return every != 0 && number % every == 0;
}

// The thread itself: nothing that the loop serves moves meanwhile.
void stand_still(Millis time) {
  const Nanos until = steady_now().time_since_epoch() + time;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(until);
  timespec at{};
  at.tv_sec = seconds.count();
  at.tv_nsec = (until - seconds).count();
  while (::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr) == EINTR) {
  }
}

Nanos thread_processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + Nanos(now.tv_nsec);
}

}  // namespace

Injector::Injector(Loop& loop, const Injection& injection)
    : loop_(loop), injection_(injection), used_before_(thread_processor_time()) {
  loop.metrics.injecting = true;
}

Injector::State& Injector::state_of(Topic& topic) {
  const auto [found, fresh] = states_.try_emplace(&topic.log());
  if (fresh) {
    topic.pin();  // its count of events must not begin anew
  }
  return found->second;
}

std::uint64_t Injector::publish(Topic& topic, std::string_view text) {
  if (stopped_) {
    return loop_.append(topic, text);
  }
  arm_stall();
  const std::uint64_t number = ++state_of(topic).events;
  if (falls_on(number, injection_.lose)) {
    loop_.metrics.count(Injected::kLost);
    return topic.log().newest() + 1;
  }
  const TimePoint now = steady_now();
  const TimePoint due = due_instant(now);
  if (due > now || !delayed_.empty()) {
    return delay(topic, text, number, due) ? topic.log().newest() + 1 : 0;
  }
  return enter(topic, text, number);
}

std::uint64_t Injector::enter(Topic& topic, std::string_view text, std::uint64_t number) {
  State& state = state_of(topic);
  if (falls_on(number, injection_.reorder) && !state.held &&
      waiting_bytes_ + text.size() <= kMaxWaiting) {
    state.held = text;
    waiting_bytes_ += text.size();
    return topic.log().newest() + 1;
  }
  const std::uint64_t seq = append(topic, state, text, number);
  if (state.held) {
    const std::string held = std::move(*state.held);
    state.held.reset();
    waiting_bytes_ -= held.size();
    loop_.metrics.count(Injected::kReordered);
    append(topic, state, held, number - 1);
  }
  return seq;
}

std::uint64_t Injector::append(Topic& topic,
                               State& state,
                               std::string_view text,
                               std::uint64_t number) {
  if (falls_on(number, injection_.truncate)) {
    loop_.metrics.count(Injected::kTruncated);
    state.cuts.push_back(topic.log().newest() + 1);
    if (state.cuts.size() > kMaxCuts) {
      state.cuts.pop_front();
    }
    return loop_.append_and_cut(topic, text);
  }
  const auto enter_log = [this, &topic, text] {
    return injection_.slows() ? loop_.append_slowly(topic, text) : loop_.append(topic, text);
  };
  const std::uint64_t seq = enter_log();
  if (falls_on(number, injection_.duplicate)) {
    loop_.metrics.count(Injected::kDuplicated);
    enter_log();
  }
  return seq;
}

void Injector::before_delivery(std::uint64_t deliveries) {
  if (!injection_.slows()) {
    return;
  }
  loop_.metrics.injected[static_cast<std::size_t>(Injected::kBusy)] += deliveries;
  owed_ += injection_.busy * static_cast<Nanos::rep>(deliveries);
  since_share_ += deliveries;
  const bool shares = injection_.busy_share > 0 && since_share_ >= kShareEvery;
  if (shares) {
    const auto used = static_cast<double>((thread_processor_time() - used_before_).count());
    owed_ += Nanos(static_cast<Nanos::rep>(used * injection_.busy_share));
    since_share_ = 0;
  }
  const TimePoint begin = steady_now();
  TimePoint now = begin;
  while (now - begin < owed_) {
    now = steady_now();
  }
  owed_ -= now - begin;
  if (shares) {
    used_before_ = thread_processor_time();
  }
}

std::optional<std::uint64_t> Injector::cut_in(const EventLog& log,
                                              std::uint64_t after,
                                              std::uint64_t last) {
  const auto found = states_.find(&log);
  if (found == states_.end()) {
    return std::nullopt;
  }
  const auto& cuts = found->second.cuts;
  const auto cut = std::upper_bound(cuts.begin(), cuts.end(), after + 1);
  return cut != cuts.end() && *cut <= last ? std::optional(*cut) : std::nullopt;
}

// Never before that of the event that came before.
TimePoint Injector::due_instant(TimePoint now) {
  TimePoint due = now + injection_.delay;
  if (injection_.rate > 0) {
    due = std::max(due, rate_free_ - kRateTolerance);
    rate_free_ = std::max(rate_free_, due) + Nanos(std::chrono::seconds(1)) / injection_.rate;
  }
  return due;
}

bool Injector::delay(Topic& topic, std::string_view text, std::uint64_t number, TimePoint due) {
  if (waiting_bytes_ + text.size() > kMaxWaiting) {
    return false;
  }
  waiting_bytes_ += text.size();
  delayed_.push_back({due, &topic, number, std::string(text)});
  loop_.metrics.count(Injected::kDelayed);
  if (delayed_.size() == 1) {
    arm_delay();
  }
  return true;
}

void Injector::arm_delay() {
  loop_.reactor().set(delay_alarm_, delayed_.front().due,
                      [this](const error_code&) { let_due_through(); });
}

void Injector::let_due_through() {
  const TimePoint now = steady_now();
  while (!delayed_.empty() && delayed_.front().due <= now) {
    const Delayed event = std::move(delayed_.front());
    delayed_.pop_front();
    waiting_bytes_ -= event.text.size();
    enter(*event.topic, event.text, event.number);
  }
  if (!delayed_.empty() && !stopped_) {
    arm_delay();
  }
}

void Injector::arm_stall() {
  if (stall_armed_ || injection_.stall.count() == 0) {
    return;
  }
  stall_armed_ = true;
  loop_.reactor().set(stall_alarm_, steady_now() + injection_.stall_after,
                      [this](const error_code&) {
                        loop_.metrics.count(Injected::kStalled);
                        stand_still(injection_.stall);
                      });
}

void Injector::stop() {
  stopped_ = true;
  delayed_.clear();
  loop_.reactor().clear(delay_alarm_);
  loop_.reactor().clear(stall_alarm_);
}

}  // namespace pushbench::servers
