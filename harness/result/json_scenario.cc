#include "harness/result/json_scenario.h"

#include "harness/base/check.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace pushbench::result {
namespace {

using plan::Nanos;
using plan::PayloadSpec;
using plan::Threshold;

constexpr std::size_t kMaxListed = 100'000;  // of any list in a scenario but the payload lines

template <class T>
struct Name {
  T value;
  std::string_view name;
};
constexpr auto kArrivals = std::to_array<Name<plan::Arrival>>({
    {plan::Arrival::kConstant, "constant"},
    {plan::Arrival::kPoisson, "poisson"},
    {plan::Arrival::kBurst, "burst"},
    {plan::Arrival::kTrace, "trace"},
});
constexpr auto kKinds = std::to_array<Name<PayloadSpec::Kind>>({
    {PayloadSpec::Kind::kFixed, "fixed"},
    {PayloadSpec::Kind::kUniform, "uniform"},
    {PayloadSpec::Kind::kLognormal, "lognormal"},
    {PayloadSpec::Kind::kFile, "file"},
});
constexpr auto kOps = std::to_array<Name<Threshold::Op>>({
    {Threshold::Op::kLess, "<"},
    {Threshold::Op::kLessEqual, "<="},
    {Threshold::Op::kEqual, "=="},
    {Threshold::Op::kGreaterEqual, ">="},
    {Threshold::Op::kGreater, ">"},
});

template <class T, std::size_t N>
std::string_view name_of(T value, const std::array<Name<T>, N>& names) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [value](const auto& row) { return row.value == value; });
  PUSHBENCH_CHECK(found != names.end());
  return found->name;
}

template <class T, std::size_t N>
T value_of(const JsonView& json, const std::array<Name<T>, N>& names) {
  const std::string text = json.text();
  std::array<std::string_view, N> known;
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i].name == text) {
      return names[i].value;
    }
    known[i] = names[i].name;
  }
  json.fail("is '" + printable(text) + "', which this program does not know" +
            did_you_mean(text, known));
  return names[0].value;
}

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

void write_payload(JsonWriter& json, const PayloadSpec& payload) {
  json.begin_object();
  json.field("kind", name_of(payload.kind, kKinds));
  json.field("size_bytes", payload.size);
  json.field("low_bytes", payload.low);
  json.field("high_bytes", payload.high);
  json.field("median_bytes", payload.median);
  json.field("p99_bytes", payload.p99);
  json.field("max_bytes", payload.max);
  json.field("file", payload.file);
  json.key("lines");
  json.begin_array();
  for (const auto& line : payload.lines) {
    json.value(line);
  }
  json.end_array();
  json.end_object();
}

PayloadSpec read_payload(const JsonView& json) {
  PayloadSpec payload;
  payload.kind = value_of(json.at("kind"), kKinds);
  payload.size = json.at("size_bytes").whole32();
  payload.low = json.at("low_bytes").whole32();
  payload.high = json.at("high_bytes").whole32();
  payload.median = json.at("median_bytes").whole32();
  payload.p99 = json.at("p99_bytes").whole32();
  payload.max = json.at("max_bytes").whole32();
  payload.file = json.at("file").text();
  for (const auto& line : json.at("lines").items(kMaxJsonValues)) {
    payload.lines.push_back(line.text());
  }
  return payload;
}

void write_events(JsonWriter& json, const plan::EventSpec& events) {
  json.begin_object();
  json.field("rate_per_s", events.rate_per_s);
  json.field("arrival", name_of(events.arrival, kArrivals));
  json.field("burst", events.burst);
  if (events.arrival == plan::Arrival::kTrace) {
    json.key("trace");
    json.begin_object();
    json.field("file", events.trace->file);
    json.field("events", events.trace->events);
    json.field("period_ns", events.trace->period.count());
    json.field("digest", events.trace->digest);
    json.end_object();
  }
  json.key("payload");
  write_payload(json, events.payload);
  json.end_object();
}

plan::EventSpec read_events(const JsonView& json) {
  plan::EventSpec events;
  events.rate_per_s = json.at("rate_per_s").number();
  events.arrival = value_of(json.at("arrival"), kArrivals);
  events.burst = json.at("burst").whole32();
  if (events.arrival == plan::Arrival::kTrace) {
    const auto trace = json.at("trace");
    events.trace = std::make_shared<const plan::Trace>(
        plan::Trace{.file = trace.at("file").text(),
                    .events = trace.at("events").whole(),
                    .period = Nanos{trace.at("period_ns").nanos()},
                    .digest = trace.at("digest").text()});
  }
  events.payload = read_payload(json.at("payload"));
  return events;
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
