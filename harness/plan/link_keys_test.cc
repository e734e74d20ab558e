#include "harness/plan/link_keys.h"

#include <gtest/gtest.h>

namespace pushbench::plan {
namespace {

TEST(LinkKeys, AreInTheTableUnderOneParent) {
  ASSERT_FALSE(link_keys().empty());
  EXPECT_EQ(link_keys()[0].path, "link");
  for (const auto& key : link_keys().subspan(1)) {
    EXPECT_EQ(parent_of(key.path), "link") << key.path;
    EXPECT_NE(find_key(key.path), nullptr) << key.path;
  }
}

TEST(LinkKeys, ARoundTripByFlagMakesALink) {
  Draft draft;
  const Key* rtt = find_key("link.rtt");
  rtt->set(draft, *read_value(*rtt, "40ms"));
  ASSERT_TRUE(draft.scenario.link);
  EXPECT_EQ(draft.scenario.link->rtt, std::chrono::milliseconds(40));
}

}  // namespace
}  // namespace pushbench::plan
