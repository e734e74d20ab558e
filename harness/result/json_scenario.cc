#include "harness/result/json_scenario.h"

#include "harness/result/json_events.h"
#include "harness/result/json_names.h"

#include <algorithm>
#include <array>
#include <string>

namespace pushbench::result {
namespace {

using plan::Nanos;
using plan::Threshold;

constexpr std::size_t kMaxListed = 100'000;  // of any list in a scenario but the payload lines

constexpr auto kOps = std::to_array<Name<Threshold::Op>>({
    {Threshold::Op::kLess, "<"},
    {Threshold::Op::kLessEqual, "<="},
    {Threshold::Op::kEqual, "=="},
    {Threshold::Op::kGreaterEqual, ">="},
    {Threshold::Op::kGreater, ">"},
});

// Which options a strategy has; one that is not listed here shows all.
struct Options {
  std::string_view strategy;
  bool interval, jitter, connection, hold, encoding;
};
constexpr auto kOptions = std::to_array<Options>({
    {"polling", true, true, true, false, false},
    {"long-polling", false, false, false, true, false},
    {"streaming", false, false, false, false, true},
    {"websocket", false, false, false, false, false},
});

Options options_of(std::string_view strategy) {
  const auto found = std::find_if(kOptions.begin(), kOptions.end(),
                                  [strategy](const auto& row) { return row.strategy == strategy; });
  return found == kOptions.end() ? Options{strategy, true, true, true, true, true} : *found;
}

struct LinkRate {
  std::string_view name;
  std::uint64_t plan::LinkSpec::*value;
};
constexpr auto kLinkRates = std::to_array<LinkRate>({
    {"down_bit_per_s", &plan::LinkSpec::down},
    {"up_bit_per_s", &plan::LinkSpec::up},
    {"downlink_bit_per_s", &plan::LinkSpec::downlink},
    {"uplink_bit_per_s", &plan::LinkSpec::uplink},
});

void write_link(JsonWriter& json, const plan::LinkSpec& link) {
  json.begin_object();
  json.field("rtt_ns", link.rtt.count());
  json.field("jitter_ns", link.jitter.count());
  for (const auto& rate : kLinkRates) {
    if (link.*rate.value != 0) {
      json.field(rate.name, link.*rate.value);
    }
  }
  json.end_object();
}

plan::LinkSpec read_link(const JsonView& json) {
  plan::LinkSpec link;
  link.rtt = Nanos{json.at("rtt_ns").nanos()};
  link.jitter = Nanos{json.at("jitter_ns").nanos()};
  for (const auto& rate : kLinkRates) {
    if (const auto limit = json.find(rate.name)) {
      link.*rate.value = limit->whole();
    }
  }
  return link;
}

void write_phases(JsonWriter& json, const plan::Phases& phases) {
  json.begin_object();
  json.field("ramp_ns", phases.ramp.count());
  json.field("warmup_ns", phases.warmup.count());
  json.field("measure_ns", phases.measure.count());
  json.field("drain_ns", phases.drain.count());
  json.end_object();
}

plan::Phases read_planned_phases(const JsonView& json) {
  return {.ramp = Nanos{json.at("ramp_ns").nanos()},
          .warmup = Nanos{json.at("warmup_ns").nanos()},
          .measure = Nanos{json.at("measure_ns").nanos()},
          .drain = Nanos{json.at("drain_ns").nanos()}};
}

void write_threshold(JsonWriter& json, const Threshold& threshold) {
  json.begin_object();
  json.field("text", threshold.text);
  json.field("metric", threshold.metric);
  json.field("op", name_of(threshold.op, kOps));
  json.field("limit", threshold.limit);
  if (threshold.kind == Threshold::Kind::kTarget) {
    json.field("of_target", true);
  }
  json.field("line", threshold.line);
  json.end_object();
}

Threshold read_threshold(const JsonView& json) {
  constexpr std::uint64_t kMaxLine = 100'000'000;
  const auto of_target = json.find("of_target");
  return {.text = json.at("text").text(),
          .metric = json.at("metric").text(),
          .op = value_of(json.at("op"), kOps),
          .limit = json.at("limit").number(),
          .kind = of_target && of_target->boolean() ? Threshold::Kind::kTarget
                                                    : Threshold::Kind::kNumber,
          .line = static_cast<int>(json.at("line").whole(kMaxLine))};
}

void write_lists(JsonWriter& json, const plan::Scenario& scenario) {
  json.key("strategies");
  json.begin_array();
  for (const auto& spec : scenario.strategies) {
    json.begin_object();
    write_strategy(json, spec);
    json.end_object();
  }
  json.end_array();
  json.key("thresholds");
  json.begin_array();
  for (const auto& threshold : scenario.thresholds) {
    write_threshold(json, threshold);
  }
  json.end_array();
  if (scenario.published.empty()) {
    return;
  }
  json.key("published");
  json.begin_array();
  for (const auto& figure : scenario.published) {
    json.begin_object();
    json.field("cell", figure.cell);
    json.field("clients", figure.clients);
    json.field("source", figure.source);
    json.key("says");
    write_threshold(json, figure.says);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

void write_strategy(JsonWriter& json, const plan::StrategySpec& spec) {
  const auto has = options_of(spec.strategy);
  json.field("strategy", spec.strategy);
  json.key("options");
  json.begin_object();
  if (has.interval) {
    json.field("interval_ns", spec.interval.count());
  }
  if (has.jitter) {
    json.field("jitter", spec.jitter);
  }
  if (has.connection) {
    json.field("new_connection", spec.new_connection);
  }
  if (has.hold) {
    json.field("hold_ns", spec.hold.count());
  }
  if (has.encoding) {
    json.field("encoding", spec.encoding);
  }
  if (spec.compresses()) {
    json.field("compression", spec.compression);
  }
  if (spec.replays()) {
    json.field("request_head", spec.request_head);
    json.field("response_head", spec.response_head);
    json.field("response_length_bytes", spec.response_length);
  }
  json.end_object();
}

plan::StrategySpec read_strategy(const JsonView& json) {
  plan::StrategySpec spec;
  spec.strategy = json.at("strategy").text();
  const auto has = options_of(spec.strategy);
  const auto options = json.at("options");
  if (has.interval) {
    spec.interval = Nanos{options.at("interval_ns").nanos()};
  }
  if (has.jitter) {
    spec.jitter = options.at("jitter").number();
  }
  if (has.connection) {
    spec.new_connection = options.at("new_connection").boolean();
  }
  if (has.hold) {
    spec.hold = Nanos{options.at("hold_ns").nanos()};
  }
  if (has.encoding) {
    spec.encoding = options.at("encoding").text();
  }
  if (const auto compression = options.find("compression")) {
    spec.compression = compression->text();
  }
  if (const auto head = options.find("request_head")) {
    spec.request_head = head->text();
    spec.response_head = options.at("response_head").text();
    spec.response_length = options.at("response_length_bytes").whole32();
  }
  return spec;
}

void write_scenario(JsonWriter& json, const plan::Scenario& scenario) {
  json.begin_object();
  json.field("name", scenario.name);
  json.field("hash", scenario.hash());
  json.field("about", scenario.about);
  json.field("origin", scenario.origin);
  json.field("clients", scenario.clients);
  if (scenario.clients_profile) {
    json.key("clients_profile");
    write_profile(json, *scenario.clients_profile);
  }
  json.field("topics", scenario.topics);
  json.field("topics_per_client", scenario.topics_per_client);
  json.key("events");
  write_events(json, scenario.events);
  if (scenario.upstream) {
    json.key("upstream");
    json.begin_object();
    json.field("rate_per_s", scenario.upstream->rate_per_s);
    json.field("payload_bytes", scenario.upstream->payload);
    json.end_object();
  }
  if (scenario.link) {
    json.key("link");
    write_link(json, *scenario.link);
  }
  json.key("phases");
  write_phases(json, scenario.phases);
  write_lists(json, scenario);
  json.field("seed", scenario.seed);
  json.field("repeats", scenario.repeats);
  if (scenario.late) {
    json.field("late_ns", scenario.late->count());
  }
  json.field("text", scenario.text);
  json.end_object();
}

plan::Scenario read_scenario(const JsonView& json) {
  plan::Scenario scenario;
  scenario.name = json.at("name").text();
  scenario.about = json.at("about").text();
  scenario.origin = json.at("origin").text();
  scenario.clients = json.at("clients").whole32();
  if (const auto profile = json.find("clients_profile")) {
    scenario.clients_profile = read_profile(*profile);
  }
  scenario.topics = json.at("topics").whole32();
  scenario.topics_per_client = json.at("topics_per_client").whole32();
  scenario.events = read_events(json.at("events"));
  if (const auto upstream = json.find("upstream")) {
    scenario.upstream = {.rate_per_s = upstream->at("rate_per_s").number(),
                         .payload = upstream->at("payload_bytes").whole32()};
  }
  if (const auto link = json.find("link")) {
    scenario.link = read_link(*link);
  }
  scenario.phases = read_planned_phases(json.at("phases"));
  for (const auto& spec : json.at("strategies").items(kMaxListed)) {
    scenario.strategies.push_back(read_strategy(spec));
  }
  for (const auto& threshold : json.at("thresholds").items(kMaxListed)) {
    scenario.thresholds.push_back(read_threshold(threshold));
  }
  if (const auto published = json.find("published")) {
    for (const auto& figure : published->items(kMaxListed)) {
      scenario.published.push_back({.cell = figure.at("cell").text(),
                                    .says = read_threshold(figure.at("says")),
                                    .clients = figure.at("clients").whole32(),
                                    .source = figure.at("source").text()});
    }
  }
  scenario.seed = json.at("seed").whole();
  scenario.repeats = json.at("repeats").whole32();
  if (const auto late = json.find("late_ns")) {
    scenario.late = Nanos{late->nanos()};
  }
  scenario.text = json.at("text").text();
  return scenario;
}

}  // namespace pushbench::result
