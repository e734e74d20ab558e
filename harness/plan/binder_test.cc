#include "harness/plan/binder.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kHead = "name: chat\nstrategies: [{websocket: {}}]\n";

Result<Bound> bound_of(std::string_view text, const Overrides& overrides = {}) {
  static const std::string kOrigin = "chat.yaml";
  static const std::string kHome = ".";
  const auto root = parse_document(text, kOrigin);
  if (!root) {
    return root.error();
  }
  return bind_scenario(*root, kOrigin, kHome, overrides);
}

std::string binding_failure(std::string_view text, const Overrides& overrides = {}) {
  const auto bound = bound_of(text, overrides);
  return bound ? "(accepted)" : bound.error().text;
}

TEST(Binder, ReadsEveryKey) {
  const auto bound = bound_of(R"(
name: chat
about: 1,000 people in 50 rooms
clients: 1_000
topics: 50
topics-per-client: 2
events: {rate: 6k/min, arrival: burst, burst: 25, payload: {uniform: [64B, 1kB]}}
upstream: {rate: 6/min, payload: 100B}
link: {rtt: 100ms, jitter: 10ms, down: 20Mbit/s, up: 5Mbit/s, downlink: 1Gbit/s}
phases: {ramp: 2s, warmup: 3s, measure: 1m30s, drain: 500ms}
strategies:
  - polling: {interval: 250ms, jitter: 10%, connection: new}
  - long-polling: {hold: 20s}
  - streaming: {encoding: sse}
  - websocket:
thresholds: [latency.p99 < 20ms, lost == 0]
seed: 7
repeats: 3
late: 4s
)");
  ASSERT_TRUE(bound) << bound.error().text;
  const Scenario& s = bound->scenario;
  EXPECT_EQ(s.name, "chat");
  EXPECT_EQ(s.about, "1,000 people in 50 rooms");
  EXPECT_EQ(s.origin, "chat.yaml");
  EXPECT_EQ(s.clients, 1000U);
  EXPECT_EQ(s.topics, 50U);
  EXPECT_EQ(s.topics_per_client, 2U);
  EXPECT_DOUBLE_EQ(s.events.rate_per_s, 100);
  EXPECT_EQ(s.events.arrival, Arrival::kBurst);
  EXPECT_EQ(s.events.burst, 25U);
  EXPECT_EQ(s.events.payload.kind, PayloadSpec::Kind::kUniform);
  EXPECT_EQ(s.events.payload.low, 64U);
  EXPECT_EQ(s.events.payload.high, 1000U);
  ASSERT_TRUE(s.upstream);
  EXPECT_DOUBLE_EQ(s.upstream->rate_per_s, 0.1);
  EXPECT_EQ(s.upstream->payload, 100U);
  ASSERT_TRUE(s.link);
  EXPECT_EQ(s.link->rtt, 100ms);
  EXPECT_EQ(s.link->jitter, 10ms);
  EXPECT_EQ(s.link->down, 20'000'000U);
  EXPECT_EQ(s.link->up, 5'000'000U);
  EXPECT_EQ(s.link->downlink, 1'000'000'000U);
  EXPECT_EQ(s.link->uplink, 0U);
  EXPECT_EQ(s.phases.ramp, 2s);
  EXPECT_EQ(s.phases.warmup, 3s);
  EXPECT_EQ(s.phases.measure, 90s);
  EXPECT_EQ(s.phases.drain, 500ms);
  ASSERT_EQ(s.strategies.size(), 4U);
  EXPECT_EQ(s.strategies[0].cell_name(), "polling/interval=250ms,jitter=0.1,new-connection");
  EXPECT_EQ(s.strategies[1].cell_name(), "long-polling/hold=20s");
  EXPECT_EQ(s.strategies[2].cell_name(), "streaming/sse");
  EXPECT_EQ(s.strategies[3].cell_name(), "websocket");
  ASSERT_EQ(s.thresholds.size(), 2U);
  EXPECT_EQ(s.thresholds[0].metric, "latency.p99");
  EXPECT_EQ(s.thresholds[0].line, 16);
  EXPECT_EQ(s.seed, 7U);
  EXPECT_EQ(s.repeats, 3U);
  EXPECT_EQ(s.late, Nanos(4s));
}

// The defaults of the table and those of the structs are written in two places; this holds them
// together.
TEST(Binder, DefaultsAreThoseOfTheStructs) {
  const auto bound = bound_of(
      "name: a\nstrategies: [{polling: {}}, {long-polling: {}}, {streaming: {}},"
      " {websocket: {}}]\nupstream: {}\n");
  ASSERT_TRUE(bound) << bound.error().text;
  const Scenario& s = bound->scenario;
  const Scenario plain;
  EXPECT_EQ(s.clients, plain.clients);
  EXPECT_EQ(s.topics, plain.topics);
  EXPECT_EQ(s.topics_per_client, plain.topics_per_client);
  EXPECT_DOUBLE_EQ(s.events.rate_per_s, plain.events.rate_per_s);
  EXPECT_EQ(s.events.arrival, plain.events.arrival);
  EXPECT_EQ(s.events.burst, plain.events.burst);
  EXPECT_EQ(s.events.payload.kind, plain.events.payload.kind);
  EXPECT_EQ(s.events.payload.size, plain.events.payload.size);
  EXPECT_DOUBLE_EQ(s.upstream->rate_per_s, UpstreamSpec().rate_per_s);
  EXPECT_EQ(s.upstream->payload, UpstreamSpec().payload);
  EXPECT_EQ(s.phases.ramp, plain.phases.ramp);
  EXPECT_EQ(s.phases.warmup, plain.phases.warmup);
  EXPECT_EQ(s.phases.measure, plain.phases.measure);
  EXPECT_EQ(s.phases.drain, plain.phases.drain);
  EXPECT_EQ(s.seed, plain.seed);
  EXPECT_EQ(s.repeats, plain.repeats);
  EXPECT_FALSE(s.late);
  for (const auto& cell : s.strategies) {
    StrategySpec fresh;
    fresh.strategy = cell.strategy;
    EXPECT_EQ(cell.cell_name(), fresh.cell_name());
  }
  EXPECT_FALSE(bound_of(kHead)->scenario.upstream);
  EXPECT_FALSE(bound_of(kHead)->scenario.link);
}

TEST(Binder, ReadsTheOtherPayloadForms) {
  const auto lognormal =
      bound_of(std::string(kHead) + "events: {payload: {lognormal: {median: 200B, p99: 2kB}}}\n");
  ASSERT_TRUE(lognormal) << lognormal.error().text;
  EXPECT_EQ(lognormal->scenario.events.payload.kind, PayloadSpec::Kind::kLognormal);
  EXPECT_EQ(lognormal->scenario.events.payload.median, 200U);
  EXPECT_EQ(lognormal->scenario.events.payload.p99, 2000U);
}

TEST(Binder, EveryMistakeSaysWhereAndWhat) {
  struct Case {
    std::string_view text;  // after name and strategies, from line 3
    std::string message;
  };
  const std::string known =
      "; known here: name, about, clients, topics, topics-per-client, events, upstream, link, "
      "phases, strategies, headers, published, thresholds, seed, repeats, late";
  const std::array<Case, 23> cases{{
      {"cleints: 5\n", "3:1: unknown key 'cleints', did you mean 'clients'?"},
      {"zzz: 5\n", "3:1: unknown key 'zzz'" + known},
      {"events: {rat: 5/s}\n", "3:10: events: unknown key 'rat', did you mean 'rate'?"},
      {"events.rate: 5/s\n", "3:1: unknown key 'events.rate'" + known},
      {"phases:\n  x[]: 1s\n",
       "4:3: phases: unknown key 'x[]'; known here: ramp, warmup, measure, drain"},
      {"events:\n  rate: fast\n",
       "4:9: events.rate: expected a rate such as 100/s or 6/min, got 'fast'"},
      {"clients: -5\n",
       "3:10: clients: expected a whole number such as 1000, 1_000 or 10k, got '-5'"},
      {"events: 5\n",
       "3:9: events: expected a map such as {rate: 100/s, arrival: poisson, payload: 128B}, got "
       "'5'"},
      {"upstream:\n",
       "3:1: upstream: expected a map such as {rate: 6/min, payload: 64B}, got nothing"},
      {"events: {payload: 8B}\n",
       "3:19: events.payload: expected 16B to 1MiB (an event begins with its stamp of 16 bytes), "
       "got '8B'"},
      {"events: {payload: [1B]}\n",
       "3:19: events.payload: expected a size such as 128B, or a map of one of uniform, lognormal, "
       "file; got a list"},
      {"events: {payload: {uniform: [16B, 17B], file: x}}\n",
       "3:19: events.payload: expected a size such as 128B, or a map of one of uniform, lognormal, "
       "file; got 2 keys"},
      {"events: {payload: {normal: 5B}}\n",
       "3:20: events.payload: unknown key 'normal'; known here: uniform, lognormal, file"},
      {"events: {payload: {uniform: 5B}}\n",
       "3:29: events.payload.uniform: expected two sizes such as [64B, 1kB]"},
      {"events: {payload: {uniform: [64B, big]}}\n",
       "3:35: events.payload.uniform: expected a size such as 128B, 4kB or 1MiB, got 'big'"},
      {"events: {payload: {uniform: [64B, 32B]}}\n",
       "3:29: events.payload.uniform: expected the smaller size first, got [64B, 32B]"},
      {"events: {payload: {lognormal: {median: 64B}}}\n",
       "3:31: events.payload.lognormal.p99: missing; add p99: 2kB"},
      {"events: {payload: {file: ../x}}\n",
       "3:26: events.payload.file: expected a path below the scenario's folder, without '..', got "
       "'../x'"},
      {"thresholds: lost == 0\n",
       "3:13: thresholds: expected a list of at most 64 conditions such as [latency.p99 < 20ms, "
       "lost == 0], got 'lost == 0'"},
      {"thresholds: [lost == 0, lost]\n",
       "3:25: thresholds[1]: expected a metric, one of < <= == >= > and a limit, such as "
       "latency.p99 < 20ms, got 'lost'"},
      {"thresholds: [{lost: 0}]\n",
       "3:14: thresholds[0]: expected text such as latency.p99 < 20ms, got a map"},
      {"about: \"a\\u001bb\"\n",
       "3:8: about: expected one line of text, at most 300 bytes, without control characters, got "
       "'a\\x1bb'"},
      {"\"\\u001b[2J\": 1\n", "3:1: unknown key '\\x1b[2J'" + known},
  }};
  for (const auto& row : cases) {
    EXPECT_EQ(binding_failure(std::string(kHead).append(row.text)),
              std::string("chat.yaml:").append(row.message))
        << row.text;
  }
}

TEST(Binder, MistakesInStrategies) {
  struct Case {
    std::string_view text, message;  // text: after the name, from line 2
  };
  const std::array<Case, 11> cases{{
      {"",
       "1:1: strategies: missing; add strategies: [{polling: {interval: 1s}}, {websocket: {}}]"},
      {"strategies: []\n",
       "2:13: strategies: expected a list of strategies such as [{polling: {interval: 1s}}, "
       "{websocket: {}}], got an empty list"},
      {"strategies: {websocket: {}}\n",
       "2:13: strategies: expected a list of strategies such as [{polling: {interval: 1s}}, "
       "{websocket: {}}], got a map"},
      {"strategies: [websocket]\n",
       "2:14: strategies[0]: expected a strategy with its options such as polling: {interval: 1s}, "
       "got 'websocket'; without options write websocket: {}"},
      {"strategies:\n  - websockets: {}\n",
       "3:5: strategies[0]: unknown strategy 'websockets', did you mean 'websocket'?"},
      {"strategies:\n  - carrier-pigeon: {}\n",
       "3:5: strategies[0]: unknown strategy 'carrier-pigeon'; known here: polling, long-polling, "
       "streaming, websocket"},
      {"strategies:\n  - polling:\n    interval: 1s\n",
       "3:5: strategies[0]: expected one strategy, its options indented below it; got 2 keys"},
      {"strategies:\n  - websocket: {}\n  - polling: {intervall: 1s}\n",
       "4:15: strategies[1].polling: unknown key 'intervall', did you mean 'interval'?"},
      {"strategies:\n  - polling: {interval: 2h}\n",
       "3:25: strategies[0].polling.interval: expected 0s to 1h, got '2h'"},
      {"strategies:\n  - streaming: {encoding: xml}\n",
       "3:27: strategies[0].streaming.encoding: expected one of chunked, sse, got 'xml'"},
      {"strategies:\n  - polling: {compression: permessage-deflate}\n",
       "3:28: strategies[0].polling.compression: expected one of none, gzip (HTTP answers are "
       "compressed with gzip, WebSocket messages with permessage-deflate), got "
       "'permessage-deflate'"},
  }};
  for (const auto& row : cases) {
    EXPECT_EQ(binding_failure(std::string("name: a\n").append(row.text)),
              std::string("chat.yaml:").append(row.message))
        << row.text;
  }
  EXPECT_EQ(binding_failure("strategies: [{websocket: {}}]\n"),
            "chat.yaml:1:1: name: missing; add name: chat");
  std::string many = "name: a\nstrategies:\n";
  for (std::size_t i = 0; i <= kMaxStrategies; ++i) {
    many += "  - websocket: {}\n";
  }
  EXPECT_EQ(binding_failure(many), "chat.yaml:3:3: strategies: at most 64 cells");
}

TEST(Binder, FlagsReplaceWhatTheFileSays) {
  Overrides flags;
  flags.clients = "2k";
  flags.topics = "4";
  flags.rate = "5/s";
  flags.payload = "1kB";
  flags.measure = "2s";
  flags.warmup = "3s";
  flags.ramp = "4s";
  flags.rtt = "80ms";  // also where the file has no link
  flags.seed = "9";
  flags.repeats = "5";
  const auto bound = bound_of(
      std::string(kHead) + "clients: 7\nevents: {payload: {uniform: [16B, 32B]}}\n", flags);
  ASSERT_TRUE(bound) << bound.error().text;
  const Scenario& s = bound->scenario;
  EXPECT_EQ(s.clients, 2000U);
  EXPECT_EQ(s.topics, 4U);
  EXPECT_DOUBLE_EQ(s.events.rate_per_s, 5);
  EXPECT_EQ(s.events.payload.kind, PayloadSpec::Kind::kFixed);
  EXPECT_EQ(s.events.payload.size, 1000U);
  EXPECT_EQ(s.phases.measure, 2s);
  EXPECT_EQ(s.phases.warmup, 3s);
  EXPECT_EQ(s.phases.ramp, 4s);
  ASSERT_TRUE(s.link);
  EXPECT_EQ(s.link->rtt, 80ms);
  EXPECT_EQ(s.seed, 9U);
  EXPECT_EQ(s.repeats, 5U);
  EXPECT_EQ(bound->places.where("clients"), "--clients");
  EXPECT_EQ(bound->places.where("events"), "chat.yaml:4:9: events");
  EXPECT_EQ(bound->places.where("phases.drain"), "chat.yaml: phases.drain");
}

TEST(Binder, MistakesInFlagsNameTheFlag) {
  Overrides flags;
  flags.clients = "many";
  EXPECT_EQ(binding_failure(kHead, flags),
            "--clients: expected a whole number such as 1000, 1_000 or 10k, got 'many'");
  flags = {};
  flags.payload = "1B";
  EXPECT_EQ(binding_failure(kHead, flags),
            "--payload: expected 16B to 1MiB (an event begins with its stamp of 16 bytes), got "
            "'1B'");
  flags = {};
  flags.rate = "\x1b[2J";
  EXPECT_EQ(binding_failure(kHead, flags),
            "--rate: expected a rate such as 100/s or 6/min, got '\\x1b[2J'");
}

TEST(Binder, StrategyFlagKeepsMatchingCells) {
  const std::string text =
      "name: a\nstrategies: [{polling: {}}, {long-polling: {}}, {polling: {connection: new}}, "
      "{websocket: {}}]\n";
  Overrides flags;
  flags.strategies = {"websocket", "polling"};
  const auto bound = bound_of(text, flags);
  ASSERT_TRUE(bound) << bound.error().text;
  ASSERT_EQ(bound->scenario.strategies.size(), 3U);
  EXPECT_EQ(bound->scenario.strategies[1].cell_name(), "polling/interval=1s,new-connection");
  EXPECT_EQ(bound->cells,
            (std::vector<std::string>{"strategies[0]", "strategies[2]", "strategies[3]"}));
  flags.strategies = {"polling/interval=1s,new"};
  EXPECT_EQ(bound_of(text, flags)->scenario.strategies.size(), 1U);
  flags.strategies = {"websocket", "sse"};
  EXPECT_EQ(
      binding_failure(text, flags),
      "--strategy: chat.yaml: no cell's name begins with 'sse'; the cells are polling/interval=1s, "
      "long-polling/hold=25s, polling/interval=1s,new-connection, websocket");
}

}  // namespace
}  // namespace pushbench::plan
