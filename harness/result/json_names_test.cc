#include "harness/result/json_names.h"

#include <gtest/gtest.h>

namespace pushbench::result {
namespace {

enum class Fruit { kApple, kPear };
constexpr auto kFruits =
    std::to_array<Name<Fruit>>({{Fruit::kApple, "apple"}, {Fruit::kPear, "pear"}});

TEST(JsonNames, WordsAndValuesBelongTogether) {
  EXPECT_EQ(name_of(Fruit::kPear, kFruits), "pear");
  const auto document = parse_json(R"({"ripe": "pear", "sour": "aple"})", "f").value();
  ReadContext context("f");
  const JsonView root(document, "", context);
  EXPECT_EQ(value_of(root.at("ripe"), kFruits), Fruit::kPear);
  EXPECT_FALSE(context.failure());
  value_of(root.at("sour"), kFruits);
  ASSERT_TRUE(context.failure());
  EXPECT_EQ(context.failure()->text,
            "f: sour is 'aple', which this program does not know, did you mean 'apple'?");
}

}  // namespace
}  // namespace pushbench::result
