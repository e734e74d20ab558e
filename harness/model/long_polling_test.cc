#include "harness/model/long_polling.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace pushbench::model {
namespace {

constexpr std::size_t kEvents = 200'000;

struct Simulated {
  double mean = 0, p99 = 0, max = 0, empty_share = 0, per_answer = 0, cycle = 0, in_gap = 0;
};

// One client: parked until an event or the end of the hold, then blind for the gap.
class Simulation {
 public:
  Simulation(const LongPolls& polls, const Arrivals& arrivals)
      : polls_(polls), arrivals_(arrivals) {
    next_ = step();
  }

  Simulated run() {
    while (waits_.size() < kEvents) {
      turn();
    }
    std::sort(waits_.begin(), waits_.end());
    Simulated out;
    for (const double wait : waits_) {
      out.mean += (wait + polls_.one_way_s) / static_cast<double>(waits_.size());
      out.in_gap += (wait > 0 ? 1.0 : 0.0) / static_cast<double>(waits_.size());
    }
    out.p99 = waits_[waits_.size() * 99 / 100] + polls_.one_way_s;
    out.max = waits_.back() + polls_.one_way_s;
    out.empty_share = empty_ / answers_;
    out.per_answer = static_cast<double>(waits_.size()) / (answers_ - empty_);
    out.cycle = now_ / answers_;
    return out;
  }

 private:
  double step() {
    return arrivals_.poisson ? random_.exponential() / arrivals_.rate_per_s : arrivals_.period_s();
  }
  // A question arrives at `now_`; ends when the next one does.
  void turn() {
    ++answers_;
    if (left_ == 0 && next_ > now_) {  // parked
      if (next_ > now_ + polls_.hold_s) {
        ++empty_;
        now_ += polls_.hold_s + polls_.gap_s();
        return;
      }
      now_ = next_;
      waits_.push_back(0);  // the first of a batch is answered alone
      left_ = static_cast<int>(arrivals_.batch) - 1;
      left_due_ = next_;
      next_ += step();
    } else {
      waits_.insert(waits_.end(), static_cast<std::size_t>(left_), now_ - left_due_);
      left_ = 0;
      while (next_ <= now_) {
        waits_.insert(waits_.end(), static_cast<std::size_t>(arrivals_.batch), now_ - next_);
        next_ += step();
      }
    }
    now_ += polls_.gap_s();
  }

  LongPolls polls_;
  Arrivals arrivals_;
  Random random_{11};
  std::vector<double> waits_;
  double now_ = 0, next_ = 0, left_due_ = 0;
  int left_ = 0;
  double answers_ = 0, empty_ = 0;
};

void expect_as_simulated(const LongPolls& polls, const Arrivals& arrivals) {
  const Simulated s = Simulation(polls, arrivals).run();
  const LongPolling model = long_polling(polls, arrivals);
  EXPECT_NEAR(model.asking.latency.mean_s, s.mean, 0.02 * s.mean + 1e-9);
  EXPECT_NEAR(model.asking.latency.p99_s, s.p99, 0.02 * s.p99 + 1e-9);
  EXPECT_LE(s.max, model.asking.latency.max_s + 1e-9);
  EXPECT_GE(s.max, 0.97 * model.asking.latency.max_s - 1e-9);
  EXPECT_NEAR(model.share_in_gap, s.in_gap, 0.01);
  EXPECT_NEAR(model.cycle_s, s.cycle, 0.01 * s.cycle);
  EXPECT_NEAR(model.asking.empty_share, s.empty_share, 0.01);
  EXPECT_NEAR(model.asking.events_per_answer, s.per_answer, 0.02 * s.per_answer);
  EXPECT_NEAR(model.asking.requests_per_s, 1 / s.cycle, 0.01 / s.cycle);
}

TEST(LongPolling, PoissonAsSimulated) {
  expect_as_simulated({.hold_s = 30, .one_way_s = 0.05}, {.rate_per_s = 5});
  expect_as_simulated({.hold_s = 30, .one_way_s = 0.05}, {.rate_per_s = 0.02});
  expect_as_simulated({.hold_s = 30, .one_way_s = 0.05}, {.rate_per_s = 20});
  expect_as_simulated({.hold_s = 1, .one_way_s = 0.2, .turnaround_s = 0.1}, {.rate_per_s = 1});
}

TEST(LongPolling, PeriodicAsSimulated) {
  const LongPolls polls{.hold_s = 30, .one_way_s = 0.05};
  expect_as_simulated(polls, {.poisson = false, .rate_per_s = 4});     // P > G
  expect_as_simulated(polls, {.poisson = false, .rate_per_s = 10.7});  // P < G
  expect_as_simulated(polls, {.poisson = false, .rate_per_s = 37.3});
  expect_as_simulated(polls, {.poisson = false, .rate_per_s = 40, .batch = 20});
  expect_as_simulated({.hold_s = 0.9, .one_way_s = 0}, {.poisson = false, .rate_per_s = 0.3});
}

// The published worked examples: G = 0.1 s, τ = 30 s.
TEST(LongPolling, GivesThePublishedNumbers) {
  const LongPolls polls{.hold_s = 30, .one_way_s = 0, .turnaround_s = 0.1};
  const LongPolling five = long_polling(polls, {.rate_per_s = 5});
  EXPECT_NEAR(five.asking.latency.mean_s, 22.59e-3, 0.005e-3);
  EXPECT_NEAR(five.share_in_gap, 0.452, 0.0005);
  EXPECT_NEAR(five.cycle_s, 0.2213, 0.00005);
  EXPECT_NEAR(long_polling(polls, {.rate_per_s = 0.02}).asking.empty_share, 0.548, 0.0005);
  EXPECT_NEAR(long_polling(polls, {.rate_per_s = 20}).asking.latency.p99_s, 98.9e-3, 0.05e-3);
}

// RFC 6202 section 2.2: one transit on average, a little over three at most.
TEST(LongPolling, ThreeTransitsAtMost) {
  const LongPolling rare = long_polling({.one_way_s = 0.05}, {.rate_per_s = 0.1});
  EXPECT_NEAR(rare.asking.latency.mean_s, 0.05, 0.001);
  EXPECT_NEAR(rare.asking.latency.max_s, 0.15, 1e-12);
}

// Pimentel & Nickerson: 4 Hz keeps up while the one-way delay is below half the period.
TEST(LongPolling, TheKneeLiesAtHalfThePeriod) {
  const Arrivals wind{.poisson = false, .rate_per_s = 4};
  EXPECT_DOUBLE_EQ(long_polling({.one_way_s = 0.12}, wind).asking.latency.max_s, 0.12);
  const auto beyond = long_polling({.one_way_s = 0.13}, wind).asking.latency;
  EXPECT_NEAR(beyond.mean_s, 0.13 + 0.13, 1e-12);
  EXPECT_NEAR(beyond.max_s, 0.39, 1e-12);
}

TEST(LongPolling, OnLoopbackEveryEventIsAnAnswer) {
  const LongPolling model = long_polling({.hold_s = 25}, {.rate_per_s = 64});
  EXPECT_EQ(model.asking.latency.max_s, 0);
  EXPECT_NEAR(model.asking.requests_per_s, 64, 1e-9);
  EXPECT_NEAR(model.asking.events_per_answer, 1, 1e-12);
  ASSERT_FALSE(model.asking.sizes.empty());
}

}  // namespace
}  // namespace pushbench::model
