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
  return std::max(0.0, c.window() - missing * missing / (2 * t));
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
  const double published = c.published();
  const double received = rate * model.received_s(c, asking);
  // The last event that a window receives fell due a wait before its end. Numbers begin with 1, so
  // the number of an event is its place from 0 and 1.
  const double wait = asking.latency.mean_s - c.one_way();
  const double last = published + rate * (c.window() - wait);
  out.event = c.event != nullptr ? *c.event
                                 : event_bytes(c.scenario.events.payload,
                                               mean_digits(arrivals, last - received, last, 1));
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

Upstream upstream_of(const Case& c, const Place& place, double clients) {
  if (!c.scenario.upstream) {
    return {};
  }
  const double events = clients * c.scenario.upstream->rate_per_s * c.window();
  const double each = upstream_bytes(c.cell, place, c.scenario.upstream->payload).total();
  return {.events = events, .bytes = events * each};
}

}  // namespace

Arrivals Case::arrivals() const {
  Arrivals out = arrivals_of(scenario);
  if (slice != nullptr) {
    out.rate_per_s = slice->rate_per_s / scenario.topics;
  }
  out.rate_per_s *= scale;
  return out;
}

double Case::published() const {
  const double all = slice != nullptr ? slice->before : scenario.events_in_warmup();
  return scale * all / scenario.topics;
}

double Case::one_way() const {
  const plan::Nanos link = scenario.link ? scenario.link->one_way() : plan::Nanos();
  return plan::seconds_of(assumptions.one_way + link);
}

double Case::turnaround() const {
  return plan::seconds_of(assumptions.processing);
}

double Case::warmup() const {
  if (slice != nullptr) {
    return slice->begin_s;
  }
  return plan::seconds_of(scenario.phases.warmup);
}

double Case::window() const {
  if (slice != nullptr) {
    return slice->length_s;
  }
  return plan::seconds_of(scenario.phases.measure);
}

double Case::subscriptions() const {
  return slice != nullptr ? slice->clients * scenario.topics_per_client
                          : static_cast<double>(scenario.subscriptions());
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

namespace {

Amount segments_in(const Case& c, const Totals& totals, const Place& place) {
  return segments_of({.cell = c.cell,
                      .place = place,
                      .asking = totals.asking,
                      .exchanges = totals.exchanges,
                      .event = totals.event,
                      .deliveries = totals.deliveries,
                      .batch = c.arrivals().batch});
}

Totals steady_totals(const Case& c) {
  const StrategyModel& model = model_of(c.cell);
  Totals out;
  out.asking = model.ask(c);
  add_exchanges(out, c, model);
  out.segments = segments_in(c, out, c.place());
  return out;
}

void add_up(Exchanges& to, const Exchanges& from) {
  for (const auto member :
       {&Exchanges::requests, &Exchanges::request_digits, &Exchanges::empty_answers,
        &Exchanges::empty_digits, &Exchanges::full_answers, &Exchanges::full_digits,
        &Exchanges::length_digits, &Exchanges::event_payload, &Exchanges::event_framing,
        &Exchanges::signs_of_life}) {
    to.*member += from.*member;
  }
}

// Sums while it goes; divided at the end.
void add_asking(Asking& to, const Totals& from) {
  const Asking& asking = from.asking;
  to.latency.mean_s += asking.latency.mean_s * from.deliveries;
  to.latency.p50_s += asking.latency.p50_s * from.deliveries;
  to.latency.p99_s += asking.latency.p99_s * from.deliveries;
  to.latency.max_s = std::max(to.latency.max_s, asking.latency.max_s);
  to.slow_share += asking.slow_share * from.exchanges.requests;
  to.pause_s = asking.pause_s;
}

void divide(Asking& asking, const Totals& sum, const Case& c) {
  for (const auto member : {&Latency::mean_s, &Latency::p50_s, &Latency::p99_s}) {
    asking.latency.*member /= sum.deliveries;
  }
  const Exchanges& all = sum.exchanges;
  if (all.requests > 0) {
    asking.requests_per_s = all.requests / c.window() / c.subscriptions();
    asking.empty_share = all.empty_answers / all.requests;
    asking.events_per_answer = sum.deliveries / all.full_answers;
    asking.slow_share /= all.requests;
  }
}

// Who comes within the window says so first: a question that is answered empty, or an opening.
void add_joining(Totals& out, const Case& c, const StrategyModel& model) {
  const double joining = joining_clients(c.scenario) * c.scenario.topics_per_client;
  const Arrivals arrivals = c.arrivals();
  const double first = c.published();
  const double digits =
      joining * mean_digits(arrivals, first, first + arrivals.rate_per_s * c.window(), 0);
  const bool asks = model.ask != ask_nothing;
  (asks ? out.exchanges.first_questions : out.exchanges.opened) += joining;
  (asks ? out.exchanges.empty_digits : out.exchanges.opened_digits) += digits;
  out.exchanges.empty_answers += asks ? joining : 0;
}

Totals changing_totals(const Case& c, const std::vector<Slice>& slices) {
  const StrategyModel& model = model_of(c.cell);
  const Arrivals arrivals = c.arrivals();
  const double first = c.published();
  Totals out;
  out.event =
      event_bytes(c.scenario.events.payload,
                  mean_digits(arrivals, first, first + arrivals.rate_per_s * c.window(), 1));
  for (const auto& slice : slices) {
    Case part = c;
    part.slice = &slice;
    part.event = &out.event;
    const Totals totals = steady_totals(part);
    add_asking(out.asking, totals);
    add_up(out.exchanges, totals.exchanges);
    out.deliveries += totals.deliveries;
    out.segments += totals.segments;
  }
  divide(out.asking, out, c);
  add_joining(out, c, model);
  return out;
}

double mean_clients(const std::vector<Slice>& slices) {
  double sum = 0;
  for (const auto& slice : slices) {
    sum += slice.clients;
  }
  return sum / static_cast<double>(slices.size());
}

}  // namespace

Totals totals_of(const Case& c) {
  const auto slices = slices_of(c.scenario);
  Totals out = slices.empty() ? steady_totals(c) : changing_totals(c, slices);
  const Place place = c.place();
  out.bytes = bytes_of(c.cell, place, out.exchanges);
  const double clients = slices.empty() ? c.scenario.clients : mean_clients(slices);
  const Upstream up = upstream_of(c, place, clients);
  out.segments += upstream_segments().times(up.events);
  const double opened = c.cell.new_connection ? out.exchanges.requests : 0;
  const auto weigh = [&](double segments) {
    return model::ip_bytes(out.bytes.total() + up.bytes, segments, opened);
  };
  out.ip_bytes = {weigh(out.segments.mean), weigh(out.segments.low), weigh(out.segments.high)};
  return out;
}

}  // namespace pushbench::model
