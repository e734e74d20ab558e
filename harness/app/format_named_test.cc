#include "harness/app/format_named.h"

#include <gtest/gtest.h>

#include <array>

namespace pushbench::app {
namespace {

struct NamedRow {
  std::string_view name;
};

TEST(FormatNamed, IsTheRowOrASentenceWithTheNearest) {
  static constexpr std::array kRows{NamedRow{"text"}, NamedRow{"json"}};
  const auto row = format_named("--to", "json", kRows);
  ASSERT_TRUE(row);
  EXPECT_EQ(*row, &kRows[1]);
  const auto none = format_named("--to", "jsom", kRows);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ExitCode::kUsage);
  EXPECT_EQ(none.error().text,
            "--to: unknown format 'jsom', did you mean 'json'? (formats: text, json)");
}

}  // namespace
}  // namespace pushbench::app
