#include "harness/study/observation.h"

#include "harness/base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::study {
namespace {

using result::Counter;

constexpr std::string_view kNewConnection = "polling,new-connection";

double per_second(const result::CellResult& cell, Counter counter) {
  return static_cast<double>(cell.counters[counter]) / cell.measure_s;
}

bool nothing_due(const result::CellResult& cell) {
  return cell.events_measured == 0 && cell.counters[Counter::kReceived] == 0;
}

// The publisher's own connection costs the server no subscription.
std::string reason_against(const result::CellResult& cell, bool held_out) {
  if (!cell.finished || !(cell.measure_s > 0)) {
    return "it was interrupted";
  }
  if (cell.strategy.compresses()) {
    return "compression costs by the text of the events, which the model does not know";
  }
  if (!cell.server || (cell.server->cpu_ns == 0 && !nothing_due(cell))) {
    return "the server's processor time is not known (--server-pid names its process, "
           "--server-metrics its page of metrics)";
  }
  if (cell.clients_at_start) {
    return "its clients came and went, so that no one number of them belongs to its costs";
  }
  const auto& counters = cell.counters;
  if (counters[Counter::kLost] + counters[Counter::kUnpublished] +
          counters[Counter::kPublishRejected] >
      0) {
    return "events were lost or not published";
  }
  if (counters[Counter::kReceived] == 0 && !nothing_due(cell)) {
    return "nothing was delivered";
  }
  if (held_out && nothing_due(cell)) {
    return "no event was due in it, so that there is little to predict; give it among the others";
  }
  return "";
}

double cores_of(const result::CellResult& cell) {
  return static_cast<double>(cell.server->cpu_ns) / 1e9 / cell.measure_s;
}

bool saturated(const result::CellResult& cell) {
  const auto& shares = cell.series.server_cpu_share;
  const double whole = cores_of(cell);
  const double most = shares.empty() ? whole : *std::max_element(shares.begin(), shares.end());
  // Of a server with several threads nothing is known of each.
  return whole >= kSaturatedShare && most < 1.5;
}

// A scenario whose closed forms are not known says nothing of requests.
Load asked_of(const plan::Scenario& scenario,
              const result::CellResult& cell,
              const Observation& seen) {
  const auto asks = cell.predicted.find("requests_per_delivery");
  const auto empty = cell.predicted.find("empty_share");
  const double rate = scenario.events.rate_per_s;
  if (seen.idle() || asks == cell.predicted.end() || !(rate > 0) || scenario.topics == 0) {
    return seen.load();
  }
  const double subscriptions = seen.clients * scenario.topics_per_client;
  const double deliveries = rate * subscriptions / scenario.topics;
  const double requests = asks->second.mean * deliveries;
  return {holds_connections(seen.family) ? subscriptions : 0, requests, deliveries, rate,
          empty == cell.predicted.end() ? 0 : empty->second.mean * requests};
}

Observation observe(const plan::Scenario& scenario, const result::CellResult& cell) {
  Observation out;
  out.family = family_of(cell.strategy);
  out.clients = cell.clients;
  out.deliveries_per_s = per_second(cell, Counter::kReceived);
  out.requests_per_s = per_second(cell, Counter::kRequests);
  out.empty_per_s = per_second(cell, Counter::kEmptyPolls);
  out.publishes_per_s = static_cast<double>(cell.events_measured) / cell.measure_s;
  out.cell = fmt::format("{}, {} clients, {} deliveries/s", cell.label(), human_count(cell.clients),
                         human_count(out.deliveries_per_s));
  const result::ServerCost& server = *cell.server;
  out.cores = cores_of(cell);
  out.publish_cpu_s = static_cast<double>(server.publish_cpu_ns) / 1e9;
  out.connections = holds_connections(out.family) ? static_cast<double>(server.connections) : 0;
  if (server.memory_bytes > 0) {
    out.memory_bytes = static_cast<double>(server.memory_bytes);
  }
  if (out.connections > 0 && server.kernel_bytes > server.kernel_base_bytes) {
    out.kernel_growth_bytes = static_cast<double>(server.kernel_bytes - server.kernel_base_bytes);
  }
  out.overhead_up_bytes_per_s =
      per_second(cell, Counter::kHeadUp) + per_second(cell, Counter::kFramingUp);
  out.overhead_down_bytes_per_s =
      per_second(cell, Counter::kHeadDown) + per_second(cell, Counter::kFramingDown);
  out.payload_bytes_per_s =
      per_second(cell, Counter::kPayloadUp) + per_second(cell, Counter::kPayloadDown);
  out.asked = asked_of(scenario, cell, out);
  return out;
}

}  // namespace

std::string family_of(const plan::StrategySpec& cell) {
  if (cell.strategy == "polling") {
    return cell.new_connection ? std::string(kNewConnection) : cell.strategy;
  }
  return cell.strategy == "streaming" ? "streaming/" + cell.encoding : cell.strategy;
}

bool holds_connections(std::string_view family) {
  return family != kNewConnection;
}

void add_observations(const result::RunResult& run, bool held_out, Observations& to) {
  for (const auto& cell : run.cells) {
    std::string reason = reason_against(cell, held_out);
    if (reason.empty() && saturated(cell)) {
      reason = "the server's processor was busy all the time, so that cost no longer follows load";
    }
    if (!reason.empty()) {
      to.left_out.push_back(
          fmt::format("{} with {} clients: {}", cell.label(), human_count(cell.clients), reason));
      continue;
    }
    to.usable.push_back(observe(run.scenario, cell));
    to.usable.back().held_out = held_out;
  }
}

}  // namespace pushbench::study
