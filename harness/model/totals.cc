#include "harness/model/totals.h"

#include "harness/base/check.h"
#include "harness/model/ip_level.h"
#include "harness/model/long_polling.h"
#include "harness/model/polling.h"
#include "harness/model/push.h"
#include "harness/plan/units.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace pushbench::model {
namespace {

Polls polls_of(const Case& c) {
  return {.interval_s = plan::seconds_of(c.cell.interval),
          .jitter = c.cell.jitter,
          .one_way_s = c.one_way(),
          .busy_s = c.busy()};
}

Asking ask_polling(const Case& c) {
  return polling(polls_of(c), c.arrivals());
}

Asking ask_long_polling(const Case& c) {
  const LongPolls polls{.hold_s = plan::seconds_of(c.cell.hold),
                        .one_way_s = c.one_way(),
                        .turnaround_s = c.turnaround()};
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

double sse_signs(const Case& c) {
  const double ramp = plan::seconds_of(c.scenario.phases.ramp);
  return c.cell.encoding == "sse" ? signs_of_life_between(c.arrivals(), kSseSilence, ramp,
                                                          c.warmup(), c.warmup() + c.window())
                                  : 0;
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
  const double ramp = plan::seconds_of(c.scenario.phases.ramp);
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
  bool asks_behind_events = false;  // with the number of the event; else with one of its own time
};
constexpr std::array kModels{
    StrategyModel{"polling", ask_polling, polling_received_s, no_signs, polling_sockets},
    StrategyModel{"long-polling", ask_long_polling, received_window, no_signs, kept_sockets, true},
    StrategyModel{"streaming", ask_nothing, received_window, sse_signs, kept_sockets},
    StrategyModel{"websocket", ask_nothing, received_window, websocket_signs, kept_sockets},
};

const StrategyModel& model_of(const plan::StrategySpec& cell) {
  const auto* found = std::find_if(kModels.begin(), kModels.end(),
                                   [&](const auto& row) { return row.name == cell.strategy; });
  PUSHBENCH_CHECK(found != kModels.end());
  return *found;
}

double mean_length_digits(const Asking& asking, double line) {
  double sum = 0;
  for (const auto& size : asking.sizes) {
    sum += size.share * digits_of(std::floor(size.events * line + 0.5));
  }
  return sum;
}

void add_exchanges(Totals& out, const Case& c, const StrategyModel& model) {
  const Asking& asking = out.asking;
  const Arrivals arrivals = c.arrivals();
  const double rate = arrivals.rate_per_s;
  const double published = rate * c.warmup();  // to the topic before the window
  const double received = rate * model.received_s(c, asking);
  // The last event that a window receives fell due a wait before its end. Numbers begin with 1, so
  // the number of an event is its place from 0 and 1.
  const double wait = asking.latency.mean_s - c.one_way();
  const double last = published + rate * (c.window() - wait);
  out.event =
      event_bytes(c.scenario.events.payload, mean_digits(arrivals, last - received, last, 1));
  const double requests = c.subscriptions() * c.window() * asking.requests_per_s;
  const double back =
      asking.requests_per_s > 0 && !model.asks_behind_events ? rate / asking.requests_per_s : 0;
  const double first = model.asks_behind_events ? 1 : 0;
  const double now_digits = mean_digits(arrivals, published, published + rate * c.window(), first);
  out.deliveries = c.subscriptions() * received;
  out.exchanges.requests = requests;
  out.exchanges.request_digits =
      requests *
      mean_digits(arrivals, published - back, published + rate * c.window() - back, first);
  out.exchanges.empty_answers = requests * asking.empty_share;
  out.exchanges.empty_digits = out.exchanges.empty_answers * now_digits;
  out.exchanges.full_answers = requests - out.exchanges.empty_answers;
  out.exchanges.full_digits = out.exchanges.full_answers * now_digits;
  out.exchanges.length_digits =
      out.exchanges.full_answers * mean_length_digits(asking, out.event.payload + out.event.line);
  out.exchanges.event_payload = out.deliveries * out.event.payload;
  out.exchanges.event_framing = out.deliveries * out.event.framing(c.cell);
  out.exchanges.signs_of_life = c.subscriptions() * model.signs(c);
}

// What events from clients add, in all.
struct Upstream {
  double events = 0;
  double bytes = 0;
};

Upstream upstream_of(const Case& c, const Place& place) {
  if (!c.scenario.upstream) {
    return {};
  }
  const double events = c.scenario.clients * c.scenario.upstream->rate_per_s * c.window();
  const double each = upstream_bytes(c.cell, place, c.scenario.upstream->payload).total();
  return {.events = events, .bytes = events * each};
}

}  // namespace

Arrivals Case::arrivals() const {
  Arrivals out = arrivals_of(scenario);
  out.rate_per_s *= scale;
  return out;
}

double Case::one_way() const {
  const plan::Nanos link = scenario.link ? scenario.link->one_way() : plan::Nanos();
  return plan::seconds_of(assumptions.one_way + link);
}

double Case::turnaround() const {
  return plan::seconds_of(assumptions.processing);
}

double Case::warmup() const {
  return plan::seconds_of(scenario.phases.warmup);
}

double Case::window() const {
  return plan::seconds_of(scenario.phases.measure);
}

double Case::subscriptions() const {
  return static_cast<double>(scenario.subscriptions());
}

// A new connection costs a round trip.
double Case::busy() const {
  return (cell.new_connection ? 4 : 2) * one_way() + turnaround();
}

Place Case::place() const {
  return {.host = assumptions.host_length,
          .topic = topic_length(scenario, assumptions.topic_prefix)};
}

double sockets_of(const Case& c, const Asking& asking) {
  return model_of(c.cell).sockets(c, asking);
}

double topic_length(const plan::Scenario& scenario, std::string_view prefix) {
  return static_cast<double>(prefix.size()) + digits_of(scenario.topics - 1.0);
}

Totals totals_of(const Case& c) {
  const StrategyModel& model = model_of(c.cell);
  Totals out;
  out.asking = model.ask(c);
  add_exchanges(out, c, model);
  const Place place = c.place();
  out.bytes = bytes_of(c.cell, place, out.exchanges);
  const Upstream up = upstream_of(c, place);
  out.segments = segments_of({.cell = c.cell,
                              .place = place,
                              .asking = out.asking,
                              .exchanges = out.exchanges,
                              .event = out.event,
                              .deliveries = out.deliveries,
                              .batch = c.arrivals().batch});
  out.segments += upstream_segments().times(up.events);
  const double opened = c.cell.new_connection ? out.exchanges.requests : 0;
  const auto weigh = [&](double segments) {
    return model::ip_bytes(out.bytes.total() + up.bytes, segments, opened);
  };
  out.ip_bytes = {weigh(out.segments.mean), weigh(out.segments.low), weigh(out.segments.high)};
  return out;
}

}  // namespace pushbench::model
