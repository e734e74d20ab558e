#include "harness/wire/metrics_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace pushbench::wire {
namespace {

struct ReadMetrics {
  std::vector<MetricSample> samples;
  Parsed last = Parsed::kNeedMore;
  bool complete = false;
  std::size_t line = 0;
  std::string why;
};

ReadMetrics read_metrics(std::string_view text) {
  MetricsText reader(text);
  ReadMetrics out;
  MetricSample sample;
  while ((out.last = reader.next(sample)) == Parsed::kItem) {
    out.samples.push_back(sample);
  }
  out.complete = reader.complete();
  out.line = reader.line();
  out.why = reader.why();
  return out;
}

TEST(MetricsText, ReadsSamplesBetweenComments) {
  const auto read = read_metrics(
      "# TYPE process_cpu_seconds counter\n# HELP process_cpu_seconds User \\n and {system}.\n"
      "process_cpu_seconds_total 12.25\n\n# a word\nhttp:requests{code=\"200\"} 7\n# EOF\n");
  EXPECT_EQ(read.last, Parsed::kEnd);
  EXPECT_TRUE(read.complete);
  ASSERT_EQ(read.samples.size(), 2U);
  EXPECT_EQ(read.samples[0].name, "process_cpu_seconds_total");
  EXPECT_EQ(read.samples[0].labels, "");
  EXPECT_DOUBLE_EQ(read.samples[0].value, 12.25);
  EXPECT_FALSE(read.samples[0].timestamp);
  EXPECT_EQ(read.samples[1].name, "http:requests");
  EXPECT_EQ(read.samples[1].labels, "code=\"200\"");
}

TEST(MetricsText, KnowsTheNumbersOfBothFormats) {
  const struct {
    const char* text;
    double value;
  } cases[] = {{"1.234567e+06", 1234567},
               {"3E-2", 0.03},
               {"+4", 4},
               {"-0.5", -0.5},
               {"7.", 7},
               {".25", 0.25},
               {"+Inf", HUGE_VAL},
               {"-inf", -HUGE_VAL}};
  for (const auto& c : cases) {
    const auto read = read_metrics(std::string("a ") + c.text);
    ASSERT_EQ(read.samples.size(), 1U) << c.text;
    EXPECT_DOUBLE_EQ(read.samples[0].value, c.value) << c.text;
  }
  EXPECT_TRUE(std::isnan(read_metrics("a NaN").samples.at(0).value));
  for (const char* const text : {"1x", "0x10", "--1", "+-1", "1,5", "nan(1)", "e5", "one", ""}) {
    const auto read = read_metrics(std::string("a ") + text + "\n");
    EXPECT_EQ(read.last, Parsed::kError) << text;
    EXPECT_EQ(read.why, "it has no number behind its name") << text;
  }
}

TEST(MetricsText, LabelsMayHoldWhatLooksLikeTheEnd) {
  const auto read = read_metrics(R"(a{x="}\" 1 # \\",y="line\nline",} 2)"
                                 "\n"
                                 R"(b { p = "q" , r="s" }	3)");
  ASSERT_EQ(read.samples.size(), 2U);
  EXPECT_EQ(read.samples[0].labels, R"(x="}\" 1 # \\",y="line\nline",)");
  EXPECT_DOUBLE_EQ(read.samples[0].value, 2);
  EXPECT_DOUBLE_EQ(read.samples[1].value, 3);
  for (const char* const text :
       {R"(a{x="1} 2)", R"(a{x=1} 2)", R"(a{x="\t"} 2)", R"(a{="1"} 2)", R"(a{x="1" y="2"} 2)",
        R"(a{x="1")", R"(a{1x="1"} 2)", R"(a{"x"} 2)"}) {
    const auto broken = read_metrics(text);
    EXPECT_EQ(broken.last, Parsed::kError) << text;
    EXPECT_NE(broken.why.find("labels"), std::string::npos) << text;
  }
}

TEST(MetricsText, TimestampsAndExemplarsAreSetAside) {
  const auto read = read_metrics(
      "a 1 1520879607.789\nb_total 2 # {trace=\"x\"} 0.5 1.5\nc_total 3 4 # {} 1\nd 5 -6\n");
  ASSERT_EQ(read.samples.size(), 4U);
  EXPECT_DOUBLE_EQ(read.samples[0].timestamp.value_or(0), 1520879607.789);
  EXPECT_FALSE(read.samples[1].timestamp);
  EXPECT_DOUBLE_EQ(read.samples[2].timestamp.value_or(0), 4);
  EXPECT_DOUBLE_EQ(read.samples[3].timestamp.value_or(0), -6);
  EXPECT_EQ(read_metrics("a 1 soon").why, "what stands behind its value is no timestamp");
  EXPECT_EQ(read_metrics("a 1 2 3").why, "something stands behind its timestamp");
}

TEST(MetricsText, WhatIsNoSampleIsNamedByItsLine) {
  const auto page = read_metrics("a 1\n<!DOCTYPE html>\nb 2\n");
  EXPECT_EQ(page.last, Parsed::kError);
  EXPECT_EQ(page.line, 2U);
  EXPECT_EQ(page.why, "it does not begin with the name of a metric");
  EXPECT_EQ(page.samples.size(), 1U);
  EXPECT_EQ(read_metrics("9a 1").last, Parsed::kError);
  EXPECT_EQ(read_metrics("a\"b 1").last, Parsed::kError);
  EXPECT_EQ(read_metrics("a 1\r\n").last, Parsed::kError);  // both end lines with LF alone
}

TEST(MetricsText, TheEndIsTheEnd) {
  EXPECT_FALSE(read_metrics("a 1\n").complete);
  EXPECT_FALSE(read_metrics("a 1\n# EOF of another kind\n").complete);
  EXPECT_TRUE(read_metrics("# EOF").complete);
  const auto behind = read_metrics("a 1\n# EOF\nb 2\n");
  EXPECT_EQ(behind.last, Parsed::kError);
  EXPECT_EQ(behind.why, "it stands behind '# EOF'");
  const auto nothing = read_metrics("");
  EXPECT_EQ(nothing.last, Parsed::kEnd);
  EXPECT_TRUE(nothing.samples.empty());
}

// A reader that has refused a text stays with it.
TEST(MetricsText, NothingIsReadBehindAnError) {
  MetricsText reader("?\na 1\n");
  MetricSample sample;
  EXPECT_EQ(reader.next(sample), Parsed::kError);
  EXPECT_EQ(reader.next(sample), Parsed::kError);
}

}  // namespace
}  // namespace pushbench::wire
