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

}  // namespace
}  // namespace pushbench::swarm
