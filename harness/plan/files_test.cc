#include "harness/plan/files.h"

#include "harness/plan/event_plan.h"
#include "harness/plan/scenario.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only
namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::path(::testing::TempDir()) / "pushbench-files";
    fs::create_directories(directory_);
    write("q.http", "GET /stock HTTP/1.1\nHost: localhost\n");
    write("r.http", "HTTP/1.1 200 OK\nContent-Length: 21\n");
    write("lines.txt", "sixteen bytes and some more\n");
  }
  void TearDown() override { fs::remove_all(directory_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(directory_ / name, std::ios::binary) << text;
  }
  Result<Scenario> read(const std::string& headers) const {
    return parse_scenario(
        "name: a\nclients: 1\nevents: {rate: 1/s, arrival: constant, payload: 21B}\n"
        "strategies: [{polling: {interval: 1s}}, {websocket: {}}]\nheaders: {" +
            headers + "}\n",
        "a.yaml", directory_.string());
  }
  std::string complaint(const std::string& headers) const {
    const auto scenario = read(headers);
    return scenario ? "(accepted)" : scenario.error().text;
  }

  fs::path directory_;
};

TEST_F(Files, HeadsGoToThePollsAndOnlyToThem) {
  const auto scenario = read("request: q.http, response: r.http");
  ASSERT_TRUE(scenario) << scenario.error().text;
  const auto& polls = scenario->strategies[0];
  EXPECT_TRUE(polls.replays());
  EXPECT_EQ(polls.request_head, "GET /stock HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(polls.response_length, 21U);
  EXPECT_EQ(fs::path(polls.response_file), fs::canonical(directory_ / "r.http"));
  EXPECT_FALSE(scenario->strategies[1].replays());
  write("r.http", "HTTP/1.1 200 OK\nContent-Length: 21\nX: y\n");
  EXPECT_NE(read("request: q.http, response: r.http")->hash(), scenario->hash());
}

TEST_F(Files, WhatCannotBeReplayedIsSaidWithItsPlace) {
  EXPECT_EQ(complaint("request: q.http"),
            "a.yaml:5:10: headers.response: missing; add response: heads/response.http");
  EXPECT_EQ(complaint("request: ../q.http, response: r.http"),
            "a.yaml:5:20: headers.request: expected a path below the scenario's folder, without "
            "'..', got '../q.http'");
  EXPECT_NE(complaint("request: none.http, response: r.http").find("cannot read 'none.http'"),
            std::string::npos);
  EXPECT_NE(complaint("request: r.http, response: r.http").find("is not one HTTP/1.1 request head"),
            std::string::npos);
  EXPECT_NE(complaint("request: q.http, response: q.http").find("headers.response: "),
            std::string::npos);
  write("big.http", "GET / HTTP/1.1\nHost: x\nA: " + std::string(20'000, 'a'));
  EXPECT_NE(complaint("request: big.http, response: r.http").find("larger than"),
            std::string::npos);
}

TEST_F(Files, ReplayedAnswersFixTheWorkload) {
  const auto with = [this](const std::string& rest) {
    const auto scenario =
        parse_scenario("name: a\nheaders: {request: q.http, response: r.http}\n" + rest, "a.yaml",
                       directory_.string());
    return scenario ? "(accepted)" : scenario.error().text;
  };
  const std::string events = "events: {rate: 1/s, arrival: constant, payload: 21B}\n";
  const std::string polls = "strategies: [{polling: {interval: 1s}}]\n";
  EXPECT_EQ(with(events + polls), "(accepted)");
  EXPECT_NE(with("events: {rate: 1/s, arrival: constant, payload: 22B}\n" + polls)
                .find("events must be of 21B"),
            std::string::npos);
  EXPECT_NE(with("events: {rate: 1/s, payload: 21B}\n" + polls).find("use arrival: constant"),
            std::string::npos);
  EXPECT_NE(with("events: {rate: 2/s, arrival: constant, payload: 21B}\n" + polls)
                .find("rate of at most 1/s"),
            std::string::npos);
  EXPECT_NE(with(events + polls + "topics: 2\n").find("names no topic"), std::string::npos);
  EXPECT_NE(with(events + "strategies: [{polling: {connection: new}}]\n").find("keep their"),
            std::string::npos);
  EXPECT_EQ(with("events: {rate: 9/s}\nstrategies: [{websocket: {}}]\n"), "(accepted)");
}

TEST_F(Files, PayloadLinesAreRead) {
  const auto scenario = parse_scenario(
      "name: a\nevents: {payload: {file: lines.txt}}\nstrategies: [{websocket: {}}]\n", "a.yaml",
      directory_.string());
  ASSERT_TRUE(scenario) << scenario.error().text;
  EXPECT_EQ(scenario->events.payload.lines.size(), 1U);
}

TEST(PublishedFigures, AreReadAndWrongOnesAreNamed) {
  const auto read = [](const std::string& figure) {
    return parse_scenario("name: a\nstrategies: [{websocket: {}}]\npublished:\n  - " + figure,
                          "a.yaml", ".");
  };
  const auto good =
      read("{cell: websocket, says: latency.max < 1s, clients: 5k, source: an article}\n");
  ASSERT_TRUE(good) << good.error().text;
  ASSERT_EQ(good->published.size(), 1U);
  EXPECT_EQ(good->published[0].clients, 5000U);
  EXPECT_EQ(good->published[0].says.metric, "latency.max");
  EXPECT_EQ(good->published[0].says.limit, 1e9);
  EXPECT_EQ(good->published[0].says.line, 4);
  for (const auto* wrong :
       {"{cell: websocket, says: fast, source: x}\n", "{cell: websocket, source: x}\n",
        "{cell: websocket, says: lost == 0, source: x, from: y}\n", "websocket\n"}) {
    EXPECT_FALSE(read(wrong)) << wrong;
  }
}

class TraceFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("pushbench-traces-" + std::to_string(::getpid()));
    fs::create_directories(root_);
    std::ofstream(root_ / "trace.txt") << "0\n0.25\n0.5\n4.75\n";  // a mean gap of 1.583 s
    std::ofstream(root_ / "bad.txt") << "0\n-1\n";
  }
  void TearDown() override { fs::remove_all(root_); }

  Result<Scenario> parse(const std::string& events, const Overrides& overrides = {}) {
    return parse_scenario("name: t\nevents: " + events +
                              "\nphases: {warmup: 1s, measure: 10s}\nstrategies: [websocket: {}]\n",
                          "t.yaml", root_.string(), overrides);
  }
  std::string failure_of(const std::string& events, const Overrides& overrides = {}) {
    const auto scenario = parse(events, overrides);
    return scenario ? "(accepted)" : scenario.error().text;
  }
  fs::path root_;
};

TEST_F(TraceFiles, ATraceSetsInstantsAndRate) {
  const auto scenario = parse("{arrival: trace, trace: trace.txt}");
  ASSERT_TRUE(scenario) << scenario.error().text;
  EXPECT_NEAR(scenario->events.rate_per_s, 4 / 6.3333, 0.001);
  std::vector<Nanos> due;
  EventPlan plan(*scenario);
  while (const auto event = plan.next()) {
    due.push_back(event->due);
  }
  const Nanos again = scenario->events.trace->period;
  EXPECT_EQ(due, (std::vector<Nanos>{0ms, 250ms, 500ms, 4750ms, again, again + 250ms,
                                     again + 500ms}));  // ends after 11 s
  EXPECT_EQ(count_events(*scenario).measured, 4U);
}

TEST_F(TraceFiles, TheInstantsAreInTheHash) {
  const auto hash = parse("{arrival: trace, trace: trace.txt}")->hash();
  std::ofstream(root_ / "trace.txt") << "0\n0.25\n0.75\n4.75\n";
  EXPECT_NE(parse("{arrival: trace, trace: trace.txt}")->hash(), hash);
}

// A client that comes back after a second may ask for all that fell due together.
TEST_F(TraceFiles, TheLogHoldsTheBusiestSecond) {
  const auto scenario = parse("{arrival: trace, trace: trace.txt}");
  EXPECT_EQ(scenario->log_events_needed(scenario->strategies[0]), 8U);  // twice 3 and 1
}

TEST_F(TraceFiles, MistakesSayWhere) {
  EXPECT_EQ(failure_of("{arrival: trace, trace: bad.txt}"),
            "t.yaml:2:33: events.trace: bad.txt:2: expected seconds from the start such as 12.25, "
            "or an instant such as 2026-11-21T18:30:00.25Z, got '-1'");
  EXPECT_EQ(failure_of("{arrival: trace}"),
            "t.yaml:2:19: events.arrival: a trace needs its file: add trace: FILE beside it");
  EXPECT_EQ(failure_of("{trace: trace.txt}"),
            "t.yaml:2:17: events.trace: only with arrival: trace; add it, or remove the file");
  EXPECT_EQ(failure_of("{arrival: trace, trace: trace.txt, rate: 5/s}"),
            "t.yaml:2:50: events.rate: the instants of the trace make the rate; leave it out");
  Overrides faster;
  faster.rate = "5/s";
  EXPECT_EQ(failure_of("{arrival: trace, trace: trace.txt}", faster),
            "--rate: the instants of the trace make the rate; leave it out");
  EXPECT_NE(failure_of("{arrival: trace, trace: none.txt}").find("events.trace: cannot read"),
            std::string::npos);
}

}  // namespace
}  // namespace pushbench::plan
