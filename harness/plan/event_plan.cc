#include "harness/plan/event_plan.h"

#include "harness/base/check.h"
#include "harness/wire/stamp.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace pushbench::plan {
namespace {

static_assert(kMinPayload == wire::kStampSize);

// 99 % of a standard normal distribution lies below it (Abramowitz and Stegun, table 26.5).
constexpr double kNormalP99 = 2.3263478740408408;

constexpr std::string_view kFiller =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

// A plan steps through sizes only; the lines may be megabytes.
PayloadSpec without_lines(const PayloadSpec& payload) {
  PayloadSpec out;
  out.kind = payload.kind;
  out.size = payload.size;
  out.low = payload.low;
  out.high = payload.high;
  out.median = payload.median;
  out.p99 = payload.p99;
  out.max = payload.max;
  return out;
}

std::uint32_t lognormal_size(const PayloadSpec& payload, Random& random) {
  const double ratio = static_cast<double>(payload.p99) / payload.median;
  const double sigma = std::log(ratio) / kNormalP99;
  const double size = payload.median * std::exp(sigma * random.normal());
  return static_cast<std::uint32_t>(std::clamp(std::round(size), static_cast<double>(kMinPayload),
                                               static_cast<double>(payload.max)));
}

}  // namespace

Schedule::Spec publish_spec(const Scenario& scenario) {
  return {.arrival = scenario.events.arrival,
          .rate_per_s = scenario.events.rate_per_s,
          .curve = scenario.events.profile ? std::make_shared<const Curve>(*scenario.events.profile,
                                                                           scenario.phases.warmup)
                                           : nullptr,
          .burst = scenario.events.burst,
          .trace = scenario.events.trace,
          .length = scenario.phases.warmup + scenario.phases.measure,
          .seed = scenario.seed,
          .stream = kPublishStream};
}

Schedule::Spec upstream_spec(const Scenario& scenario, std::uint64_t client) {
  PUSHBENCH_CHECK(scenario.upstream.has_value());
  return {.arrival = Arrival::kPoisson,
          .rate_per_s = scenario.upstream->rate_per_s,
          .curve = {},
          .burst = 1,
          .trace = {},
          .length = scenario.phases.warmup + scenario.phases.measure,
          .seed = scenario.seed,
          .stream = kUpstreamStreams + client};
}

EventPlan::EventPlan(const Scenario& scenario)
    : payload_(without_lines(scenario.events.payload)),
      schedule_(publish_spec(scenario)),
      topic_random_(scenario.seed, kTopicStream),
      size_random_(scenario.seed, kSizeStream),
      arrival_(scenario.events.arrival),
      ordinals_(scenario.topics, 0) {
  line_sizes_.reserve(scenario.events.payload.lines.size());
  for (const auto& line : scenario.events.payload.lines) {
    line_sizes_.push_back(static_cast<std::uint32_t>(line.size()));
  }
  PUSHBENCH_CHECK(payload_.kind != PayloadSpec::Kind::kFile || !line_sizes_.empty());
}

std::uint32_t EventPlan::next_size() {
  switch (payload_.kind) {
    case PayloadSpec::Kind::kFixed: return payload_.size;
    case PayloadSpec::Kind::kUniform:
      return payload_.low + static_cast<std::uint32_t>(size_random_.below(
                                std::uint64_t{payload_.high} - payload_.low + 1));
    case PayloadSpec::Kind::kLognormal: return lognormal_size(payload_, size_random_);
    case PayloadSpec::Kind::kFile: return line_sizes_[index_ % line_sizes_.size()];
  }
  return payload_.size;
}

std::optional<PlannedEvent> EventPlan::next() {
  const auto due = schedule_.next();
  if (!due) {
    return std::nullopt;
  }
  const std::uint64_t topics = ordinals_.size();
  const std::uint64_t topic =
      arrival_ == Arrival::kPoisson ? topic_random_.below(topics) : index_ % topics;
  PlannedEvent event{.index = index_,
                     .due = *due,
                     .topic = static_cast<std::uint32_t>(topic),
                     .ordinal = ordinals_[topic]++,
                     .size = next_size()};
  ++index_;
  return event;
}

void write_payload(const PayloadSpec& payload,
                   const PlannedEvent& event,
                   std::uint32_t run_tag,
                   std::string& out) {
  PUSHBENCH_CHECK(event.size >= kMinPayload);
  if (payload.kind == PayloadSpec::Kind::kFile) {
    out = payload.lines.at(event.index % payload.lines.size());
  } else {
    out.clear();
    out.reserve(event.size);
    while (out.size() < event.size) {
      out += kFiller.substr(0, event.size - out.size());
    }
  }
  wire::encode_stamp({.run_tag = run_tag, .index = event.index},
                     std::span<char, wire::kStampSize>(out.data(), wire::kStampSize));
}

PlannedCounts count_events(const Scenario& scenario) {
  PlannedCounts counts;
  counts.measured_by_topic.resize(scenario.topics);
  counts.first_measured_ordinal.resize(scenario.topics);
  EventPlan plan(scenario);
  while (const auto event = plan.next()) {
    ++counts.published;
    if (event->due < scenario.phases.warmup) {
      counts.first_measured_ordinal[event->topic] = event->ordinal + 1;
    } else {
      ++counts.measured;
      ++counts.measured_by_topic[event->topic];
    }
  }
  return counts;
}

}  // namespace pushbench::plan
