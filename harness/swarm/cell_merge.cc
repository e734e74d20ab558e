#include "harness/swarm/cell_merge.h"

#include "harness/plan/event_plan.h"
#include "harness/plan/visits.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace pushbench::swarm {
namespace {

using Points = std::vector<double>;

constexpr std::size_t kConnectGroups = 10;

double mean_of(double a, double b) {
  return std::isnan(a) ? b : std::isnan(b) ? a : (a + b) / 2;
}
double last_of(double, double b) {
  return b;
}
double worst_of(double a, double b) {
  return std::isnan(a) ? b : std::isnan(b) ? a : std::max(a, b);
}

// What the census fills, each with the highest of the points that it joins.
constexpr std::array kCensus{
    &result::Series::time_wait,           &result::Series::clients_established,
    &result::Series::clients_time_wait,   &result::Series::clients_close_wait,
    &result::Series::clients_queue_bytes, &result::Series::server_established,
    &result::Series::server_time_wait,    &result::Series::server_close_wait,
    &result::Series::server_queue_bytes,  &result::Series::socket_memory_bytes};

void halve(Points& points, double (*join)(double, double)) {
  const std::size_t length = points.size();
  for (std::size_t i = 0; i < length; i += 2) {
    points[i / 2] = i + 1 < length ? join(points[i], points[i + 1]) : points[i];
  }
  points.resize((length + 1) / 2);
}

// Those in which the cell was still going.
void take_columns(result::LatencyColumns& to, const stats::LatencyOverTime& from, std::size_t end) {
  to.seconds = static_cast<std::uint32_t>(from.column_seconds());
  for (std::size_t i = 0; i < from.size() && i * from.column_seconds() < end; ++i) {
    to.columns.push_back(from.at(i));
  }
}

}  // namespace

using result::Counter;

std::vector<std::uint64_t> subscribers_by_topic(const plan::Scenario& scenario) {
  std::vector<std::uint64_t> subscribers(scenario.topics);
  for (std::uint32_t client = 0; client < scenario.clients; ++client) {
    for (std::uint32_t j = 0; j < scenario.topics_per_client; ++j) {
      ++subscribers[scenario.topic_of(client, j)];
    }
  }
  return subscribers;
}

Expectation expected_of(const plan::Scenario& scenario,
                        const plan::StrategySpec& cell,
                        std::uint64_t events_due,
                        Nanos young_from) {
  plan::Audience audience(scenario, cell);
  Expectation expected;
  expected.end_by_topic.resize(scenario.topics);
  expected.young_by_topic.resize(scenario.topics);
  plan::EventPlan events(scenario);
  while (const auto event = events.next()) {
    if (event->index >= events_due) {
      break;
    }
    expected.end_by_topic[event->topic] = event->ordinal + 1;
    if (event->due < young_from) {
      expected.young_by_topic[event->topic] = event->ordinal + 1;
    }
    if (event->due >= scenario.phases.warmup) {
      audience.go_on_to(event->due);
      ++expected.events;
      expected.deliveries += audience.of(event->topic);
    }
  }
  return expected;
}

void take_plan(result::Series& series,
               const plan::Scenario& scenario,
               std::uint64_t events_due,
               Nanos began,
               std::size_t seconds) {
  series.offered_per_s.assign(seconds, 0);
  plan::EventPlan events(scenario);
  while (const auto event = events.next()) {
    const auto second =
        static_cast<std::size_t>((began + event->due) / Nanos(std::chrono::seconds(1)));
    if (event->index >= events_due || second >= seconds) {
      break;
    }
    ++series.offered_per_s[second];
  }
  if (!scenario.clients_profile) {
    return;
  }
  const plan::Curve curve(*scenario.clients_profile, scenario.phases.warmup);
  const double ends = seconds_of(scenario.phases.warmup + scenario.phases.measure);
  for (std::size_t i = 0; i < seconds; ++i) {
    const double into = static_cast<double>(i + 1) - seconds_of(began);
    series.clients_planned.push_back(std::round(curve.at(std::clamp(into, 0.0, ends))));
  }
}

void thin(result::Series& series) {
  while (series.at_s.size() > result::kMaxSeriesPoints) {
    halve(series.at_s, last_of);
    for (Points* rate : {&series.offered_per_s, &series.published_per_s, &series.received_per_s,
                         &series.server_cpu_share}) {
      halve(*rate, mean_of);
    }
    halve(series.mean_latency_ns, mean_of);
    for (Points* level : {&series.clients_planned, &series.sockets_open,
                          &series.server_memory_bytes, &series.worst_latency_ns}) {
      halve(*level, worst_of);
    }
    for (const auto member : kCensus) {
      halve(series.*member, worst_of);
    }
  }
}

void close_accounts(result::CellResult& cell, const Expectation& expected, bool audited) {
  cell.events_measured = expected.events;
  cell.counters[Counter::kExpected] = audited ? expected.deliveries : 0;
}

void take_fairness(result::CellResult& cell,
                   const plan::Scenario& scenario,
                   const CellFigures& figures) {
  if (figures.fan_out && !scenario.clients_profile) {
    figures.fan_out->record_spreads(subscribers_by_topic(scenario), cell.fan_out_spread);
  }
  auto connects = figures.connects;
  std::sort(connects.begin(), connects.end(),
            [](const ConnectPoint& a, const ConnectPoint& b) { return a.at < b.at; });
  const std::size_t groups = std::min(kConnectGroups, connects.size());
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t from = connects.size() * group / groups;
    const std::size_t to = connects.size() * (group + 1) / groups;
    double sum = 0;
    double deliveries = 0;
    for (std::size_t i = from; i < to; ++i) {
      sum += static_cast<double>(connects[i].sum_ns);
      deliveries += static_cast<double>(connects[i].deliveries);
    }
    cell.connect_order.push_back({.clients = to - from, .mean_ns = sum / deliveries});
  }
}

void merge_series(result::CellResult& cell,
                  std::size_t length,
                  const CellFigures& figures,
                  const std::vector<std::uint64_t>& published) {
  result::Series& series = cell.series;
  const auto& seconds = figures.seconds;
  length = std::min(length, seconds.size());
  take_columns(cell.latency_over_time, figures.latencies, length);
  const std::size_t of_server = cell.server ? length : 0;
  series.server_cpu_share.resize(of_server, result::kNotMeasured);
  series.server_memory_bytes.resize(of_server, result::kNotMeasured);
  series.offered_per_s.resize(length, 0);
  if (!series.clients_planned.empty()) {
    series.clients_planned.resize(length, series.clients_planned.back());
  }
  for (const auto member : kCensus) {
    Points& points = series.*member;
    points.resize(points.empty() ? 0 : length, result::kNotMeasured);
  }
  for (std::size_t i = 0; i < length; ++i) {
    series.at_s.push_back(static_cast<double>(i + 1));
    series.published_per_s.push_back(i < published.size() ? static_cast<double>(published[i]) : 0);
    series.received_per_s.push_back(static_cast<double>(seconds[i].received));
    series.sockets_open.push_back(static_cast<double>(seconds[i].sockets_open));
    const auto timed = static_cast<double>(seconds[i].timed);
    series.mean_latency_ns.push_back(
        timed > 0 ? static_cast<double>(seconds[i].latency_sum_ns) / timed : result::kNotMeasured);
    series.worst_latency_ns.push_back(timed > 0 ? static_cast<double>(seconds[i].worst_latency_ns)
                                                : result::kNotMeasured);
  }
  thin(series);
}

}  // namespace pushbench::swarm
