#include "harness/base/time.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <fmt/chrono.h>

#include <ctime>
#include <memory>

namespace pushbench {
namespace {

constexpr auto kAwait = asio::as_tuple(asio::deferred);

std::tm utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  return parts;
}

class AsioSleeper final : public Sleeper {
 public:
  explicit AsioSleeper(asio::io_context& context) : timer_(context) {}
  Task<error_code> until(TimePoint when) override {
    timer_.expires_at(when);
    const auto [ec] = co_await timer_.async_wait(kAwait);
    co_return ec;
  }
  void wake() override { timer_.cancel(); }

 private:
  asio::steady_timer timer_;
};

}  // namespace

class ManualSleeper final : public Sleeper {
 public:
  explicit ManualSleeper(ManualTime& time) : time_(time), timer_(time.context_) {}
  Task<error_code> until(TimePoint when) override {
    if (when <= time_.now_) {
      co_return error_code();
    }
    bool due = false;
    timer_.expires_at(asio::steady_timer::time_point::max());
    const auto entry = time_.waiting_.insert(time_.waiting_.end(), {when, &timer_, &due});
    const auto [ec] = co_await timer_.async_wait(kAwait);
    time_.waiting_.erase(entry);
    co_return due ? error_code() : ec;
  }
  void wake() override { timer_.cancel(); }

 private:
  ManualTime& time_;
  asio::steady_timer timer_;  // never expires: it is the condition variable of this sleeper
};

TimePoint steady_now() noexcept {
  return std::chrono::time_point_cast<Nanos>(std::chrono::steady_clock::now());
}

std::string utc_now_compact() {
  return fmt::format("{:%Y%m%dT%H%M%SZ}", utc_now());
}

std::string utc_now_iso() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", utc_now());
}

std::unique_ptr<Sleeper> AsioTime::make_sleeper() {
  return std::make_unique<AsioSleeper>(context_);
}

std::unique_ptr<Sleeper> ManualTime::make_sleeper() {
  return std::make_unique<ManualSleeper>(*this);
}

void ManualTime::advance(Nanos by) {
  const TimePoint target = now_ + by;
  for (;;) {
    auto next = waiting_.end();
    for (auto it = waiting_.begin(); it != waiting_.end(); ++it) {
      if (!*it->due && it->when <= target && (next == waiting_.end() || it->when < next->when)) {
        next = it;
      }
    }
    if (next == waiting_.end()) {
      break;
    }
    now_ = next->when;
    *next->due = true;
    next->timer->cancel();
    context_.restart();
    context_.poll();
  }
  now_ = target;
}

}  // namespace pushbench
