#include "harness/study/workload.h"

#include "harness/base/check.h"
#include "harness/base/nanos.h"
#include "harness/study/observation.h"

#include <algorithm>
#include <cmath>

namespace pushbench::study {
namespace {

std::uint32_t whole(double value) {
  return static_cast<std::uint32_t>(std::llround(std::clamp(value, 1.0, kMostClients)));
}

}  // namespace

double Workload::topics() const {
  return std::max(1.0, std::round(clients / fan_out));
}

double Flow::ip_down_bytes_per_s() const {
  const double down = bytes_per_s.head_down + bytes_per_s.framing_down + bytes_per_s.payload_down;
  return down + std::max(0.0, ip_bytes_per_s - bytes_per_s.total() - upstream_bytes_per_s) / 2;
}

plan::Scenario scenario_of(const Workload& workload, const std::vector<plan::StrategySpec>& cells) {
  plan::Scenario scenario;
  scenario.name = "workload";
  scenario.origin = "<command line>";
  scenario.clients = whole(workload.clients);
  scenario.topics = whole(workload.topics());
  scenario.events.rate_per_s = workload.events_per_client_per_s * scenario.topics;
  scenario.events.arrival = workload.poisson ? plan::Arrival::kPoisson : plan::Arrival::kConstant;
  scenario.events.payload.size = whole(std::max<double>(plan::kMinPayload, workload.payload_bytes));
  if (workload.one_way_s > 0) {
    scenario.link = plan::LinkSpec{};
    scenario.link->rtt = nanos_of(2 * workload.one_way_s);
  }
  if (workload.upstream_per_client_per_s > 0) {
    scenario.upstream = plan::UpstreamSpec{
        .rate_per_s = workload.upstream_per_client_per_s,
        .payload = whole(std::max<double>(plan::kMinPayload, workload.upstream_payload_bytes))};
  }
  scenario.strategies = cells;
  return scenario;
}

Flow flow_of(const Workload& workload, const plan::StrategySpec& cell) {
  PUSHBENCH_CHECK(workload.clients >= 1 && workload.events_per_client_per_s > 0);
  plan::Scenario scenario = scenario_of(workload, {cell});
  scenario.phases.warmup = nanos_of(model::kTimeWaitSeconds);
  settle_polls(scenario);
  scenario.phases.measure = nanos_of(kSteadySeconds);
  const model::Prediction predicted = model::predict(scenario, cell);
  const double deliveries = workload.deliveries_per_s();
  Flow out;
  out.latency = predicted.latency;
  out.requests_per_s = predicted.requests_per_s;
  out.empty_share = predicted.empty_share;
  out.sockets = predicted.sockets;
  out.connections = holds_connections(family_of(cell)) ? workload.clients : 0;
  out.time_wait = predicted.time_wait;
  out.bytes_per_s = predicted.per_delivery.scaled(deliveries);
  out.ip_bytes_per_s = predicted.ip_bytes_per_delivery.mean * deliveries;
  out.upstream_bytes_per_s =
      predicted.upstream_bytes * workload.upstream_per_client_per_s * workload.clients;
  return out;
}

void settle_polls(plan::Scenario& scenario) {
  for (const auto& cell : scenario.strategies) {
    if (cell.strategy == "polling") {
      scenario.phases.warmup = std::max(scenario.phases.warmup, cell.interval);
    }
  }
}

plan::StrategySpec polling_cell(plan::Nanos interval, bool new_connection) {
  plan::StrategySpec cell;
  cell.strategy = "polling";
  cell.interval = interval;
  cell.new_connection = new_connection;
  return cell;
}

plan::StrategySpec long_polling_cell() {
  plan::StrategySpec cell;
  cell.strategy = "long-polling";
  return cell;
}

plan::StrategySpec streaming_cell(const std::string& encoding) {
  plan::StrategySpec cell;
  cell.strategy = "streaming";
  cell.encoding = encoding;
  return cell;
}

plan::StrategySpec websocket_cell() {
  plan::StrategySpec cell;
  cell.strategy = "websocket";
  return cell;
}

}  // namespace pushbench::study
