#include "harness/model/polling.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace pushbench::model {
namespace {

constexpr int kPolledEvents = 200'000;

struct SimulatedPolls {
  double mean = 0, p50 = 0, p99 = 0, max = 0;
  double empty_share = 0, per_answer = 0, requests_per_s = 0;
};

// One client after another polls 200 times from a phase of its own; every event waits for the first
// poll behind it.
SimulatedPolls simulate(const Polls& polls, const Arrivals& arrivals) {
  Random random(7);
  std::vector<double> waits;
  double polls_done = 0;
  double empty = 0;
  double time = 0;
  const double t = polls.interval_s;
  while (waits.size() < kPolledEvents) {
    const double phase = random.uniform() * t;
    const auto start = [&](int k) {
      return phase + k * t + (2 * random.uniform() - 1) * polls.jitter * t;
    };
    double previous = start(0);
    double due = previous;  // a random place in the arrivals
    due += arrivals.poisson ? random.exponential() / arrivals.rate_per_s
                            : random.uniform() * arrivals.period_s();
    for (int k = 1; k <= 200; ++k) {
      const double now = start(k);
      ++polls_done;
      time += now - previous;
      previous = now;
      const auto before = waits.size();
      while (due <= now) {
        waits.insert(waits.end(), static_cast<std::size_t>(arrivals.batch),
                     now - due + polls.one_way_s);
        due += arrivals.poisson ? random.exponential() / arrivals.rate_per_s : arrivals.period_s();
      }
      empty += waits.size() == before ? 1 : 0;
    }
  }
  std::sort(waits.begin(), waits.end());
  SimulatedPolls out;
  for (const double wait : waits) {
    out.mean += wait / static_cast<double>(waits.size());
  }
  out.p50 = waits[waits.size() / 2];
  out.p99 = waits[waits.size() * 99 / 100];
  out.max = waits.back();
  out.empty_share = empty / polls_done;
  out.per_answer = static_cast<double>(waits.size()) / (polls_done - empty);
  out.requests_per_s = polls_done / time;
  return out;
}

void expect_as_simulated(const Polls& polls, const Arrivals& arrivals) {
  const SimulatedPolls s = simulate(polls, arrivals);
  const Asking model = polling(polls, arrivals);
  EXPECT_NEAR(model.latency.mean_s, s.mean, 0.01 * s.mean);
  EXPECT_NEAR(model.latency.p50_s, s.p50, 0.02 * s.p50);
  EXPECT_NEAR(model.latency.p99_s, s.p99, 0.01 * s.p99);
  EXPECT_LE(s.max, model.latency.max_s + 1e-9);
  EXPECT_GE(s.max, 0.94 * model.latency.max_s);
  EXPECT_NEAR(model.empty_share, s.empty_share, 0.01);
  EXPECT_NEAR(model.events_per_answer, s.per_answer, 0.02 * s.per_answer);
  EXPECT_NEAR(model.requests_per_s, s.requests_per_s, 0.01 * s.requests_per_s);
}

TEST(Polling, PoissonAsSimulated) {
  expect_as_simulated({.interval_s = 1}, {.rate_per_s = 0.4});
  expect_as_simulated({.interval_s = 1}, {.rate_per_s = 5});
  expect_as_simulated({.interval_s = 0.25, .one_way_s = 0.05}, {.rate_per_s = 3});
}

TEST(Polling, JitterAsSimulated) {
  expect_as_simulated({.interval_s = 1, .jitter = 0.1}, {.rate_per_s = 0.7});
  expect_as_simulated({.interval_s = 2, .jitter = 0.5, .one_way_s = 0.1}, {.rate_per_s = 1});
}

TEST(Polling, PeriodicAsSimulated) {
  expect_as_simulated({.interval_s = 1}, {.poisson = false, .rate_per_s = 0.37});
  expect_as_simulated({.interval_s = 1}, {.poisson = false, .rate_per_s = 3.7});
  expect_as_simulated({.interval_s = 1, .jitter = 0.3}, {.poisson = false, .rate_per_s = 1.1});
  expect_as_simulated({.interval_s = 1}, {.poisson = false, .rate_per_s = 9, .batch = 20});
}

// mean T/2 + d, quantile pT + d, maximum T + d.
TEST(Polling, WithoutJitterIsUniform) {
  const Polls polls{.interval_s = 1, .one_way_s = 0.05, .busy_s = 0.1};
  const Asking model = polling(polls, {.rate_per_s = 64});
  EXPECT_NEAR(model.latency.mean_s, 0.55, 1e-12);
  EXPECT_NEAR(model.latency.p50_s, 0.55, 1e-12);
  EXPECT_NEAR(model.latency.p99_s, 1.04, 1e-12);
  EXPECT_NEAR(model.latency.max_s, 1.05, 1e-12);
  EXPECT_NEAR(model.requests_per_s, 1, 1e-12);
  EXPECT_NEAR(polling_quantile(polls, 0), 0.05, 1e-9);
}

// 50,000 polls a second of which 60 % were empty: rate × T = 0.51.
TEST(Polling, EmptyShareOfThePublishedMailServer) {
  EXPECT_NEAR(polling({.interval_s = 1}, {.rate_per_s = 0.51}).empty_share, 0.60, 0.001);
}

TEST(Polling, APollLongerThanItsIntervalSkipsStarts) {
  const Asking model = polling({.interval_s = 1, .busy_s = 2.5}, {.rate_per_s = 1});
  EXPECT_NEAR(model.requests_per_s, 1.0 / 3, 1e-12);
  EXPECT_NEAR(model.latency.mean_s, 1.5, 1e-12);
}

}  // namespace
}  // namespace pushbench::model
