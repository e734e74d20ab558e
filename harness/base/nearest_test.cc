#include "harness/base/nearest.h"

#include <gtest/gtest.h>

#include <array>

namespace pushbench {
namespace {

constexpr std::array<std::string_view, 4> kKeys{"clients", "topics", "events", "phases"};

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Nearest, FindsTheMistypedWord) {
  EXPECT_EQ(nearest("cleints", kKeys), "clients");
  EXPECT_EQ(nearest("topic", kKeys), "topics");
  EXPECT_EQ(did_you_mean("event", kKeys), ", did you mean 'events'?");
}

TEST(Nearest, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest("bandwidth", kKeys), "");
  EXPECT_EQ(nearest("", kKeys), "");
  EXPECT_EQ(did_you_mean("xyz", kKeys), "");
}

}  // namespace
}  // namespace pushbench
