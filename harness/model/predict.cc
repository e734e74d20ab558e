#include "harness/model/predict.h"

#include "harness/base/check.h"
#include "harness/model/event_bytes.h"
#include "harness/model/long_polling.h"
#include "harness/model/polling.h"
#include "harness/model/push.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pushbench::model {
namespace {

double seconds(plan::Nanos time) {
  return std::chrono::duration<double>(time).count();
}

// The workload of a cell at a given number of events: `scale` times the planned rate.
struct Case {
  const plan::Scenario& scenario;
  const plan::StrategySpec& cell;
  const Assumptions& assumptions;
  double scale = 1;

  Arrivals arrivals() const {
    Arrivals out = arrivals_of(scenario);
    out.rate_per_s *= scale;
    return out;
  }
  double one_way() const { return seconds(assumptions.one_way); }
  double turnaround() const { return seconds(assumptions.processing); }
  double warmup() const { return seconds(scenario.phases.warmup); }
  double window() const { return seconds(scenario.phases.measure); }
  double subscriptions() const { return static_cast<double>(scenario.subscriptions()); }
  // Time from a poll's first packet to its answer; a new connection costs a round trip.
  double busy() const { return (cell.new_connection ? 4 : 2) * one_way() + turnaround(); }
};

Polls polls_of(const Case& c) {
  return {.interval_s = seconds(c.cell.interval),
          .jitter = c.cell.jitter,
          .one_way_s = c.one_way(),
          .busy_s = c.busy()};
}

Asking ask_polling(const Case& c) {
  return polling(polls_of(c), c.arrivals());
}

Asking ask_long_polling(const Case& c) {
  const LongPolls polls{
      .hold_s = seconds(c.cell.hold), .one_way_s = c.one_way(), .turnaround_s = c.turnaround()};
  return long_polling(polls, c.arrivals()).asking;
}

// Nothing is asked: as a push, all zero but the latency.
Asking ask_nothing(const Case& c) {
  Asking out;
  out.latency = push_latency(c.one_way());
  return out;
}

// Polls of the window's first T look back to before it. When publishing began less than T before
// the window, a poll at offset u < T - warmup finds T - warmup - u seconds less: (T - w)² / 2T on
// average.
double polling_received_s(const Case& c, const Asking& asking) {
  const double t = 1 / asking.requests_per_s;
  const double missing = std::max(0.0, t - c.warmup());
  return c.window() - missing * missing / (2 * t);
}

double received_window(const Case& c, const Asking& /*asking*/) {
  return c.window();
}

double no_signs(const Case& /*c*/) {
  return 0;
}

// A silence that cannot have lasted long enough since publishing began leaves no sign.
double sse_signs(const Case& c) {
  const bool sse = c.cell.encoding == "sse" && c.warmup() + c.window() >= kSseSilence;
  return sse ? c.window() * signs_of_life_per_s(c.arrivals(), kSseSilence) : 0;
}

// Mean of floor(age / silence) while age goes evenly from `from` to `to`.
double mean_floor(double from, double to, double silence) {
  const auto integral = [silence](double x) {
    const double whole = std::floor(x / silence);
    return silence * whole * (whole - 1) / 2 + whole * (x - whole * silence);
  };
  return to > from ? (integral(to) - integral(from)) / (to - from) : std::floor(from / silence);
}

// Pings follow the connection's age when the client sends nothing, and its pauses when it does. A
// client's events go up one of its connections, the others are silent.
double websocket_signs(const Case& c) {
  const double ramp = seconds(c.scenario.phases.ramp);
  const double at_start = mean_floor(c.warmup(), c.warmup() + ramp, kWebSocketSilence);
  const double at_end =
      mean_floor(c.warmup() + c.window(), c.warmup() + c.window() + ramp, kWebSocketSilence);
  const double silent = at_end - at_start;
  if (!c.scenario.upstream) {
    return silent;
  }
  const Arrivals own{.rate_per_s = c.scenario.upstream->rate_per_s};
  const bool possible = ramp + c.warmup() + c.window() >= kWebSocketSilence;
  const double talking = possible ? c.window() * signs_of_life_per_s(own, kWebSocketSilence) : 0;
  const double share = 1.0 / c.scenario.topics_per_client;
  return share * talking + (1 - share) * silent;
}

// Connections of a cell without a new one for every poll.
double kept_sockets(const Case& c, const Asking& /*asking*/) {
  const bool posts = c.scenario.upstream && c.cell.strategy != "websocket";
  return c.subscriptions() + (posts ? c.scenario.clients : 0);
}

double polling_sockets(const Case& c, const Asking& asking) {
  const double lifetime = c.busy();
  const double kept = kept_sockets(c, asking);
  return c.cell.new_connection
             ? kept - c.subscriptions() + c.subscriptions() * asking.requests_per_s * lifetime
             : kept;
}

// A strategy is a row: how it asks, the seconds of events that its clients receive in the window,
// the signs of life of a connection in the window, and the sockets of a cell.
struct StrategyModel {
  std::string_view name;
  Asking (*ask)(const Case& c);
  double (*received_s)(const Case& c, const Asking& asking);
  double (*signs)(const Case& c);
  double (*sockets)(const Case& c, const Asking& asking);
};
constexpr std::array kModels{
    StrategyModel{"polling", ask_polling, polling_received_s, no_signs, polling_sockets},
    StrategyModel{"long-polling", ask_long_polling, received_window, no_signs, kept_sockets},
    StrategyModel{"streaming", ask_nothing, received_window, sse_signs, kept_sockets},
    StrategyModel{"websocket", ask_nothing, received_window, websocket_signs, kept_sockets},
};

const StrategyModel& model_of(const plan::StrategySpec& cell) {
  const auto* found = std::find_if(kModels.begin(), kModels.end(),
                                   [&](const auto& row) { return row.name == cell.strategy; });
  PUSHBENCH_CHECK(found != kModels.end());
  return *found;
}

// Topics are visited in turn by client and subscription, so a run of numbers from 0 is in use.
double mean_topic_length(const Case& c) {
  double sum = 0;
  const plan::Scenario& s = c.scenario;
  for (std::uint32_t client = 0; client < s.clients; ++client) {
    for (std::uint32_t j = 0; j < s.topics_per_client; ++j) {
      sum += digits_of(s.topic_of(client, j));
    }
  }
  return static_cast<double>(c.assumptions.topic_prefix.size()) + sum / c.subscriptions();
}

double mean_length_digits(const Asking& asking, double line) {
  double sum = 0;
  for (const auto& size : asking.sizes) {
    sum += size.share * digits_of(std::floor(size.events * line + 0.5));
  }
  return sum;
}

struct Expected {
  Exchanges exchanges;
  double deliveries = 0;
  double payload_deviation = 0;
};

Expected expect(const Case& c, const StrategyModel& model, const Asking& asking) {
  const double rate = c.arrivals().rate_per_s;
  const double published = rate * c.warmup();  // to the topic before the window
  const double received = rate * model.received_s(c, asking);
  // The last event that a window receives fell due a wait before its end. Numbers begin with 1, so
  // the number of an event is its place from 0 and 1.
  const double wait = asking.latency.mean_s - c.one_way();
  const double last = published + rate * (c.window() - wait) + 1;
  const auto event = event_bytes(c.scenario.events.payload, mean_digits(last - received, last));
  const double requests = c.subscriptions() * c.window() * asking.requests_per_s;
  const double back = asking.requests_per_s > 0 ? rate / asking.requests_per_s : 0;
  const double now_digits = mean_digits(published, published + rate * c.window());
  Expected out;
  out.deliveries = c.subscriptions() * received;
  out.payload_deviation = event.payload_deviation;
  out.exchanges.requests = requests;
  out.exchanges.request_digits =
      requests * mean_digits(published - back, published + rate * c.window() - back);
  out.exchanges.empty_answers = requests * asking.empty_share;
  out.exchanges.empty_digits = out.exchanges.empty_answers * now_digits;
  out.exchanges.full_answers = requests - out.exchanges.empty_answers;
  out.exchanges.full_digits = out.exchanges.full_answers * now_digits;
  out.exchanges.length_digits =
      out.exchanges.full_answers * mean_length_digits(asking, event.payload + event.line);
  out.exchanges.event_payload = out.deliveries * event.payload;
  out.exchanges.event_framing = out.deliveries * event.framing(c.cell);
  out.exchanges.signs_of_life = c.subscriptions() * model.signs(c);
  return out;
}

struct Totals {
  Asking asking;
  Expected expected;
  Bytes bytes;
};

Totals totals_of(const Case& c) {
  const StrategyModel& model = model_of(c.cell);
  Totals out;
  out.asking = model.ask(c);
  out.expected = expect(c, model, out.asking);
  const Place place{.host = c.assumptions.host_length, .topic = mean_topic_length(c)};
  out.bytes = bytes_of(c.cell, place, out.expected.exchanges);
  return out;
}

// Relative deviation of the number of deliveries. All of a topic's clients see the same events, so
// the draws are the events, not the deliveries. A schedule without chance is off by what falls due
// together at the edges of the window.
double relative_deviation(const Case& c) {
  const double events = c.scenario.events.rate_per_s * c.window();
  const bool poisson = c.scenario.events.arrival == plan::Arrival::kPoisson;
  const double together =
      c.scenario.events.arrival == plan::Arrival::kBurst ? c.scenario.events.burst : 1;
  return poisson ? 1 / std::sqrt(events) : together / events / c.assumptions.deviations;
}

Range between(double mean, double one, double other, double slack) {
  return {.mean = mean,
          .low = std::max(0.0, std::min({mean, one, other}) - slack),
          .high = std::max({mean, one, other}) + slack};
}

// What the edges of the window add or take: up to one request per subscription, even phases.
double request_slack(const Case& c, const Asking& asking) {
  const double turns = asking.requests_per_s * c.window();
  const double part = c.cell.jitter > 0 ? 0.5 : turns - std::floor(turns);
  const bool fixed = c.cell.strategy == "polling";
  return fixed ? c.assumptions.deviations * std::sqrt(c.subscriptions() * part * (1 - part)) : 0;
}

void add_ranges(Prediction& out, const Case& middle, const Totals& totals) {
  const double reach = std::min(0.9, middle.assumptions.deviations * relative_deviation(middle));
  Case fewer = middle;
  Case more = middle;
  fewer.scale = 1 - reach;
  more.scale = 1 + reach;
  const Totals low = totals_of(fewer);
  const Totals high = totals_of(more);
  const auto each = [](const Totals& t) { return t.bytes.total() / t.expected.deliveries; };
  const auto asked = [](const Totals& t) {
    return t.expected.exchanges.requests / t.expected.deliveries;
  };
  const double requests = request_slack(middle, totals.asking);
  const double heads = totals.bytes.head_up + totals.bytes.head_down;
  const double request_bytes = requests * heads / std::max(1.0, totals.expected.exchanges.requests);
  const double events = middle.scenario.events.rate_per_s * middle.window();
  const double size_slack =
      middle.assumptions.deviations * totals.expected.payload_deviation / std::sqrt(events);
  const double n = totals.expected.deliveries;
  out.requests_per_delivery = between(asked(totals), asked(low), asked(high), requests / n);
  out.bytes_per_delivery =
      between(each(totals), each(low), each(high), size_slack + request_bytes / n);
  out.bytes = between(totals.bytes.total(), low.bytes.total(), high.bytes.total(),
                      size_slack * n + request_bytes);
}

}  // namespace

Prediction predict(const plan::Scenario& scenario,
                   const plan::StrategySpec& cell,
                   const Assumptions& assumptions) {
  const Case c{scenario, cell, assumptions};
  const Totals totals = totals_of(c);
  Prediction out;
  out.cell = cell.cell_name();
  out.latency = totals.asking.latency;
  out.requests_per_s = c.subscriptions() * totals.asking.requests_per_s;
  out.empty_share = totals.asking.empty_share;
  out.events_per_response = totals.asking.events_per_answer;
  out.exchanges = totals.expected.exchanges;
  out.deliveries = totals.expected.deliveries;
  out.per_delivery = totals.bytes.scaled(1 / out.deliveries);
  add_ranges(out, c, totals);
  out.sockets = model_of(cell).sockets(c, totals.asking);
  if (cell.new_connection) {
    const double elapsed = std::min(kTimeWaitSeconds, seconds(scenario.cell_time(cell)));
    out.time_wait = out.requests_per_s * elapsed;
  }
  if (scenario.upstream) {
    const Place place{.host = assumptions.host_length, .topic = mean_topic_length(c)};
    out.upstream_bytes = upstream_bytes(cell, place, scenario.upstream->payload).total();
  }
  return out;
}

std::vector<Prediction> predict_all(const plan::Scenario& scenario,
                                    const Assumptions& assumptions) {
  std::vector<Prediction> out;
  out.reserve(scenario.strategies.size());
  for (const auto& cell : scenario.strategies) {
    out.push_back(predict(scenario, cell, assumptions));
  }
  return out;
}

}  // namespace pushbench::model
