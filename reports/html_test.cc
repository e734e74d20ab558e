#include "reports/html.h"

#include "harness/result/json_io.h"
#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string html_of(const result::RunResult& run) {
  return render_html(std::span(&run, 1), {});
}

// Names of elements in the order of their tags, "/name" for an end; the content of the style and
// script elements is skipped, as a browser does.
std::vector<std::string> tags(const std::string& html) {
  std::vector<std::string> out;
  for (auto at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const auto end = html.find_first_of(" >/", at + 2);
    out.push_back(html.substr(at + 1, end - at - 1));
    if (out.back() == "style" || out.back() == "script") {
      at = html.find("</" + out.back(), at) - 1;
    }
  }
  return out;
}

void expect_balanced(const std::string& html) {
  constexpr std::array<std::string_view, 7> kVoid{"!doctype", "meta", "wbr",  "br",
                                                  "path",     "rect", "/rect"};
  std::vector<std::string> open;
  for (const auto& tag : tags(html)) {
    if (std::find(kVoid.begin(), kVoid.end(), tag) != kVoid.end()) {
      continue;
    }
    if (!tag.starts_with("/")) {
      open.push_back(tag);
      continue;
    }
    ASSERT_FALSE(open.empty()) << tag;
    ASSERT_EQ("/" + open.back(), tag);
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

TEST(Html, IsOnePageThatFetchesNothing) {
  const auto html = html_of(result::example_result());
  EXPECT_TRUE(html.starts_with("<!doctype html>\n<html lang=\"en\">"));
  EXPECT_THAT(html, HasSubstr("content=\"default-src 'none'; style-src 'unsafe-inline'"));
  for (const auto* const part : {" src=", " href=", "url(", "@import", "<link", "<img", "onload"}) {
    EXPECT_THAT(html, Not(HasSubstr(part)));
  }
  const auto all = tags(html);
  EXPECT_EQ(std::count(all.begin(), all.end(), "script"), 1);
  EXPECT_THAT(html, HasSubstr("<script type=\"application/json\""));
}

TEST(Html, ElementsAreClosedInOrder) {
  expect_balanced(html_of(result::example_result()));
  expect_balanced(html_of(result::doubtful_result()));
  expect_balanced(html_of(result::minimal_result()));
  expect_balanced(html_of(hostile_result()));
}

TEST(Html, HasATitleAndOneFirstHeading) {
  const auto html = html_of(result::example_result());
  EXPECT_THAT(html, HasSubstr("<title>pushbench: chat</title>"));
  const auto all = tags(html);
  EXPECT_EQ(std::count(all.begin(), all.end(), "h1"), 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), "table"),
            std::count(all.begin(), all.end(), "caption"));
}

TEST(Html, HoldsTheResultItself) {
  const auto run = result::doubtful_result();
  const auto html = html_of(run);
  const std::string begin = "id=\"results\">[\n";
  const auto from = html.find(begin) + begin.size();
  const auto json = html.substr(from, html.find("]</script>", from) - from);
  const auto back = result::from_json(json, "page");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(result::to_json(*back), result::to_json(run));
}

TEST(Html, HostileTextsAddNoElement) {
  auto plain = result::doubtful_result();
  plain.environment = {{"a", "b"}};
  for (auto& cell : plain.cells) {
    cell.strategy.strategy = "unknown";  // the hostile one is none that asks, either
  }
  const auto count = [](const std::vector<std::string>& all, std::string_view name) {
    return std::count(all.begin(), all.end(), name);
  };
  const auto html = html_of(hostile_result());
  const auto all = tags(html);
  EXPECT_EQ(count(all, "script"), 1);
  EXPECT_EQ(count(all, "!--"), 0);
  EXPECT_EQ(count(all, "tr"), count(tags(html_of(plain)), "tr"));
  EXPECT_THAT(html, HasSubstr("&quot;&gt;&lt;script&gt;alert(1)"));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace pushbench::reports
