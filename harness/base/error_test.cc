#include "harness/base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace pushbench {
namespace {

TEST(Error, EveryErrcHasASentenceOfItsOwn) {
  std::set<std::string> seen;
  for (int value = 1; value <= static_cast<int>(Errc::kPolicy); ++value) {
    const error_code ec = static_cast<Errc>(value);
    EXPECT_STREQ(ec.category().name(), "pushbench");
    EXPECT_TRUE(seen.insert(ec.message()).second) << ec.message();
    EXPECT_EQ(ec.message().find("unknown"), std::string::npos);
  }
}

TEST(Error, AResultOfTextTakesText) {
  const Result<std::string> text = std::string("a path");
  ASSERT_TRUE(text.has_value());
  EXPECT_EQ(*text, "a path");
  EXPECT_EQ(text.error().text, "");
}

TEST(Error, ResultCarriesValueOrFailure) {
  const Result<int> good = 7;
  const Result<int> bad = usage("clients: expected a number");
  EXPECT_EQ(good.value(), 7);
  ASSERT_TRUE(bad.has_error());
  EXPECT_EQ(bad.error().code, ExitCode::kUsage);
  EXPECT_THROW(static_cast<void>(bad.value()), std::logic_error);
}

}  // namespace
}  // namespace pushbench
