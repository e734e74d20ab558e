#include "reports/topics.h"

#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/stats/interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::RunResult;

constexpr auto kLatency = std::to_array<Column>({
    {"latency_p50_ns", "p50"},
    {"latency_p99_ns", "p99"},
    {"latency_p999_ns", "p99.9"},
    {"latency_max_ns", "max"},
    {"lost", "lost"},
});
constexpr auto kBytes = std::to_array<Column>({
    {"bytes_per_delivery", "all"},
    {"head_bytes_per_delivery", "head"},
    {"framing_bytes_per_delivery", "framing"},
    {"payload_bytes_per_delivery", "payload"},
});
constexpr auto kCost = std::to_array<Column>({
    {"requests_per_delivery", "requests/\ndelivery"},
    {"sockets_peak", "peak\nsockets"},
    {"time_wait_peak", "peak\nTIME_WAIT"},
    {"server_cpu_ns_per_delivery", "server CPU/\ndelivery"},
    {"server_memory_bytes_per_connection", "memory/\nsocket"},
});
constexpr auto kUpstream = std::to_array<Column>({
    {"upstream_ack_p50_ns", "ack p50"},
    {"upstream_ack_p99_ns", "ack p99"},
    {"upstream_bytes_per_event", "bytes/\nevent"},
});

constexpr auto kTopics = std::to_array<Topic>({
    {"latency", "Latency", "From the instant an event was due until a client had it.", kLatency},
    {"bytes", "Bytes per delivery",
     "What crossed the sockets, both directions, for each event that "
     "reached a client.",
     kBytes},
    {"cost", "Cost", "What the server pays.", kCost},
    {"upstream", "Upstream", "Events that clients send to the server.", kUpstream},
});

const result::Metric& metric_of(const Column& column) {
  const auto* metric = result::find_metric(column.metric);
  PUSHBENCH_CHECK(metric != nullptr);
  return *metric;
}

bool any_value(const Topic& topic, const RunResult& run) {
  return std::any_of(run.cells.begin(), run.cells.end(), [&topic](const CellResult& cell) {
    return std::any_of(topic.columns.begin(), topic.columns.end(), [&cell](const Column& column) {
      return metric_of(column).read(cell).has_value();
    });
  });
}

std::string payload_text(const plan::PayloadSpec& payload) {
  switch (payload.kind) {
    case plan::PayloadSpec::Kind::kFixed: return human_bytes(payload.size) + " each";
    case plan::PayloadSpec::Kind::kUniform:
      return human_bytes(payload.low) + " to " + human_bytes(payload.high) + " each";
    case plan::PayloadSpec::Kind::kLognormal:
      return fmt::format("{} at the median", human_bytes(payload.median));
    case plan::PayloadSpec::Kind::kFile: return "payload from " + payload.file;
  }
  return "";
}

std::string arrival_text(plan::Arrival arrival) {
  switch (arrival) {
    case plan::Arrival::kConstant: return "constant";
    case plan::Arrival::kPoisson: return "poisson";
    case plan::Arrival::kBurst: return "burst";
  }
  return "";
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return human_count(static_cast<double>(n)) + " " + std::string(n == 1 ? one : many);
}

}  // namespace

std::vector<Topic> topics_of(const RunResult& run) {
  std::vector<Topic> out;
  for (const auto& topic : kTopics) {
    if (any_value(topic, run)) {
      out.push_back(topic);
    }
  }
  return out;
}

std::string one_line(std::string_view head) {
  std::string out;
  for (const char c : head) {
    if (c != '\n') {
      out += c;
    } else if (!out.ends_with('/')) {
      out += ' ';
    }
  }
  return out;
}

std::string shown(const Column& column, const CellResult& cell) {
  const auto& metric = metric_of(column);
  return result::format_metric(metric, metric.read(cell));
}

bool withholds(const RunResult& run) {
  const auto topics = topics_of(run);
  return std::any_of(run.cells.begin(), run.cells.end(), [&topics](const CellResult& cell) {
    return std::any_of(topics.begin(), topics.end(), [&cell](const Topic& topic) {
      return std::any_of(topic.columns.begin(), topic.columns.end(), [&cell](const Column& column) {
        return metric_of(column).quantile > 0 && !metric_of(column).read(cell);
      });
    });
  });
}

std::string withheld_note() {
  return fmt::format(
      "n too small: a percentile is withheld until enough independent events were measured; p99 "
      "needs {}, p99.9 needs {}.",
      human_count(static_cast<double>(stats::samples_needed(0.99))),
      human_count(static_cast<double>(stats::samples_needed(0.999))));
}

std::string workload_line(const RunResult& run) {
  const auto& scenario = run.scenario;
  const std::string repeats =
      scenario.repeats > 1 ? fmt::format(", {} repeats", scenario.repeats) : "";
  return fmt::format(
      "{}, {}, {} events/s ({}), {}, {} measured per cell{}",
      counted(scenario.clients, "client", "clients"), counted(scenario.topics, "topic", "topics"),
      human_count(scenario.events.rate_per_s), arrival_text(scenario.events.arrival),
      payload_text(scenario.events.payload), human_duration(scenario.phases.measure), repeats);
}

std::string server_name(const RunResult& run) {
  return run.server == "own" ? "pushbench's own server" : "the server at " + run.server;
}

std::string environment_line(const RunResult& run) {
  std::string out = server_name(run);
  for (const auto& [key, value] : run.environment) {
    out += ", " + key + " " + value;
  }
  return out;
}

}  // namespace pushbench::reports
