#include "harness/model/load.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tuple>

namespace pushbench::model {
namespace {

double mean_of(const std::vector<AnswerSize>& sizes) {
  double sum = 0;
  for (const auto& size : sizes) {
    sum += size.share * size.events;
  }
  return sum;
}

double share_of(const std::vector<AnswerSize>& sizes) {
  double sum = 0;
  for (const auto& size : sizes) {
    sum += size.share;
  }
  return sum;
}

TEST(Digits, AreThoseOfTheWrittenNumber) {
  for (const std::uint64_t n : {0ULL, 9ULL, 10ULL, 99ULL, 100ULL, 123456ULL, 1000000ULL}) {
    EXPECT_EQ(digits_of(static_cast<double>(n)), static_cast<double>(std::to_string(n).size()));
  }
}

TEST(Digits, TheirMeanIsTheSumOverTheNumbers) {
  for (const auto& [from, to] : {std::pair{0, 1}, {0, 10}, {1, 321}, {33, 353}, {95, 1005}}) {
    double sum = 0;
    for (int n = from; n < to; ++n) {
      sum += static_cast<double>(std::to_string(n).size());
    }
    EXPECT_NEAR(mean_digits(from, to), sum / (to - from), 1e-12) << from << " " << to;
  }
  EXPECT_EQ(mean_digits(12, 12), 2);
  EXPECT_EQ(mean_digits(-5, 8), 1);  // before the first event the cursor is 0
}

// Topics whose number of events is drawn: some have written a second digit while others have not.
TEST(Digits, OfADrawnNumberAreTheMeanOverItsDraws) {
  const Arrivals poisson{.rate_per_s = 1};
  Random random(3);
  for (const auto& [from, to, first] :
       {std::tuple{0.8, 4.8, 1.0}, {2.0, 14.0, 0.0}, {80.0, 130.0, 1.0}, {-3.0, 9.0, 0.0}}) {
    constexpr int kDraws = 200'000;
    double sum = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double mean = from + (to - from) * random.uniform();
      double count = 0;
      for (double at = random.exponential(); at < mean; at += random.exponential()) {
        ++count;
      }
      sum += digits_of(first + count);
    }
    EXPECT_NEAR(mean_digits(poisson, from, to, first), sum / kDraws, 0.004) << from;
  }
  const Arrivals periodic{.poisson = false, .rate_per_s = 1};
  EXPECT_EQ(mean_digits(periodic, 33, 353, 1), mean_digits(34, 354));
  EXPECT_NEAR(mean_digits(poisson, 2e6, 3e6, 1), 7, 1e-9);
}

TEST(AnswerSizes, PoissonGivenOneHasItsMean) {
  for (const double mean : {1e-12, 0.01, 0.5, 3.0, 64.0, 5000.0}) {
    const auto sizes = some_of_poisson(mean);
    EXPECT_NEAR(share_of(sizes), 1, 1e-9);
    EXPECT_NEAR(mean_of(sizes), mean / -std::expm1(-mean), 1e-6 * (mean + 1)) << mean;
    EXPECT_GE(sizes.front().events, 1);
  }
  EXPECT_LE(some_of_poisson(1e9).size(), 2U);
}

TEST(AnswerSizes, MultiplesMeetTheMean) {
  EXPECT_NEAR(mean_of(multiples_around(6.4, 1)), 6.4, 1e-12);
  EXPECT_NEAR(mean_of(multiples_around(50, 20)), 50, 1e-12);
  EXPECT_EQ(multiples_around(6, 1).size(), 1U);
  EXPECT_EQ(multiples_around(0.3, 1).front().events, 1);
}

TEST(ArrivalsOf, SpreadsTheScheduleOverTheTopics) {
  plan::Scenario scenario;
  scenario.topics = 50;
  scenario.events.rate_per_s = 100;
  EXPECT_TRUE(arrivals_of(scenario).poisson);
  EXPECT_DOUBLE_EQ(arrivals_of(scenario).rate_per_s, 2);
  scenario.events.arrival = plan::Arrival::kBurst;
  scenario.events.burst = 20;  // each event of a burst goes to another topic
  EXPECT_DOUBLE_EQ(arrivals_of(scenario).batch, 1);
  EXPECT_DOUBLE_EQ(arrivals_of(scenario).period_s(), 0.5);
  scenario.topics = 1;
  EXPECT_DOUBLE_EQ(arrivals_of(scenario).batch, 20);
  EXPECT_DOUBLE_EQ(arrivals_of(scenario).period_s(), 0.2);
  scenario.events.arrival = plan::Arrival::kConstant;
  EXPECT_FALSE(arrivals_of(scenario).poisson);
  EXPECT_DOUBLE_EQ(arrivals_of(scenario).period_s(), 0.01);
}

}  // namespace
}  // namespace pushbench::model
