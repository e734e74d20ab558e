#include "harness/plan/scenario.h"

#include "harness/base/random.h"
#include "harness/plan/event_plan.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

namespace pushbench::plan {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

const fs::path kFolder = fs::path(PUSHBENCH_SOURCE_DIR) / "scenarios";

std::vector<fs::path> shipped() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".yaml") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

Scenario parsed(std::string_view text) {
  auto scenario = parse_scenario(text, "t.yaml", ".");
  EXPECT_TRUE(scenario) << (scenario ? "" : scenario.error().text);
  return scenario ? std::move(*scenario) : Scenario();
}

TEST(Shipped, AllAreThere) {
  std::set<std::string> names;
  for (const auto& file : shipped()) {
    names.insert(file.stem());
  }
  for (const auto* name : {"quick", "chat", "ticker", "news-feed", "notification-burst"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(Shipped, EachIsSoundFairAndShort) {
  for (const auto& file : shipped()) {
    const auto scenario = load_scenario(file.string());
    ASSERT_TRUE(scenario) << scenario.error().text;
    EXPECT_EQ(scenario->name, file.stem());
    EXPECT_EQ(scenario->origin, file.string());
    EXPECT_FALSE(scenario->about.empty()) << file;
    EXPECT_TRUE(
        scenario->text.starts_with("# yaml-language-server: $schema=scenario.schema.json\n"))
        << file;
    // 299 independent draws are what a 99th percentile needs; events that fall due together are
    // one.
    const auto counts = count_events(*scenario);
    const bool bursts = scenario->events.arrival == Arrival::kBurst;
    if (scenario->published.empty()) {  // one that repeats an experiment keeps to its rate
      EXPECT_GE(counts.measured / (bursts ? scenario->events.burst : 1), 299U) << file;
    }
    Nanos total{};
    for (const auto& cell : scenario->strategies) {
      total += scenario->cell_time(cell);
    }
    // What is rare and large takes as long as it says.
    constexpr std::uint32_t kLarge = 50'000;
    EXPECT_LE(total, scenario->clients < kLarge ? 180s : 720s) << file;
  }
}

TEST(Shipped, ReadmeNamesEach) {
  std::ifstream in(kFolder / "README.md");
  const std::string readme{std::istreambuf_iterator<char>(in), {}};
  for (const auto& file : shipped()) {
    const auto name = file.filename().string();
    EXPECT_NE(readme.find("(" + name + ")"), std::string::npos) << name;
  }
}

TEST(Shipped, QuickCoversEveryCellInUnderAMinute) {
  const auto quick = load_scenario((kFolder / "quick.yaml").string());
  ASSERT_TRUE(quick) << quick.error().text;
  const std::array<std::string, 6> cells{
      "polling/interval=1s",   "polling/interval=1s,new-connection",
      "long-polling/hold=25s", "streaming/chunked",
      "streaming/sse",         "websocket"};
  ASSERT_EQ(quick->strategies.size(), cells.size());
  Nanos total{};
  for (std::size_t i = 0; i < cells.size(); ++i) {
    EXPECT_EQ(quick->strategies[i].cell_name(), cells.at(i));
    total += quick->cell_time(quick->strategies[i]);
  }
  EXPECT_LT(total, 50s);  // the rest of the minute is for starting and stopping servers
  EXPECT_GE(count_events(*quick).measured, 299U);
  EXPECT_EQ(quick->clients, 100U);
  EXPECT_EQ(quick->topics, 1U);
}

TEST(Scenario, JsonIsReadToo) {
  const auto scenario = parsed(
      R"({"name": "j", "clients": 5, "events": {"rate": "20/s", "payload": "64B"},
          "strategies": [{"polling": {"jitter": 0.5}}, {"websocket": {}}]})");
  EXPECT_EQ(scenario.clients, 5U);
  EXPECT_DOUBLE_EQ(scenario.events.rate_per_s, 20);
  EXPECT_EQ(scenario.strategies.size(), 2U);
}

TEST(Scenario, FilesThatCannotBeReadSaySo) {
  EXPECT_EQ(load_scenario("/nowhere/chat.yaml").error().text,
            "cannot read '/nowhere/chat.yaml': No such file or directory");
  EXPECT_EQ(load_scenario("/tmp").error().text, "cannot read '/tmp': not a regular file");
  EXPECT_EQ(load_scenario("/nowhere").error().code, ExitCode::kUsage);
}

TEST(Scenario, PayloadFilesAreLookedForBesideTheScenario) {
  const auto home =
      fs::temp_directory_path() / ("pushbench-scenario-" + std::to_string(::getpid()));
  fs::create_directories(home);
  std::ofstream(home / "\x1b.yaml") << "names: s\n";
  const auto odd = load_scenario((home / "\x1b.yaml").string());
  std::ofstream(home / "lines.txt") << "a line that is long enough\n";
  std::ofstream(home / "s.yaml")
      << "name: s\nevents: {payload: {file: lines.txt}}\nstrategies: [{websocket: {}}]\n";
  const auto scenario = load_scenario((home / "s.yaml").string());
  fs::remove_all(home);
  EXPECT_EQ(odd.error().text,
            home.string() + "/\\x1b.yaml:1:1: unknown key 'names', did you mean 'name'?");
  ASSERT_TRUE(scenario) << scenario.error().text;
  EXPECT_EQ(scenario->events.payload.lines, std::vector<std::string>{"a line that is long enough"});
}

TEST(Scenario, DrainAndLateFollowThePollInterval) {
  Scenario scenario;
  const StrategySpec slow{.strategy = "polling", .interval = 5s};
  const StrategySpec push{.strategy = "websocket"};
  EXPECT_EQ(scenario.drain_of(slow), 6s);
  EXPECT_EQ(scenario.drain_of(push), 1s);
  EXPECT_EQ(scenario.late_of(slow), 10s);
  EXPECT_EQ(scenario.late_of(push), 1s);
  EXPECT_EQ(scenario.cell_time(slow), 1s + 1s + 10s + 6s);
  scenario.phases.drain = 8s;
  scenario.late = 300ms;
  EXPECT_EQ(scenario.drain_of(slow), 8s);
  EXPECT_EQ(scenario.late_of(slow), 300ms);
}

TEST(Scenario, ALinkMakesTheSlowestReaderSlower) {
  Scenario scenario;
  scenario.link = {.rtt = 400ms, .jitter = 50ms};
  const StrategySpec slow{.strategy = "polling", .interval = 5s};
  const StrategySpec push{.strategy = "websocket"};
  EXPECT_EQ(scenario.drain_of(slow), 6s + 500ms);
  EXPECT_EQ(scenario.drain_of(push), 1s + 500ms);
  EXPECT_EQ(scenario.late_of(slow), 10s + 500ms);
  EXPECT_EQ(scenario.late_of(push), 1s + 500ms);
  scenario.events.rate_per_s = 100;
  scenario.events.arrival = Arrival::kConstant;
  EXPECT_EQ(scenario.log_events_needed(slow), 2U * (650 + 1));
}

TEST(Scenario, LogHoldsTwiceWhatTheSlowestReaderMisses) {
  Scenario scenario;
  scenario.events.rate_per_s = 100;
  scenario.events.arrival = Arrival::kConstant;
  const StrategySpec slow{.strategy = "polling", .interval = 5s};
  const StrategySpec push{.strategy = "websocket"};
  EXPECT_EQ(scenario.log_events_needed(slow), 2U * (600 + 1));
  EXPECT_EQ(scenario.log_events_needed(push), 2U * (100 + 1));
  scenario.topics = 10;
  EXPECT_EQ(scenario.log_events_needed(slow), 2U * 61);
  scenario.events.arrival = Arrival::kBurst;
  scenario.events.burst = 1000;  // every 10 s: one of them within 6 s
  EXPECT_EQ(scenario.log_events_needed(slow), 2U * 100 * 1);
  scenario.events.burst = 300;  // every 3 s: three of them
  EXPECT_EQ(scenario.log_events_needed(slow), 2U * 90);
}

// The bound held against real plans: no window of interval + 1 s holds more in one topic.
TEST(Scenario, LogIsNeverTooSmallForAPlan) {
  const StrategySpec slow{.strategy = "polling", .interval = 2s};
  for (const auto arrival : {Arrival::kConstant, Arrival::kPoisson, Arrival::kBurst}) {
    Scenario scenario;
    scenario.topics = 7;
    scenario.events.rate_per_s = 90;
    scenario.events.arrival = arrival;
    scenario.events.burst = 40;
    scenario.phases.measure = 5min;
    std::vector<std::vector<Nanos>> due(scenario.topics);
    EventPlan plan(scenario);
    while (const auto event = plan.next()) {
      due[event->topic].push_back(event->due);
    }
    const auto bound = scenario.log_events_needed(slow) / 2;
    for (const auto& topic : due) {
      std::size_t first = 0;
      for (std::size_t last = 0; last < topic.size(); ++last) {
        while (topic[last] - topic[first] > 3s) {
          ++first;
        }
        ASSERT_LE(last - first + 1, bound);
      }
    }
  }
}

TEST(Scenario, ClientsAreSpreadEvenlyOverTopics) {
  Scenario scenario;
  scenario.clients = 1000;
  scenario.topics = 50;
  scenario.topics_per_client = 3;
  std::vector<int> subscribers(50, 0);
  for (std::uint32_t client = 0; client < scenario.clients; ++client) {
    for (std::uint32_t j = 0; j < scenario.topics_per_client; ++j) {
      ++subscribers.at(scenario.topic_of(client, j));
    }
  }
  EXPECT_EQ(std::set<int>(subscribers.begin(), subscribers.end()), std::set<int>{60});
  EXPECT_EQ(scenario.subscriptions(), 3000U);
}

TEST(Scenario, HashFollowsTheWorkloadAlone) {
  const std::string base = "strategies: [{websocket: {}}]\nname: a\n";
  const std::string hash = parsed(base).hash();
  EXPECT_EQ(hash.size(), 16U);
  EXPECT_EQ(hash.find_first_not_of("0123456789abcdef"), std::string::npos);
  for (const std::string_view same :
       {"about: other words\n", "# a comment\n", "thresholds: [lost == 0]\n", "repeats: 5\n",
        "clients: 1_00\n", "events: {rate: 600/min}\n", "events: {burst: 99}\n"}) {
    EXPECT_EQ(parsed(base + std::string(same)).hash(), hash) << same;
  }
  EXPECT_EQ(parsed("strategies: [{streaming: {}}]\nname: b\n").hash(), hash);
  std::set<std::string> hashes{hash};
  for (const std::string_view other : {"clients: 101\n",
                                       "topics: 2\n",
                                       "topics: 2\ntopics-per-client: 2\n",
                                       "seed: 2\n",
                                       "events: {rate: 11/s}\n",
                                       "events: {arrival: constant}\n",
                                       "events: {arrival: burst}\n",
                                       "events: {arrival: burst, burst: 5}\n",
                                       "events: {payload: 129B}\n",
                                       "events: {payload: {uniform: [16B, 128B]}}\n",
                                       "events: {payload: {uniform: [16B, 127B]}}\n",
                                       "events: {payload: {lognormal: {median: 16B, p99: 128B}}}\n",
                                       "upstream: {}\n",
                                       "upstream: {rate: 1/s}\n",
                                       "upstream: {payload: 65B}\n",
                                       "link: {}\n",
                                       "link: {rtt: 1ms}\n",
                                       "link: {rtt: 1ms, jitter: 1us}\n",
                                       "link: {down: 1Mbit/s}\n",
                                       "link: {up: 1Mbit/s}\n",
                                       "link: {downlink: 1Mbit/s}\n",
                                       "link: {uplink: 1Mbit/s}\n",
                                       "phases: {ramp: 2s}\n",
                                       "phases: {warmup: 2s}\n",
                                       "phases: {measure: 2s}\n",
                                       "phases: {drain: 2s}\n",
                                       "late: 2s\n"}) {
    EXPECT_TRUE(hashes.insert(parsed(base + std::string(other)).hash()).second) << other;
  }
}

TEST(Scenario, HashCoversThePayloadText) {
  Scenario one;
  one.events.payload.lines = {"ab", "c"};
  Scenario two;
  two.events.payload.lines = {"a", "bc"};
  EXPECT_NE(one.hash(), two.hash());
}

std::string mutated(std::string text, const std::string& other, Random& random) {
  static const std::array<std::string, 24> kPieces{
      "{",  "}",  "[",    "]",   ":",   "-",    "\n",   " ",
      "'",  "\"", "&a ",  "*a",  "!t ", "? ",   "|\n",  "99999999",
      "-1", "0",  "1M/s", "24h", "1ns", "\x1b", "\xff", "polling: {interval: 1ms}"};
  for (auto edits = 1 + random.below(4); edits > 0; --edits) {
    const auto at = random.below(text.size() + 1);
    const auto length = std::min<std::uint64_t>(random.below(12), text.size() - at);
    switch (random.below(4)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, kPieces.at(random.below(kPieces.size()))); break;
      case 2: text.insert(at, other.substr(random.below(other.size()), random.below(40))); break;
      default: text.replace(at, length, 1, static_cast<char>(random.below(256))); break;
    }
  }
  return text;
}

// Whatever stands in a file: it ends, with a scenario that holds what it promises or a message that
// can be printed.
TEST(Scenario, MutatedScenariosNeverCrash) {
  std::vector<std::string> texts;
  for (const auto& file : shipped()) {
    texts.push_back(load_scenario(file.string())->text);
  }
  Random random(2);
  int accepted = 0;
  constexpr int kRounds = 4000;
  for (int i = 0; i < kRounds; ++i) {
    const auto& other = texts[random.below(texts.size())];
    const auto text = mutated(texts[random.below(texts.size())], other, random);
    const auto scenario = parse_scenario(text, "fuzz.yaml", kFolder.string());
    if (!scenario) {
      const auto& message = scenario.error().text;
      ASSERT_TRUE(message.starts_with("fuzz.yaml:")) << message;
      ASSERT_TRUE(std::none_of(message.begin(), message.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20U;
      })) << message;
      continue;
    }
    ++accepted;
    ASSERT_FALSE(scenario->name.empty());
    ASSERT_FALSE(scenario->strategies.empty());
    ASSERT_GE(scenario->events.payload.size, kMinPayload);
    ASSERT_LE(scenario->topics_per_client, scenario->topics);
    ASSERT_EQ(scenario->hash().size(), 16U);
    ASSERT_TRUE(EventPlan(*scenario).next());
  }
  EXPECT_GT(accepted, kRounds / 20);
  EXPECT_LT(accepted, kRounds);
}

}  // namespace
}  // namespace pushbench::plan
