#include "harness/study/knee_search.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace pushbench::study {
namespace {

using Server = std::function<Outcome(const Trial&)>;

std::vector<Trial> search(const SearchOptions& options, const Server& server) {
  std::vector<Trial> trials;
  while (auto trial = next_trial(options, trials)) {
    trial->outcome = server(*trial);
    trials.push_back(*trial);
    EXPECT_LE(trials.size(), kMostTrials);
  }
  return trials;
}

Server sharp(double knee) {
  return [knee](const Trial& t) { return t.load <= knee ? Outcome::kHeld : Outcome::kCrossed; };
}

int count(const std::vector<Trial>& trials, Purpose purpose) {
  return static_cast<int>(std::count_if(trials.begin(), trials.end(),
                                        [&](const Trial& t) { return t.purpose == purpose; }));
}

TEST(KneeSearch, ASharpKneeIsBracketedFromBelowAndAbove) {
  for (const double knee : {3.0, 37.0, 100.0, 5000.0, 123'456.0}) {
    for (const double start : {1.0, 100.0, 20'000.0}) {
      SearchOptions options;
      options.start = start;
      const auto trials = search(options, sharp(knee));
      const Knee found = knee_of(options, trials);
      ASSERT_TRUE(found.held && found.failed) << knee << " from " << start;
      EXPECT_LE(*found.held, knee);
      EXPECT_GT(*found.failed, knee);
      EXPECT_LE(*found.failed, std::max(*found.held * 1.05, *found.held + 1));
      EXPECT_TRUE(found.confirmed);
      EXPECT_TRUE(found.resolved);
      EXPECT_FALSE(found.at_least());
      EXPECT_EQ(found.stays_down, false);
      EXPECT_LE(trials.size(), 45U);
    }
  }
}

// Chance moves the knee by 3 % from trial to trial, and one trial in thirty fails at any load.
TEST(KneeSearch, WithNoiseNineOfTenSearchesAreWithinTenPercent) {
  int within = 0;
  constexpr int kSearches = 200;
  for (std::uint64_t seed = 1; seed <= kSearches; ++seed) {
    Random random(seed);
    const double knee = 200 + 9800 * random.uniform();
    SearchOptions options;
    options.start = 100;
    const auto trials = search(options, [&](const Trial& trial) {
      const double here = knee * std::exp(0.03 * random.normal());
      const bool spoiled = random.uniform() < 1.0 / 30;
      return trial.load <= here && !spoiled ? Outcome::kHeld : Outcome::kCrossed;
    });
    const Knee found = knee_of(options, trials);
    ASSERT_TRUE(found.held);
    within += std::abs(*found.held / knee - 1) <= 0.1 ? 1 : 0;
  }
  EXPECT_GE(within, kSearches * 9 / 10);
}

TEST(KneeSearch, OneSpoiledTrialDoesNotEndTheDoubling) {
  SearchOptions options;
  options.start = 10;
  int calls = 0;
  const auto trials = search(options, [&](const Trial& trial) {
    ++calls;
    return calls == 3 ? Outcome::kCrossed : sharp(1000)(trial);
  });
  EXPECT_NEAR(*knee_of(options, trials).held, 1000, 50);
}

TEST(KneeSearch, AGeneratorThatGivesOutMakesTheAnswerAtLeast) {
  SearchOptions options;
  const auto trials = search(options, [](const Trial& trial) {
    return trial.load <= 700 ? Outcome::kHeld : Outcome::kGenerator;
  });
  const Knee found = knee_of(options, trials);
  EXPECT_TRUE(found.at_least());
  EXPECT_TRUE(found.by_generator);
  EXPECT_NEAR(*found.held, 700, 35);
  EXPECT_EQ(count(trials, Purpose::kOverload), 0);
}

// The host took processor time in half of the trials, and they say so.
TEST(KneeSearch, AServerIsBlamedThoughTheGeneratorIsOftenShortToo) {
  SearchOptions options;
  int calls = 0;
  const auto trials = search(options, [&calls](const Trial& trial) {
    if (trial.load <= 700) {
      return Outcome::kHeld;
    }
    return ++calls % 2 == 1 ? Outcome::kGenerator : Outcome::kCrossed;
  });
  const Knee found = knee_of(options, trials);
  EXPECT_FALSE(found.at_least());
  EXPECT_NEAR(*found.held, 700, 35);
}

TEST(KneeSearch, WhatCannotBeTriedIsTriedOnce) {
  SearchOptions options;
  const auto trials = search(options, [](const Trial& trial) {
    return trial.load <= 900 ? Outcome::kHeld : Outcome::kImpossible;
  });
  const Knee found = knee_of(options, trials);
  EXPECT_TRUE(found.impossible);
  EXPECT_TRUE(found.at_least());
  for (const auto& trial : trials) {
    if (trial.load > 900) {
      EXPECT_NE(trial.purpose, Purpose::kRepeat);
    }
  }
}

TEST(KneeSearch, NothingHeldAndNothingFailed) {
  SearchOptions options;
  const auto none = search(options, [](const Trial&) { return Outcome::kCrossed; });
  EXPECT_FALSE(knee_of(options, none).held);
  EXPECT_EQ(knee_of(options, none).failed, 1);
  options.most = 1000;
  const auto all = search(options, [](const Trial&) { return Outcome::kHeld; });
  const Knee found = knee_of(options, all);
  EXPECT_EQ(found.held, 1000);
  EXPECT_TRUE(found.at_least());
  EXPECT_TRUE(found.resolved);
}

TEST(KneeSearch, AServerThatStaysDownIsTold) {
  SearchOptions options;
  bool down = false;
  const auto trials = search(options, [&](const Trial& trial) {
    down = down || trial.purpose == Purpose::kOverload;
    return down ? Outcome::kCrossed : sharp(500)(trial);
  });
  const Knee found = knee_of(options, trials);
  EXPECT_EQ(found.stays_down, true);
  EXPECT_NEAR(*found.held, 500, 25);
  EXPECT_EQ(count(trials, Purpose::kFromAbove), 2);
}

TEST(KneeSearch, ALowerBoundThatDoesNotHoldAgainIsGivenUp) {
  // Held once at 200 by luck; the knee is at 150.
  SearchOptions options;
  int lucky = 0;
  const auto trials = search(options, [&](const Trial& trial) {
    if (trial.load == 200 && lucky++ == 0) {
      return Outcome::kHeld;
    }
    return sharp(150)(trial);
  });
  EXPECT_NEAR(*knee_of(options, trials).held, 150, 8);
}

TEST(KneeSearch, ASearchGoesOnFromWhatWasWritten) {
  SearchOptions options;
  const auto whole = search(options, sharp(777));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const std::vector<Trial> half(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
    const auto next = next_trial(options, half);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->load, whole[cut].load);
    EXPECT_EQ(next->purpose, whole[cut].purpose);
  }
}

TEST(KneeSearch, LoadsThatAreNoWholeNumbersStayAsTheyAre) {
  SearchOptions options;
  options.start = 0.1;
  options.least = 0.001;
  options.whole = false;
  const auto trials = search(options, sharp(0.73));
  const Knee found = knee_of(options, trials);
  EXPECT_LE(*found.held, 0.73);
  EXPECT_GE(*found.held, 0.69);
}

}  // namespace
}  // namespace pushbench::study
