#include "harness/model/intervals.h"

#include "harness/base/nanos.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

namespace pushbench::model {
namespace {

constexpr double kRare = 0.005;  // below and above an interval
constexpr double kNanosPerSecond = 1e9;

double events_of(const Case& c) {
  return c.scenario.events.rate_per_s * c.window();
}

// Relative deviation of the number of deliveries. All of a topic's clients see the same events, so
// the draws are the events, not the deliveries. A schedule without chance is off by what falls due
// together at the edges of the window.
double relative_deviation(const Case& c) {
  const bool poisson = c.scenario.events.arrival == plan::Arrival::kPoisson;
  const double together =
      c.scenario.events.arrival == plan::Arrival::kBurst ? c.scenario.events.burst : 1;
  return poisson ? 1 / std::sqrt(events_of(c)) : together / events_of(c) / c.assumptions.deviations;
}

// The planned number of events, the fewest and most, and most on a machine that takes its time.
struct Spread {
  const Totals& middle;
  std::vector<Totals> others;
};

Totals slower_totals(const Case& c) {
  const double together = std::ceil(c.subscriptions() / c.scenario.topics);
  Assumptions assumed = c.assumptions;
  assumed.processing += nanos_of(together * kExchangeSeconds);
  return totals_of({c.scenario, c.cell, assumed, c.scale});
}

Spread spread_of(const Case& c, const Totals& totals) {
  const double reach = std::min(0.9, c.assumptions.deviations * relative_deviation(c));
  Case fewer = c;
  Case more = c;
  fewer.scale = 1 - reach;
  more.scale = 1 + reach;
  Spread out{.middle = totals, .others = {totals_of(fewer), totals_of(more)}};
  if (c.cell.strategy == "long-polling") {
    out.others.push_back(slower_totals(more));
  }
  return out;
}

// What chance adds beside the number of events, per delivery.
struct Slack {
  double requests = 0;  // that the edges of the window add or take, even phases
  double heads = 0;     // their bytes
  double sizes = 0;     // of payloads
  double empty = 0;     // of the share of empty answers
  double digits = 0;    // of a number that an event, a question or an answer holds
  double signs = 0;     // bytes of signs of life
};

constexpr double kSignBytes = 8;  // an SSE comment in its chunk

// Where the numbers of some topics have grown by a digit and those of others not yet. All events of
// a topic grow together, by no more than the spread of how many there are.
double digit_slack(const Case& c) {
  const Arrivals arrivals = c.arrivals();
  if (!arrivals.poisson || c.cell.strategy == "websocket") {
    return 0;
  }
  const double before = arrivals.rate_per_s * c.warmup();
  const double within = arrivals.rate_per_s * c.window();
  const double mean = mean_digits(arrivals, before, before + within, 1);
  const double more = mean - std::floor(mean);
  const double topic = std::min(std::sqrt(more * (1 - more)), std::sqrt(before + within) / within);
  return c.assumptions.deviations * topic / std::sqrt(c.scenario.topics);
}

// All clients of a topic live through the same silences.
double sign_slack(const Case& c, const Totals& totals) {
  if (c.cell.strategy != "streaming" || !c.arrivals().poisson) {
    return 0;
  }
  const double together = c.subscriptions() / c.scenario.topics;
  return kSignBytes * c.assumptions.deviations *
         std::sqrt(totals.exchanges.signs_of_life * together) / totals.deliveries;
}

// Per delivery. Polls: phases decide whether the window holds one more or one less. Long-polls: how
// often an event comes so soon behind another that one answer holds both; all clients of a topic
// see that together.
double request_slack(const Case& c, const Totals& totals) {
  const double deviations = c.assumptions.deviations;
  if (c.cell.strategy == "polling") {
    const double turns = totals.asking.requests_per_s * c.window();
    const double part = c.cell.jitter > 0 ? 0.5 : turns - std::floor(turns);
    return deviations * std::sqrt(c.subscriptions() * part * (1 - part)) / totals.deliveries;
  }
  if (c.cell.strategy == "long-polling" && c.arrivals().poisson) {
    const double shared = 1 - totals.exchanges.requests / totals.deliveries;
    return deviations * std::sqrt(std::clamp(shared, 0.0, 1.0) / events_of(c));
  }
  return 0;
}

Slack slack_of(const Case& c, const Totals& totals) {
  const double deviations = c.assumptions.deviations;
  const double turns = totals.asking.requests_per_s * c.window();
  const double requests = request_slack(c, totals);
  const double head =
      (totals.bytes.head_up + totals.bytes.head_down) / std::max(1.0, totals.exchanges.requests);
  const double share = totals.asking.empty_share;
  const double independent = std::max(1.0, turns * c.scenario.topics);
  return {.requests = requests,
          .heads = requests * head,
          .sizes = deviations * totals.event.payload_deviation / std::sqrt(events_of(c)),
          .empty = deviations * std::sqrt(share * (1 - share) / independent),
          .digits = digit_slack(c),
          .signs = sign_slack(c, totals)};
}

template <class Read>
Range over(const Spread& spread, Read read, double slack) {
  const double mean = read(spread.middle);
  double low = mean;
  double high = mean;
  for (const Totals& other : spread.others) {
    low = std::min(low, read(other));
    high = std::max(high, read(other));
  }
  return {.mean = mean, .low = std::max(0.0, low - slack), .high = high + slack};
}

// Of an amount, per delivery: its own bounds, at the fewest and most events.
Range over_amount(const Spread& spread, Amount Totals::*what, double slack) {
  const auto each = [what](const Totals& t) { return (t.*what).times(1 / t.deliveries); };
  Amount out = each(spread.middle);
  for (const Totals& other : spread.others) {
    out.low = std::min(out.low, each(other).low);
    out.high = std::max(out.high, each(other).high);
  }
  return {.mean = out.mean, .low = std::max(0.0, out.low - slack), .high = out.high + slack};
}

// `asked`: questions per delivery, each with a number, as its answer has one.
struct PerDelivery {
  std::string_view metric;
  double (*sum)(const Totals&);
  double (*slack)(const Slack&, double asked);
};
constexpr std::array kPerDelivery{
    PerDelivery{"requests_per_delivery", [](const Totals& t) { return t.exchanges.requests; },
                [](const Slack& s, double) { return s.requests; }},
    PerDelivery{"bytes_per_delivery", [](const Totals& t) { return t.bytes.total(); },
                [](const Slack& s, double asked) {
                  return s.heads + s.sizes + s.signs + (1 + 2 * asked) * s.digits;
                }},
    PerDelivery{"head_bytes_per_delivery",
                [](const Totals& t) { return t.bytes.head_up + t.bytes.head_down; },
                [](const Slack& s, double asked) { return s.heads + 2 * asked * s.digits; }},
    PerDelivery{"framing_bytes_per_delivery",
                [](const Totals& t) { return t.bytes.framing_up + t.bytes.framing_down; },
                [](const Slack& s, double) { return s.signs + s.digits; }},
    PerDelivery{"payload_bytes_per_delivery",
                [](const Totals& t) { return t.bytes.payload_up + t.bytes.payload_down; },
                [](const Slack& s, double) { return s.sizes; }},
};

void add_per_delivery(Ranges& out, const Spread& spread, const Slack& slack) {
  const double asked = spread.middle.exchanges.requests / spread.middle.deliveries;
  for (const auto& row : kPerDelivery) {
    out[std::string(row.metric)] = over(
        spread, [&row](const Totals& t) { return row.sum(t) / t.deliveries; },
        row.slack(slack, asked));
  }
  const double each = spread.middle.segments.high / std::max(1.0, spread.middle.exchanges.requests);
  const double segments = slack.requests * each;
  out["segments_per_delivery"] = over_amount(spread, &Totals::segments, segments);
  out["ip_bytes_per_delivery"] = over_amount(spread, &Totals::ip_bytes,
                                             kSegmentHeads * segments + slack.heads + slack.sizes +
                                                 slack.signs + (1 + 2 * asked) * slack.digits);
}

void add_per_second(Ranges& out, const Case& c, const Spread& spread, const Slack& slack) {
  const double window = c.window();
  const double heads = slack.heads * spread.middle.deliveries / window;
  const auto head = [window](const Totals& t) {
    return (t.bytes.head_up + t.bytes.head_down) / window;
  };
  const auto framing = [window](const Totals& t) {
    return (t.bytes.framing_up + t.bytes.framing_down) / window;
  };
  out["head_bytes_per_s"] = over(spread, head, heads);
  out["framing_bytes_per_s"] =
      over(spread, framing, (slack.digits + slack.signs) * spread.middle.deliveries / window);
}

void add_answers(Ranges& out, const Case& c, const Spread& spread, const Slack& slack) {
  if (spread.middle.exchanges.requests <= 0) {
    return;
  }
  const auto head = [](const Totals& t) {
    return (t.bytes.head_up + t.bytes.head_down) / t.exchanges.requests;
  };
  out["head_bytes_per_request"] = over(spread, head, 2 * slack.digits);
  Range& empty = out["empty_share"];
  empty = over(
      spread, [](const Totals& t) { return t.asking.empty_share; }, slack.empty);
  empty.high = std::min(1.0, empty.high);
  const double full = std::max(0.01, 1 - spread.middle.asking.empty_share);
  const double turns = std::max(1.0, spread.middle.asking.requests_per_s * c.window());
  const double value = spread.middle.asking.events_per_answer;
  out["events_per_response"] = over(
      spread, [](const Totals& t) { return t.asking.events_per_answer; },
      value * (slack.empty / full + 1 / (turns * std::sqrt(c.subscriptions()))));
}

// The highest of n draws: near its end a distribution is taken for even between p99 and maximum.
double least_maximum(const Latency& latency, double draws, double one_way) {
  const double missing = 1 - std::pow(kRare, 1 / std::max(1.0, draws));
  const double slope = (latency.max_s - latency.p99_s) / 0.01;
  return std::max(one_way, latency.max_s - slope * missing);
}

Range in_nanos(double mean, double low, double high) {
  return {.mean = mean * kNanosPerSecond,
          .low = std::max(0.0, low) * kNanosPerSecond,
          .high = high * kNanosPerSecond};
}

// Draws: the phases of polls, which the clients have of their own; else the events, which all
// clients see together. No deviation is above a third of the span from least to most. On loopback
// nothing is said of a strategy that makes no event wait: all of its latency is processing.
void add_latency(Ranges& out, const Case& c, const Totals& totals) {
  const Latency& latency = totals.asking.latency;
  if (latency.max_s <= 0) {
    return;
  }
  const double draws = c.cell.strategy == "polling" ? c.subscriptions() : events_of(c);
  const double reach = c.assumptions.deviations / std::sqrt(draws);
  const double span = latency.max_s - c.one_way();
  const double mean = std::max(kLatencyTolerance * latency.mean_s, reach * span / 3);
  const double slope = (latency.max_s - latency.p99_s) / 0.01;
  const double p99 =
      std::max(kLatencyTolerance * latency.p99_s, reach * slope * std::sqrt(0.99 * 0.01));
  out["latency_mean_ns"] = in_nanos(latency.mean_s, latency.mean_s - mean, latency.mean_s + mean);
  out["latency_p99_ns"] = in_nanos(latency.p99_s, latency.p99_s - p99, latency.p99_s + p99);
  out["latency_max_ns"] = in_nanos(latency.max_s, least_maximum(latency, draws, c.one_way()),
                                   latency.max_s * (1 + kLatencyTolerance));
}

// Clients open a connection of their own for upstream events when the first is due. With a new
// connection for each poll as many may be open as there are clients, when the server is slow.
Range sockets(const Case& c, const Totals& totals) {
  const double mean = std::max(1.0, std::ceil(sockets_of(c, totals.asking)));
  const double kept = c.cell.new_connection ? 1 : c.subscriptions();
  return {.mean = mean,
          .low = std::min(mean, kept),
          .high = std::max(mean, c.cell.new_connection ? c.subscriptions() : mean)};
}

// At the side that closes first: all connections of the last minute. The clients of the ramp begin
// one after the other, and the drain may end early.
Range time_wait(const Case& c, const Totals& totals) {
  if (!c.cell.new_connection) {
    return {};
  }
  const auto elapsed = [](plan::Nanos time) {
    return std::min(kTimeWaitSeconds, std::chrono::duration<double>(time).count());
  };
  const double rate = c.subscriptions() * totals.asking.requests_per_s;
  const auto& phases = c.scenario.phases;
  return {.mean = rate * elapsed(c.scenario.cell_time(c.cell)),
          .low = (1 - kLatencyTolerance) * rate * elapsed(phases.warmup + phases.measure),
          .high = rate * elapsed(c.scenario.cell_time(c.cell)) + c.subscriptions()};
}

}  // namespace

Ranges intervals_of(const Case& c, const Totals& totals) {
  const Spread spread = spread_of(c, totals);
  const Slack slack = slack_of(c, totals);
  Ranges out;
  add_per_delivery(out, spread, slack);
  add_per_second(out, c, spread, slack);
  add_answers(out, c, spread, slack);
  add_latency(out, c, totals);
  out["sockets_peak"] = sockets(c, totals);
  out["time_wait_peak"] = time_wait(c, totals);
  return out;
}

Range bytes_interval(const Case& c, const Totals& totals) {
  const Slack slack = slack_of(c, totals);
  return over(
      spread_of(c, totals), [](const Totals& t) { return t.bytes.total(); },
      (slack.sizes + slack.heads + slack.signs) * totals.deliveries +
          slack.digits * (totals.deliveries + 2 * totals.exchanges.requests));
}

}  // namespace pushbench::model
