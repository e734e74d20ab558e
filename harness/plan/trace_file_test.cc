#include "harness/plan/trace_file.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;

std::vector<Nanos> due_of(std::string_view text) {
  const auto trace = parse_trace(text, "t.txt");
  EXPECT_TRUE(trace) << trace.error().text;
  return trace ? trace->due : std::vector<Nanos>();
}

std::string trace_failure(std::string_view text) {
  const auto trace = parse_trace(text, "t.txt");
  return trace ? "(accepted)" : trace.error().text;
}

TEST(TraceFile, SecondsCountFromTheStartOfPublishing) {
  const std::vector<Nanos> wanted{500ms, 500ms, 2s, Nanos(3'000'000'001)};
  EXPECT_EQ(due_of("0.5\n\n 0.50\t# twice\r\n2\n3.000000001"), wanted);
}

TEST(TraceFile, InstantsCountFromTheFirst) {
  const std::vector<Nanos> wanted{0s, 250ms, 1h, 24h};
  EXPECT_EQ(due_of("2024-02-28T23:30:00Z\n2024-02-28T23:30:00.25Z\n"
                   "2024-02-29T01:30:00+01:00\n2024-02-29T18:00:00-05:30\n"),
            wanted);
}

TEST(TraceFile, MistakesNameFileAndLine) {
  const auto expects = [](std::string_view text, std::string_view what) {
    EXPECT_NE(trace_failure(text).find(what), std::string::npos) << trace_failure(text);
  };
  expects("1\n# x\n0.5\n", "t.txt:3: '0.5' is before the line above it; sort the file");
  expects("1\nsoon\n", "t.txt:2: expected seconds from the start such as 12.25, or an instant");
  expects("1\nsoon\n", ", got 'soon'");
  expects("1\n2020-01-01T00:00:00Z\n", "t.txt:2: mixes seconds and instants");
  expects("1\n2678401\n", "t.txt:2: '2678401' is more than 31 days after the start");
  expects("", "t.txt: has no instant");
  expects("5\n", "t.txt: has one instant");
  expects("5\n5\n", "t.txt: has instants that are all the same");
  expects("1\n" + std::string(99, 'x'), "xxx…'");
}

TEST(TraceFile, RefusesWhatOnlyLooksLikeAnInstant) {
  for (const std::string_view line : {"-1",
                                      "+1",
                                      ".5",
                                      "1e3",
                                      "1.",
                                      "1.0000000001",
                                      "0x1",
                                      "1,5",
                                      "nan",
                                      "1 2",
                                      "9999999999",
                                      "2020-01-01T00:00:00",
                                      "2020-02-30T00:00:00Z",
                                      "2020-13-01T00:00:00Z",
                                      "2020-01-01T24:00:00Z",
                                      "2020-01-01T00:60:00Z",
                                      "2020-01-01T00:00:60Z",
                                      "2020-01-01T00:00:00Zx",
                                      "2020-01-01T00:00:00+25:00",
                                      "2020-01-01T00:00:00+1:00",
                                      "2020-01-01 00:00:00Z",
                                      "20-01-01T00:00:00Z",
                                      "1969-12-31T00:00:00Z"}) {
    EXPECT_NE(trace_failure(line).find("t.txt:1: expected"), std::string::npos) << line;
  }
}

TEST(TraceFile, HasABound) {
  std::string text;
  for (std::size_t i = 0; i < kMaxTraceEvents; ++i) {
    text += i == 0 ? "0\n" : "1\n";
  }
  EXPECT_EQ(parse_trace(text, "t.txt").value().events, kMaxTraceEvents);
  EXPECT_NE(trace_failure(text + "1\n").find("t.txt:1000001: is one event more than the 1,000,000"),
            std::string::npos);
}

TEST(TraceFile, BeginsAgainOneMeanGapAfterItsEnd) {
  const auto trace = parse_trace("1\n2\n5\n", "t.txt").value();
  EXPECT_EQ(trace.period, 7s);  // 5 and the mean of 1 and 3
  EXPECT_DOUBLE_EQ(rate_of(trace), 3.0 / 7);
  EXPECT_NE(trace.digest, parse_trace("1\n2\n6\n", "t.txt").value().digest);
  EXPECT_EQ(trace.digest, parse_trace("1.0\n2\n5 # the same\n", "u.txt").value().digest);
}

TEST(TraceFile, TheBusiestStretch) {
  const auto trace = parse_trace("0\n1\n1.1\n1.2\n4\n", "t.txt").value();  // again from 5 s on
  EXPECT_EQ(most_within(trace, 0s), 1U);
  EXPECT_EQ(most_within(trace, 200ms), 3U);
  EXPECT_EQ(most_within(trace, 2200ms), 5U);  // 4, 5 and 6 to 6.2
  EXPECT_EQ(most_within(trace, 5s + 200ms), 8U);
  EXPECT_EQ(most_within(trace, 10s), 11U);
}

TEST(TraceFile, StaysBelowTheFolder) {
  const auto trace = load_trace("../x.txt", ".");
  ASSERT_FALSE(trace);
  EXPECT_NE(trace.error().text.find("expected a path below the scenario's folder"),
            std::string::npos);
}

}  // namespace
}  // namespace pushbench::plan
