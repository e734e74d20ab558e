#include "harness/swarm/audit.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace pushbench::swarm {
namespace {

using Verdict = Audit::Verdict;

TEST(Audit, InOrderIsInOrderWithOrWithoutHoles) {
  Audit audit;
  EXPECT_EQ(audit.arrived(0), Verdict::kInOrder);
  EXPECT_EQ(audit.arrived(1), Verdict::kInOrder);
  EXPECT_EQ(audit.arrived(5), Verdict::kInOrder);
  EXPECT_EQ(audit.arrived(500), Verdict::kInOrder);
}

TEST(Audit, TellsLateComersFromDuplicates) {
  Audit audit;
  EXPECT_EQ(audit.arrived(3), Verdict::kInOrder);
  EXPECT_EQ(audit.arrived(1), Verdict::kReordered);
  EXPECT_EQ(audit.arrived(1), Verdict::kDuplicate);
  EXPECT_EQ(audit.arrived(3), Verdict::kDuplicate);
  EXPECT_EQ(audit.arrived(0), Verdict::kReordered);
}

TEST(Audit, DoesNotGuessBeyondItsWindow) {
  Audit audit;
  EXPECT_EQ(audit.arrived(100), Verdict::kInOrder);
  EXPECT_EQ(audit.arrived(37), Verdict::kReordered);
  EXPECT_EQ(audit.arrived(36), Verdict::kBeyondWindow);
}

TEST(Audit, AgreesWithASetOnShuffledStreams) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    Audit audit;
    std::set<std::uint64_t> seen;
    std::uint64_t highest = 0;
    for (std::uint64_t i = 0; i < 500; ++i) {
      const std::uint64_t back = random.below(20);
      const std::uint64_t ordinal = i > back ? i - back : i;
      const auto verdict = audit.arrived(ordinal);
      const bool fresh = seen.insert(ordinal).second;
      EXPECT_EQ(verdict == Verdict::kDuplicate, !fresh) << "seed " << seed;
      EXPECT_EQ(verdict == Verdict::kReordered, fresh && !seen.empty() && ordinal < highest)
          << "seed " << seed;
      highest = std::max(highest, ordinal);
    }
  }
}

TEST(Audit, HolesThatSlideOutAreLost) {
  Audit audit;
  audit.arrived(0);
  audit.arrived(5);  // 1 to 4 are missing
  audit.arrived(3);
  for (std::uint64_t i = 6; i < 200; ++i) {
    audit.arrived(i);
  }
  const auto balance = audit.close(200, 200);
  EXPECT_EQ(balance.lost, 3U);
  EXPECT_EQ(balance.lost_in_gap, 0U);
  EXPECT_EQ(balance.in_flight, 0U);
}

TEST(Audit, HolesStillInTheWindowAndTheTailAreLostAtTheEnd) {
  Audit audit;
  audit.arrived(0);
  audit.arrived(3);
  EXPECT_EQ(audit.close(10, 10).lost, 2U + 6U);
  EXPECT_EQ(audit.close(10, 10).in_flight, 0U);
}

// Of the tail, what is young enough; a hole behind the newest is lost however young it is.
TEST(Audit, AYoungTailIsInFlight) {
  Audit audit;
  audit.arrived(0);
  audit.arrived(3);
  const auto balance = audit.close(10, 7);
  EXPECT_EQ(balance.in_flight, 3U);
  EXPECT_EQ(balance.lost, 2U + 3U);
  EXPECT_EQ(audit.close(10, 0).in_flight, 6U);
  EXPECT_EQ(audit.close(10, 0).lost, 2U);
}

TEST(Audit, ADuplicateCannotHideALoss) {
  Audit audit;
  audit.arrived(0);
  audit.arrived(2);
  audit.arrived(2);
  audit.arrived(2);
  EXPECT_EQ(audit.close(3, 3).lost, 1U);
}

TEST(Audit, ALateFirstCopyBeyondTheWindowStaysLost) {
  Audit audit;
  audit.arrived(0);
  audit.arrived(100);
  EXPECT_EQ(audit.arrived(1), Verdict::kBeyondWindow);
  EXPECT_EQ(audit.close(101, 101).lost, 99U);
}

TEST(Audit, NothingBeforeTheFirstIsAskedFor) {
  Audit audit(1000);
  EXPECT_EQ(audit.arrived(1000), Verdict::kInOrder);
  EXPECT_EQ(audit.arrived(1100), Verdict::kInOrder);
  EXPECT_EQ(audit.close(1101, 1101).lost, 99U);
  EXPECT_EQ(Audit(1000).close(1010, 1010).lost, 10U);
  EXPECT_EQ(Audit(1000).close(0, 0).lost, 0U) << "no event fell due";
}

TEST(Audit, WhatACutSkipsIsLostInItsGap) {
  for (const std::uint64_t skipped : {1U, 5U, 62U, 63U, 64U, 65U, 200U}) {
    Audit audit;
    audit.arrived(0);
    audit.arrived(2);  // 1 is lost without a cut
    audit.cut();
    const std::uint64_t back = 3 + skipped;
    audit.arrived(back);
    audit.arrived(back + 1);
    audit.arrived(back + 3);  // one more without a cut
    const auto balance = audit.close(back + 4, back + 4);
    EXPECT_EQ(balance.lost, skipped + 2) << skipped;
    EXPECT_EQ(balance.lost_in_gap, skipped) << skipped;
  }
}

// Filled from the log after the reconnect, in whatever order: nothing was lost there.
TEST(Audit, AGapThatIsFilledIsNone) {
  Audit audit;
  audit.arrived(0);
  audit.cut();
  audit.arrived(3);
  audit.arrived(1);
  EXPECT_EQ(audit.close(4, 4).lost_in_gap, 1U);
  audit.arrived(2);
  EXPECT_EQ(audit.close(4, 4).lost_in_gap, 0U);
  audit.cut();  // and one that skipped nothing
  audit.arrived(4);
  audit.arrived(6);
  EXPECT_EQ(audit.close(7, 7).lost_in_gap, 0U);
  EXPECT_EQ(audit.close(7, 7).lost, 1U);
}

TEST(Audit, IsSmall) {
  EXPECT_EQ(sizeof(Audit), 48U);
}

// What a set that remembers everything says, on streams with losses, duplicates, reordering and
// jumps of every length: each event due is in exactly one account.
TEST(Audit, BalancesOnEveryStream) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const std::uint64_t first = random.below(3) * 50;
    Audit audit(first);
    std::uint64_t delivered = 0;
    std::uint64_t next = first;
    std::set<std::uint64_t> taken;
    for (int i = 0; i < 400; ++i) {
      if (random.below(10) == 0) {
        next += random.below(4) == 0 ? random.below(150) : random.below(5);
      }
      if (random.below(40) == 0) {
        audit.cut();
      }
      const std::uint64_t back = random.below(4) == 0 ? random.below(100) : 0;
      const std::uint64_t ordinal = next - std::min(next - first, back);
      next += back == 0 ? 1 : 0;
      const auto verdict = audit.arrived(ordinal);
      const bool fresh = verdict == Verdict::kInOrder || verdict == Verdict::kReordered;
      delivered += fresh ? 1 : 0;
      EXPECT_TRUE(!fresh || taken.insert(ordinal).second) << "twice delivered, seed " << seed;
    }
    const std::uint64_t end = next + random.below(20);
    const auto balance = audit.close(end, end - std::min<std::uint64_t>(end, random.below(30)));
    EXPECT_EQ(delivered + balance.lost + balance.in_flight, end - first) << "seed " << seed;
    EXPECT_LE(balance.lost_in_gap, balance.lost);
  }
}

}  // namespace
}  // namespace pushbench::swarm
