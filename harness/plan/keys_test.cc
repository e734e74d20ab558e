#include "harness/plan/keys.h"

#include "harness/plan/strategies.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pushbench::plan {
namespace {

bool is_scalar(Type type) {
  return type < Type::kByteRange || type == Type::kPayload || type == Type::kRateOver ||
         type == Type::kCountOver;
}

// A row is a promise to the reader of the reference; each part of it is held against the reader.
TEST(Keys, EveryRowIsSound) {
  std::set<std::string_view> seen;
  for (const auto& key : keys()) {
    EXPECT_TRUE(seen.insert(key.path).second) << key.path;
    EXPECT_FALSE(key.about.empty() || key.example.empty()) << key.path;
    EXPECT_FALSE(key.about.ends_with('.')) << key.path;
    EXPECT_EQ(key.about.find('|'), std::string_view::npos) << key.path;
    EXPECT_FALSE(key.required && !key.fallback.empty()) << key.path;
    EXPECT_EQ(key.low.empty(), key.high.empty()) << key.path;
    EXPECT_EQ(key.type == Type::kChoice, !key.choices.empty()) << key.path;
    EXPECT_FALSE(type_name(key.type).empty()) << key.path;
    const bool bounded = key.type != Type::kName && key.type != Type::kText &&
                         key.type != Type::kPath && key.type != Type::kChoice;
    if (!is_scalar(key.type)) {
      continue;
    }
    EXPECT_NE(key.set, nullptr) << key.path;
    EXPECT_EQ(key.low.empty(), !bounded) << key.path;
    EXPECT_TRUE(read_value(key, key.example)) << key.path;
    if (!key.fallback.empty()) {
      EXPECT_TRUE(read_value(key, key.fallback)) << key.path;
    }
  }
}

TEST(Keys, ParentsComeBeforeTheirKeys) {
  std::set<std::string_view> seen{""};
  for (const auto& key : keys()) {
    auto parent = parent_of(key.path);
    if (parent.ends_with("[]")) {
      parent.remove_suffix(2);
    }
    EXPECT_TRUE(seen.contains(parent)) << key.path;
    seen.insert(key.path);
  }
}

TEST(Keys, PathsComeApart) {
  EXPECT_EQ(parent_of("events.rate"), "events");
  EXPECT_EQ(parent_of("seed"), "");
  EXPECT_EQ(last_name_of("strategies[].polling.interval"), "interval");
  EXPECT_EQ(last_name_of("seed"), "seed");
  EXPECT_EQ(find_key("events.rat"), nullptr);
  EXPECT_EQ(keys_below("phases").size(), 4U);
  EXPECT_TRUE(keys_below("seed").empty());
}

TEST(Keys, EveryStrategyHasItsRows) {
  EXPECT_EQ(keys_below("strategies[]").size(), strategy_rows().size());
  for (const auto& row : strategy_rows()) {
    EXPECT_NE(find_key("strategies[]." + std::string(row.name)), nullptr) << row.name;
  }
}

}  // namespace
}  // namespace pushbench::plan
