#include "harness/model/predict.h"

#include "harness/base/check.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace pushbench::model {

namespace {

constexpr std::array<std::string_view, 6> kBytesBegin{"bytes",   "head",     "framing",
                                                      "payload", "segments", "ip_bytes"};

bool is_of_bytes(std::string_view metric) {
  return std::any_of(kBytesBegin.begin(), kBytesBegin.end(),
                     [metric](std::string_view word) { return metric.starts_with(word); });
}

void take_bytes(Prediction& out, const Case& c, const Totals& totals) {
  out.per_delivery = totals.bytes.scaled(1 / out.deliveries);
  out.bytes = bytes_interval(c, totals);
  out.bytes_per_delivery = out.metrics.at("bytes_per_delivery");
  out.segments_per_delivery = out.metrics.at("segments_per_delivery");
  out.ip_bytes_per_delivery = out.metrics.at("ip_bytes_per_delivery");
}

}  // namespace

Prediction predict(const plan::Scenario& scenario,
                   const plan::StrategySpec& cell,
                   const Assumptions& assumptions) {
  PUSHBENCH_CHECK(!cell.polls_at_once());
  const Case c{scenario, cell, assumptions};
  const Totals totals = totals_of(c);
  Prediction out;
  out.cell = cell.cell_name();
  out.latency = totals.asking.latency;
  out.requests_per_s = c.subscriptions() * totals.asking.requests_per_s;
  out.empty_share = totals.asking.empty_share;
  out.events_per_response = totals.asking.events_per_answer;
  out.exchanges = totals.exchanges;
  out.deliveries = totals.deliveries;
  out.sockets = sockets_of(c, totals.asking);
  out.metrics = intervals_of(c, totals);
  out.requests_per_delivery = out.metrics.at("requests_per_delivery");
  if (cell.compresses()) {
    std::erase_if(out.metrics, [](const auto& row) { return is_of_bytes(row.first); });
  } else {
    take_bytes(out, c, totals);
  }
  out.time_wait = out.metrics.at("time_wait_peak").mean;
  if (scenario.upstream) {
    out.upstream_bytes = upstream_bytes(cell, c.place(), scenario.upstream->payload).total();
  }
  return out;
}

std::vector<Prediction> predict_all(const plan::Scenario& scenario,
                                    const Assumptions& assumptions) {
  std::vector<Prediction> out;
  out.reserve(scenario.strategies.size());
  for (const auto& cell : scenario.strategies) {
    if (cell.polls_at_once() || cell.compresses()) {
      continue;
    }
    out.push_back(predict(scenario, cell, assumptions));
  }
  return out;
}

}  // namespace pushbench::model
