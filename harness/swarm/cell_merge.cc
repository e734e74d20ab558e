#include "harness/swarm/cell_merge.h"

#include "harness/plan/event_plan.h"

#include <algorithm>
#include <cmath>

namespace pushbench::swarm {
namespace {

using Points = std::vector<double>;

double mean_of(double a, double b) {
  return std::isnan(a) ? b : std::isnan(b) ? a : (a + b) / 2;
}
double last_of(double, double b) {
  return b;
}
double worst_of(double a, double b) {
  return std::isnan(a) ? b : std::isnan(b) ? a : std::max(a, b);
}

void halve(Points& points, double (*join)(double, double)) {
  const std::size_t length = points.size();
  for (std::size_t i = 0; i < length; i += 2) {
    points[i / 2] = i + 1 < length ? join(points[i], points[i + 1]) : points[i];
  }
  points.resize((length + 1) / 2);
}

}  // namespace

using result::Counter;

Expectation expected_of(const plan::Scenario& scenario, std::uint64_t events_due) {
  std::vector<std::uint64_t> subscribers(scenario.topics);
  for (std::uint32_t client = 0; client < scenario.clients; ++client) {
    for (std::uint32_t j = 0; j < scenario.topics_per_client; ++j) {
      ++subscribers[scenario.topic_of(client, j)];
    }
  }
  Expectation expected;
  plan::EventPlan events(scenario);
  while (const auto event = events.next()) {
    if (event->index >= events_due) {
      break;
    }
    if (event->due >= scenario.phases.warmup) {
      ++expected.events;
      expected.deliveries += subscribers[event->topic];
    }
  }
  return expected;
}

void thin(result::Series& series) {
  while (series.at_s.size() > result::kMaxSeriesPoints) {
    halve(series.at_s, last_of);
    for (Points* rate :
         {&series.published_per_s, &series.received_per_s, &series.server_cpu_share}) {
      halve(*rate, mean_of);
    }
    for (Points* level : {&series.sockets_open, &series.time_wait, &series.server_memory_bytes,
                          &series.worst_latency_ns}) {
      halve(*level, worst_of);
    }
  }
}

void close_accounts(result::CellResult& cell, const Expectation& expected) {
  auto& counters = cell.counters;
  cell.events_measured = expected.events;
  counters[Counter::kExpected] = expected.deliveries;
  counters[Counter::kLost] =
      expected.deliveries - std::min(expected.deliveries, counters[Counter::kDelivered]);
  counters[Counter::kSocketsOpenAtEnd] = counters[Counter::kSocketsOpened] -
                                         counters[Counter::kSocketsClosedWell] -
                                         counters[Counter::kSocketsCut];
}

void merge_series(result::Series& series,
                  std::size_t length,
                  bool with_server,
                  const std::vector<SecondPoint>& seconds,
                  const std::vector<std::uint64_t>& published) {
  length = std::min(length, seconds.size());
  series.server_cpu_share.resize(with_server ? length : 0, result::kNotMeasured);
  series.server_memory_bytes.resize(with_server ? length : 0, result::kNotMeasured);
  series.time_wait.resize(series.time_wait.empty() ? 0 : length, result::kNotMeasured);
  for (std::size_t i = 0; i < length; ++i) {
    series.at_s.push_back(static_cast<double>(i + 1));
    series.published_per_s.push_back(i < published.size() ? static_cast<double>(published[i]) : 0);
    series.received_per_s.push_back(static_cast<double>(seconds[i].received));
    series.sockets_open.push_back(static_cast<double>(seconds[i].sockets_open));
    series.worst_latency_ns.push_back(static_cast<double>(seconds[i].worst_latency_ns));
  }
  thin(series);
}

}  // namespace pushbench::swarm
