#include "reports/escape.h"

#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

TEST(Escape, Html) {
  EXPECT_EQ(html_escape("\"><script>alert('1')</script>&"),
            "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;");
  EXPECT_EQ(html_escape("a\x1b[2J\nb"), "a\\x1b[2J\\x0ab");
}

TEST(Escape, Markdown) {
  EXPECT_EQ(markdown_escape("a|b"), "a\\|b");
  EXPECT_EQ(markdown_escape("[x](y) *b* `c` <i>"), "\\[x\\](y) \\*b\\* \\`c\\` &lt;i&gt;");
  EXPECT_EQ(markdown_escape("a\nb"), "a\\\\x0ab");
}

TEST(Escape, Csv) {
  EXPECT_EQ(csv_escape("plain name"), "plain name");
  EXPECT_EQ(csv_escape("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_escape("say \"a\"\"b\""), "\"say \"\"a\"\"\"\"b\"\"\"");
  for (const char* const formula : {"=1+1", "+1", "-1", "@x"}) {
    EXPECT_EQ(csv_escape(formula), "\"'" + std::string(formula) + "\"");
  }
  EXPECT_EQ(csv_escape("\t=1"), "\\x09=1");
  EXPECT_EQ(csv_escape(""), "");
}

TEST(Escape, ScriptJsonHoldsNoMarkup) {
  EXPECT_EQ(script_json(R"({"a": "</script><!--"})"), R"({"a": "\u003c/script>\u003c!--"})");
  EXPECT_EQ(script_json("a\xe2\x80\xa8z\xe2\x80\xa9"), R"(a\u2028z\u2029)");
  EXPECT_EQ(script_json("\xe2\x80\xa6 \xe2\x80"), "\xe2\x80\xa6 \xe2\x80");
}

}  // namespace
}  // namespace pushbench::reports
