#include "harness/plan/checks.h"

#include "harness/plan/scenario.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pushbench::plan {
namespace {

std::string verdict_of(std::string_view text, const Overrides& overrides = {}) {
  const auto scenario = parse_scenario(text, "chat.yaml", ".", overrides);
  return scenario ? "(accepted)" : scenario.error().text;
}

// `text` stands from line 2 on.
std::string verdict_below_name(std::string_view text) {
  return verdict_of(std::string("name: a\n").append(text));
}

TEST(Checks, CombinationsThatCannotWork) {
  struct Case {
    std::string_view text, message;
  };
  const std::array<Case, 15> cases{{
      {"strategies: [{websocket: {}}]\ntopics: 3\ntopics-per-client: 4\n",
       "chat.yaml:4:20: topics-per-client: 4 topics for each client, but there are only 3; raise "
       "topics or lower topics-per-client"},
      {"strategies: [{websocket: {}}]\nclients: 200k\ntopics: 10\ntopics-per-client: 6\n",
       "chat.yaml:3:10: clients: 200000 clients with 6 topics each need 1200000 connections; at "
       "most 1000000"},
      {"strategies: [{websocket: {}}]\nevents: {payload: {lognormal: {median: 200B, p99: 100B}}}\n",
       "chat.yaml:3:51: events.payload.lognormal.p99: 100B is below the median of 200B"},
      {"strategies: [{websocket: {}}]\nevents: {rate: 1M/s}\nphases: {measure: 1m}\n",
       "chat.yaml:3:16: events.rate: 61000000 events in warmup and measure; at most 50000000, so "
       "lower the rate or shorten the phases"},
      {"strategies: [{websocket: {}}]\nclients: 10k\nupstream: {rate: 1k/s}\n",
       "chat.yaml:4:18: upstream.rate: all clients together would send 10000000 events a second; "
       "at most 1000000"},
      {"strategies: [{websocket: {}}]\nevents: {rate: 1/h}\n",
       "chat.yaml:3:16: events.rate: no event would be measured (0.0028 expected in 10s); raise "
       "the rate or lengthen phases.measure"},
      {"strategies: [{websocket: {}}]\nevents: {rate: 1/s, arrival: burst, burst: 60}\n",
       "chat.yaml:3:16: events.rate: no event would be measured (10 expected in 10s); raise the "
       "rate or lengthen phases.measure"},
      {"strategies:\n  - polling: {}\n  - websocket: {}\n  - polling: {interval: 1000ms}\n",
       "chat.yaml:5:5: strategies[2]: the same cell as strategies[0] (polling/interval=1s); remove "
       "one of them"},
      {"strategies:\n  - polling: {interval: 30s}\n",
       "chat.yaml:3:25: strategies[0].polling.interval: 30s is longer than the measure phase "
       "(10s), so that some clients would not poll in it; poll at least every 10s or give "
       "--measure 30s"},
      {"strategies: [{websocket: {}}, {polling: {interval: 10s}}]\nevents: {rate: 100k/s}\n",
       "chat.yaml:2:32: strategies[1]: polling/interval=10s would need a topic log of 2212602 "
       "events, at most 1000000; lower events.rate or shorten the interval"},
      {"strategies: [{polling: {interval: 10s}}]\nphases: {measure: 10s}\n", "(accepted)"},
      {"strategies: [{websocket: {}}]\nlink: {rtt: 100ms, jitter: 51ms}\n",
       "chat.yaml:3:28: link.jitter: a trip takes 50ms, so it cannot be 51ms shorter; at most half "
       "of link.rtt"},
      {"strategies: [{websocket: {}}]\nlink: {rtt: 200ms, down: 100Mbit/s}\n",
       "chat.yaml:3:26: link.down: 100Mbit/s over a trip of 100ms has more under way than the 1 "
       "MiB "
       "that a connection may; lower the rate or link.rtt"},
      {"strategies: [{websocket: {}}]\nlink: {rtt: 200ms, up: 100Mbit/s}\n",
       "chat.yaml:3:24: link.up: 100Mbit/s over a trip of 100ms has more under way than the 1 MiB "
       "that a connection may; lower the rate or link.rtt"},
      {"strategies: [{websocket: {}}]\nlink: {rtt: 100ms, jitter: 50ms, down: 167Mbit/s}\n",
       "(accepted)"},
  }};
  for (const auto& row : cases) {
    EXPECT_EQ(verdict_below_name(row.text), row.message) << row.text;
  }
}

TEST(Checks, PointAtTheFlagThatCausedIt) {
  Overrides flags;
  flags.rate = "1/h";
  EXPECT_EQ(verdict_of("name: a\nstrategies: [{websocket: {}}]\n", flags),
            "--rate: no event would be measured (0.0028 expected in 10s); raise the rate or "
            "lengthen phases.measure");
}

TEST(Checks, OnlyCellsThatAreKeptAreChecked) {
  const std::string text = "name: a\nstrategies: [{websocket: {}}, {polling: {interval: 30s}}]\n";
  EXPECT_NE(verdict_of(text), "(accepted)");
  Overrides flags;
  flags.strategies = {"websocket"};
  EXPECT_EQ(verdict_of(text, flags), "(accepted)");
}

}  // namespace
}  // namespace pushbench::plan
