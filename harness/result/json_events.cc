#include "harness/result/json_events.h"

#include "harness/result/json_names.h"

#include <array>
#include <utility>

namespace pushbench::result {
namespace {

using plan::Nanos;
using plan::PayloadSpec;
using plan::Profile;

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
constexpr auto kShapes = std::to_array<Name<Profile::Shape>>({
    {Profile::Shape::kSteps, "steps"},
    {Profile::Shape::kRamp, "ramp"},
    {Profile::Shape::kDaily, "daily"},
    {Profile::Shape::kHourly, "hourly"},
});

void write_day(JsonWriter& json, const Profile& profile) {
  json.field("period_ns", profile.period.value_or(plan::kDay).count());
  json.field("time_compressed", profile.compression());
}

void read_day(const JsonView& json, Profile& profile) {
  profile.period = Nanos{json.at("period_ns").nanos()};
  if (profile.period <= Nanos(0)) {
    json.at("period_ns").fail("must be above 0");
  }
}

void read_steps(const JsonView& json, Profile& profile) {
  for (const auto& step : json.items(plan::kMaxProfileSteps)) {
    profile.steps.push_back(
        {.at = Nanos{step.at("at_ns").nanos()}, .value = step.at("level").number()});
  }
  if (profile.steps.empty()) {
    json.fail("must have a step");
    profile.steps.emplace_back();
  }
}

void read_weights(const JsonView& json, Profile& profile) {
  profile.weights = json.numbers();
  if (profile.weights.size() != plan::kHoursOfADay) {
    json.fail("must have 24 numbers");
    profile.weights.assign(plan::kHoursOfADay, 1);
  }
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

}  // namespace

void write_events(JsonWriter& json, const plan::EventSpec& events) {
  json.begin_object();
  json.field("rate_per_s", events.rate_per_s);
  if (events.profile) {
    json.key("rate_profile");
    write_profile(json, *events.profile);
  }
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
  if (const auto profile = json.find("rate_profile")) {
    events.profile = read_profile(*profile);
  }
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

void write_profile(JsonWriter& json, const Profile& profile) {
  json.begin_object();
  json.field("shape", name_of(profile.shape, kShapes));
  switch (profile.shape) {
    case Profile::Shape::kSteps:
      json.key("steps");
      json.begin_array();
      for (const auto& step : profile.steps) {
        json.begin_object();
        json.field("at_ns", step.at.count());
        json.field("level", step.value);
        json.end_object();
      }
      json.end_array();
      break;
    case Profile::Shape::kRamp:
      json.field("from", profile.from);
      json.field("to", profile.to);
      json.field("over_ns", profile.over.value_or(Nanos(0)).count());
      break;
    case Profile::Shape::kDaily:
      json.field("low", profile.low);
      json.field("high", profile.high);
      json.field("peak_at_ns", profile.peak_at.count());
      write_day(json, profile);
      break;
    case Profile::Shape::kHourly:
      json.field("mean", profile.mean);
      json.key("weights");
      json.begin_array(JsonWriter::Layout::kLine);
      for (const double weight : profile.weights) {
        json.value(weight);
      }
      json.end_array();
      write_day(json, profile);
      break;
  }
  json.end_object();
}

std::shared_ptr<const Profile> read_profile(const JsonView& json) {
  Profile profile;
  profile.shape = value_of(json.at("shape"), kShapes);
  switch (profile.shape) {
    case Profile::Shape::kSteps: read_steps(json.at("steps"), profile); break;
    case Profile::Shape::kRamp:
      profile.from = json.at("from").number();
      profile.to = json.at("to").number();
      profile.over = Nanos{json.at("over_ns").nanos()};
      break;
    case Profile::Shape::kDaily:
      profile.low = json.at("low").number();
      profile.high = json.at("high").number();
      profile.peak_at = Nanos{json.at("peak_at_ns").nanos()};
      read_day(json, profile);
      break;
    case Profile::Shape::kHourly:
      profile.mean = json.at("mean").number();
      read_weights(json.at("weights"), profile);
      read_day(json, profile);
      break;
  }
  return std::make_shared<const Profile>(std::move(profile));
}

}  // namespace pushbench::result
