#include "reports/html_style.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

// Relative luminance and contrast as WCAG 2.1 defines them.
double luminance(const std::string& colour) {
  std::string full = colour;
  if (full.size() == 3) {
    full = {full[0], full[0], full[1], full[1], full[2], full[2]};
  }
  const auto channel = [&full](std::size_t at) {
    const double share = std::stoi(full.substr(at, 2), nullptr, 16) / 255.0;
    return share <= 0.03928 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4);
}

std::string colour_in(std::string_view theme, const std::string& name) {
  const auto at = theme.find("--" + name + ":#");
  EXPECT_NE(at, std::string_view::npos) << name;
  const auto from = at + name.size() + 4;
  return std::string(theme.substr(from, theme.find_first_of(";}", from) - from));
}

double contrast(std::string_view theme, const std::string& a, const std::string& b) {
  const double first = luminance(colour_in(theme, a));
  const double second = luminance(colour_in(theme, b));
  return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

TEST(HtmlStyle, HoldsNothingThatIsFetchedOrEndsIt) {
  for (const auto* const part : {"<", "url(", "@import", "http"}) {
    EXPECT_THAT(std::string(html_style()), Not(HasSubstr(part)));
  }
}

TEST(HtmlStyle, ContrastIsEnoughInBothThemes) {
  const auto dark_at = html_style().find("prefers-color-scheme:dark");
  ASSERT_NE(dark_at, std::string_view::npos);
  for (const auto theme : {html_style().substr(0, dark_at), html_style().substr(dark_at)}) {
    for (const auto* const text : {"ink", "soft", "good", "warn", "bad"}) {
      EXPECT_GE(contrast(theme, text, "ground"), 4.5) << text;
      EXPECT_GE(contrast(theme, text, "panel"), 4.5) << text;
    }
    for (const auto* const line : {"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"}) {
      EXPECT_GE(contrast(theme, line, "ground"), 3.0) << line;
    }
    for (const auto* const bar : {"head", "framing", "payload"}) {
      EXPECT_GE(contrast(theme, bar, "ground"), 3.0) << bar;
    }
  }
}

}  // namespace
}  // namespace pushbench::reports
