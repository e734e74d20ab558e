#include "reports/html.h"

#include "harness/result/json_io.h"
#include "reports/hostile_result.h"
#include "reports/page_bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace pushbench::reports {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::size_t kMostPageBytes = 300'000;  // what a page may weigh without its data

std::string html_of(const result::RunResult& run) {
  return render_html(std::span(&run, 1), {});
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++times;
  }
  return times;
}

// What stands in the data element, as a browser would read it.
std::string data_of(const std::string& html) {
  const std::string begin = "<script type=\"application/json\" id=\"data\" data-kind=\"report\">\n";
  const auto from = html.find(begin);
  EXPECT_NE(from, std::string::npos);
  const auto start = from + begin.size();
  return html.substr(start, html.find("</script>", start) - start);
}

TEST(Html, IsOneSmallPageThatFetchesNothing) {
  const std::string page(page_bundle());
  EXPECT_LT(page.size(), kMostPageBytes);
  EXPECT_TRUE(page.starts_with("<!doctype html>\n<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("content=\"default-src 'none'; script-src 'sha256-"));
  for (const auto* const part :
       {" src=", "url(", "@import", "<link rel=\"style", "<img", "eval("}) {
    EXPECT_THAT(page, Not(HasSubstr(part)));
  }
}

TEST(Html, KeepsTheLicenceOfWhatItBundles) {
  EXPECT_THAT(
      std::string(page_bundle()),
      AllOf(HasSubstr("uPlot"), HasSubstr("The MIT License (MIT)"), HasSubstr("Leon Sorokin")));
}

TEST(Html, HoldsTheResultItself) {
  const auto run = result::doubtful_result();
  const auto data = data_of(html_of(run));
  const std::string begin = "\"results\": [\n";
  const auto from = data.find(begin) + begin.size();
  const auto back = result::from_json(data.substr(from, data.rfind("]}") - from), "page");
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_EQ(result::to_json(*back), result::to_json(run));
}

TEST(Html, HostileTextsAddNoElement) {
  const auto html = html_of(hostile_result());
  const std::string page(page_bundle());
  EXPECT_EQ(count(html, "<script"), count(page, "<script") + 1);
  EXPECT_EQ(count(html, "</script"), count(page, "</script") + 1);
  EXPECT_EQ(count(html, "<!--") + 1, count(page, "<!--"));  // the mark of the data is gone
  EXPECT_EQ(data_of(html).find('<'), std::string::npos);
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
}

TEST(Html, OtherKindsOfPagesUseTheSameBundle) {
  const auto html = html_page("sheet\"><b>", R"({"title": "a </script>"})");
  EXPECT_THAT(html, HasSubstr("data-kind=\"sheet&quot;&gt;&lt;b&gt;\""));
  EXPECT_THAT(html, HasSubstr(R"({"title": "a \u003c/script>"})"));
  EXPECT_TRUE(html.ends_with("</html>\n"));
}

}  // namespace
}  // namespace pushbench::reports
