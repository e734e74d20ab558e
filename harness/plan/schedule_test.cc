#include "harness/plan/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;

std::vector<Nanos> all_of(const Schedule::Spec& spec) {
  Schedule schedule(spec);
  std::vector<Nanos> out;
  while (const auto due = schedule.next()) {
    out.push_back(*due);
  }
  EXPECT_FALSE(schedule.next());  // stays finished
  return out;
}

TEST(Schedule, ConstantIsExactOverAnHour) {
  for (const std::uint64_t rate : {1U, 3U, 7U, 64U, 100U, 333U}) {
    const auto due = all_of({.rate_per_s = static_cast<double>(rate), .length = 1h});
    ASSERT_EQ(due.size(), 3600 * rate);
    for (std::uint64_t i = 0; i < due.size(); ++i) {
      const std::uint64_t exact = (i * 1'000'000'000 * 2 / rate + 1) / 2;  // rounded
      ASSERT_EQ(due[i].count(), static_cast<Nanos::rep>(exact)) << rate << ' ' << i;
    }
  }
}

TEST(Schedule, EndsBeforeItsLength) {
  EXPECT_EQ(all_of({.rate_per_s = 10, .length = 1s}).size(), 10U);
  EXPECT_EQ(all_of({.rate_per_s = 10, .length = 1s + 1ns}).size(), 11U);
  EXPECT_TRUE(all_of({.rate_per_s = 10, .length = 0s}).empty());
  const auto due = all_of({.arrival = Arrival::kPoisson, .rate_per_s = 1000, .length = 10s});
  EXPECT_LT(due.back(), 10s);
}

TEST(Schedule, BurstsFallTogetherAtConstantDistance) {
  const auto due =
      all_of({.arrival = Arrival::kBurst, .rate_per_s = 50, .burst = 20, .length = 10s});
  ASSERT_EQ(due.size(), 500U);
  for (std::size_t i = 0; i < due.size(); ++i) {
    ASSERT_EQ(due[i], (i / 20) * 400ms) << i;
  }
}

TEST(Schedule, PoissonFirstValuesOfSeedOne) {
  const auto due = all_of(
      {.arrival = Arrival::kPoisson, .rate_per_s = 100, .length = 1s, .seed = 1, .stream = 1});
  ASSERT_GE(due.size(), 5U);
  const std::array<Nanos, 5> golden{Nanos(2104807), Nanos(3252351), Nanos(14196821),
                                    Nanos(36361080), Nanos(67350927)};
  for (std::size_t i = 0; i < golden.size(); ++i) {
    EXPECT_EQ(due[i], golden.at(i)) << i;
  }
}

TEST(Schedule, PoissonGapsAreExponential) {
  constexpr double kRate = 1000;
  const auto due =
      all_of({.arrival = Arrival::kPoisson, .rate_per_s = kRate, .length = 200s, .seed = 5});
  const auto n = static_cast<double>(due.size());
  EXPECT_NEAR(n, 200'000, 5 * std::sqrt(200'000.0));  // five deviations; the seed is fixed
  double sum = 0;
  double squares = 0;
  double long_gaps = 0;
  Nanos before{};
  for (const Nanos at : due) {
    ASSERT_GE(at, before);
    const double gap = std::chrono::duration<double>(at - before).count() * kRate;
    sum += gap;
    squares += gap * gap;
    long_gaps += gap > 3 ? 1 : 0;
    before = at;
  }
  EXPECT_NEAR(sum / n, 1, 0.01);
  EXPECT_NEAR(squares / n - sum / n * sum / n, 1, 0.03);  // variance of the exponential: mean²
  EXPECT_NEAR(long_gaps / n, std::exp(-3), 0.002);
}

TEST(Schedule, SameSeedSameInstantsOtherStreamOthers) {
  const Schedule::Spec spec{.arrival = Arrival::kPoisson, .rate_per_s = 100, .length = 10s};
  Schedule::Spec other = spec;
  other.stream = 9;
  Schedule::Spec reseeded = spec;
  reseeded.seed = 2;
  EXPECT_EQ(all_of(spec), all_of(spec));
  EXPECT_NE(all_of(spec), all_of(other));
  EXPECT_NE(all_of(spec), all_of(reseeded));
}

// Counts per second of two streams of one seed must not move together.
TEST(Schedule, StreamsOfOneSeedAreIndependent) {
  constexpr std::size_t kSeconds = 2000;
  const auto counts = [&](std::uint64_t stream) {
    std::vector<double> per_second(kSeconds, 0);
    for (const Nanos at : all_of({.arrival = Arrival::kPoisson,
                          .rate_per_s = 50,
                          .length = std::chrono::seconds(kSeconds),
                          .stream = stream})) {
      per_second[static_cast<std::size_t>(at / 1s)] += 1;
    }
    return per_second;
  };
  const auto reference = counts(kPublishStream);
  for (const auto stream : {kTopicStream, kSizeStream, kPollStreams, kUpstreamStreams}) {
    const auto other = counts(stream);
    double covariance = 0;
    for (std::size_t i = 0; i < kSeconds; ++i) {
      covariance += (reference[i] - 50) * (other[i] - 50) / 50;
    }
    EXPECT_LT(std::abs(covariance / kSeconds), 5 / std::sqrt(double{kSeconds})) << stream;
  }
}

TEST(PollSchedule, StartsAtAPhaseAndKeepsItsInterval) {
  PollSchedule polls(1s, 0, 1, 7);
  const Nanos phase = polls.next();
  EXPECT_GE(phase, 0s);
  EXPECT_LT(phase, 1s);
  for (int k = 1; k < 10'000; ++k) {
    ASSERT_EQ(polls.next(), phase + k * Nanos(1s));
  }
}

TEST(PollSchedule, PhasesAreUniform) {
  constexpr int kClients = 20'000;
  constexpr int kBins = 20;
  std::array<int, kBins> bins{};
  for (std::uint64_t client = 0; client < kClients; ++client) {
    PollSchedule polls(1s, 0, 1, client);
    ++bins.at(static_cast<std::size_t>(polls.next() / (Nanos(1s) / kBins)));
  }
  double chi_squared = 0;
  for (const int count : bins) {
    const double off = count - double{kClients} / kBins;
    chi_squared += off * off / (double{kClients} / kBins);
  }
  EXPECT_LT(chi_squared, 43.8);  // 19 degrees of freedom, 0.1 % lies above
}

TEST(PollSchedule, JitterMovesEachStartButNotTheGrid) {
  constexpr int kPolls = 10'000;
  PollSchedule exact(1s, 0, 3, 4);
  PollSchedule jittery(1s, 0.25, 3, 4);
  double sum = 0;
  Nanos widest{};
  Nanos before{};
  for (int k = 0; k < kPolls; ++k) {
    const Nanos at = jittery.next();
    const Nanos move = at - exact.next();
    ASSERT_GE(at, before);
    ASSERT_LE(std::chrono::abs(move), 250ms);
    widest = std::max(widest, std::chrono::abs(move));
    sum += std::chrono::duration<double>(move).count();
    before = at;
  }
  EXPECT_GT(widest, 240ms);
  EXPECT_NEAR(sum / kPolls, 0, 0.01);
}

TEST(PollSchedule, WithoutAnIntervalEveryStartIsTheFirst) {
  PollSchedule polls(0s, 0.25, 3, 4);
  EXPECT_EQ(polls.next(), 0s);
  EXPECT_EQ(polls.next(), 0s);
}

TEST(PollSchedule, ClientsAndSeedsDiffer) {
  EXPECT_EQ(PollSchedule(1s, 0, 1, 1).next(), PollSchedule(1s, 0, 1, 1).next());
  EXPECT_NE(PollSchedule(1s, 0, 1, 1).next(), PollSchedule(1s, 0, 1, 2).next());
  EXPECT_NE(PollSchedule(1s, 0, 1, 1).next(), PollSchedule(1s, 0, 2, 1).next());
}

std::shared_ptr<const Curve> curve_to(const Profile& profile) {
  return std::make_shared<const Curve>(profile, 5s);
}

const Profile kQuietThenBusy{.shape = Profile::Shape::kSteps,
                             .steps = {{0s, 10}, {20s, 0}, {30s, 70}}};
const Profile kADay{.shape = Profile::Shape::kDaily, .low = 30, .high = 500, .period = Nanos(60s)};
const Profile kRising{.shape = Profile::Shape::kRamp, .from = 0, .to = 400, .over = Nanos(50s)};

// As many in any window as the area there, for even arrivals: the i-th falls due when the area is
// i.
TEST(Schedule, ConstantUnderACurveIsTheAreaInEveryWindow) {
  for (const auto& profile : {kQuietThenBusy, kADay, kRising}) {
    const auto curve = curve_to(profile);
    const auto due = all_of({.curve = curve, .length = 125s});
    for (double s = 0.5; s < 125; s += 0.73) {
      const auto before =
          std::lower_bound(due.begin(), due.end(), Nanos(std::llround(s * 1e9))) - due.begin();
      ASSERT_NEAR(static_cast<double>(before), curve->area(s) + 0.5, 0.5001) << s;
    }
    EXPECT_TRUE(std::is_sorted(due.begin(), due.end()));
  }
}

TEST(Schedule, BurstsUnderACurveKeepTheirSize) {
  const auto due = all_of(
      {.arrival = Arrival::kBurst, .curve = curve_to(kQuietThenBusy), .burst = 20, .length = 50s});
  ASSERT_EQ(due.size(), 1300U);  // 10/s for 25 s, then 15 s of 70/s begun with an unfinished burst
  EXPECT_EQ(due[239], 24s - 2s);
  EXPECT_EQ(due[240], 24s);
  EXPECT_EQ(due[259], 24s);
  EXPECT_EQ(due[260], 35s + Nanos(142'857'143));  // ten more, of which none came in the pause
}

// Counts of disjoint windows are independent Poisson: the sum of their squared, scaled errors is
// chi-squared, whose 99.99 % point for 60 degrees is 107 (Abramowitz and Stegun, 26.4.17).
TEST(Schedule, PoissonUnderACurveHasItsMeanInEveryWindow) {
  for (const auto& profile : {kADay, kRising}) {
    const auto curve = curve_to(profile);
    const auto due = all_of(
        {.arrival = Arrival::kPoisson, .curve = curve, .length = 125s, .seed = 3, .stream = 1});
    double errors = 0;
    for (int window = 0; window < 60; ++window) {
      const Nanos from = window * 2s + 5s;
      const auto first = std::lower_bound(due.begin(), due.end(), from);
      const auto last = std::lower_bound(due.begin(), due.end(), from + 2s);
      const double mean = curve->area(window * 2 + 7) - curve->area(window * 2 + 5);
      const double error = static_cast<double>(last - first) - mean;
      errors += error * error / mean;
    }
    EXPECT_LT(errors, 107);
    EXPECT_GT(errors, 23);  // as unlikely on the other side
    EXPECT_TRUE(std::is_sorted(due.begin(), due.end()));
  }
}

TEST(Schedule, AFlatCurveIsItsRate) {
  const Profile flat{.shape = Profile::Shape::kSteps, .steps = {{0s, 64}}};
  EXPECT_EQ(all_of({.curve = curve_to(flat), .length = 60s}),
            all_of({.rate_per_s = 64, .length = 60s}));
}

}  // namespace
}  // namespace pushbench::plan
