#include "servers/reference/strategy.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace pushbench::servers {
namespace {

TEST(Table, RowsAreDistinctAndComplete) {
  std::set<std::string_view> names;
  std::set<std::string_view> paths;
  for (const Strategy& strategy : strategies()) {
    EXPECT_TRUE(names.insert(strategy.name).second) << strategy.name;
    EXPECT_EQ(paths.insert(strategy.path).second, !strategy.compressed) << strategy.path;
    EXPECT_TRUE(strategy.path.starts_with('/') && strategy.path.ends_with('/')) << strategy.path;
    EXPECT_NE(strategy.begin, nullptr) << strategy.name;
    // Who can wait for events must be told when the server stops.
    EXPECT_EQ(strategy.frame == nullptr, strategy.on_stop == nullptr) << strategy.name;
    // A stream resumes from the log, so it can meet a gap.
    const bool stream = strategy.frame != nullptr && !strategy.once;
    EXPECT_EQ(stream, strategy.on_gap != nullptr) << strategy.name;
  }
}

TEST(Table, EveryStrategyIsInTheContract) {
  std::ifstream file(PUSHBENCH_SOURCE_DIR "/servers/reference/README.md");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  for (const Strategy& strategy : strategies()) {
    EXPECT_NE(text.find("`GET " + std::string(strategy.path) + "{topic}"), std::string::npos)
        << strategy.path;
  }
}

}  // namespace
}  // namespace pushbench::servers
