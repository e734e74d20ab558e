#include "harness/study/verification.h"

#include "harness/base/check.h"
#include "harness/base/nanos.h"
#include "harness/base/text.h"
#include "harness/result/metrics.h"
#include "harness/study/observation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace pushbench::study {
namespace {

constexpr double kPartDraws = 360;  // enough for a p99
constexpr double kLeastPart = 3;    // s

plan::Nanos shortened(plan::Nanos time, double compression) {
  return plan::Nanos(std::llround(static_cast<double>(time.count()) / compression));
}

double growth(std::uint64_t before, std::uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0;
}

// Processor time of the whole.
double whole_cores(const Part& part,
                   const Needs& needs,
                   const result::CellResult& cell,
                   const FamilyCost& cost) {
  const auto& server = *cell.server;
  const double used = static_cast<double>(server.cpu_ns) / 1e9 / cell.measure_s;
  const double publish = static_cast<double>(server.publish_cpu_ns) / 1e9 + cost.wake_cpu_s.value;
  const double publishes = static_cast<double>(cell.events_measured) / cell.measure_s;
  const double deliveries =
      static_cast<double>(cell.counters[result::Counter::kReceived]) / cell.measure_s;
  const double cold = cold_deliveries(deliveries, publishes) * cost.cold_cpu_s.value;
  const double grows = std::max(0.0, used - cost.base_cores.value - publishes * publish - cold);
  const auto& w = needs.workload;
  return cost.base_cores.value + grows * part.rates + w.publishes_per_s() * publish +
         cold_deliveries(w.deliveries_per_s(), w.publishes_per_s()) * cost.cold_cpu_s.value;
}

// Both ends were on one host when it was measured, and have the same buffers. What a kernel took is
// not known of every cell; then it is what the model tells.
double whole_memory(const Part& part, const result::CellResult& cell, const FamilyCost& cost) {
  const auto& server = *cell.server;
  const double user = growth(server.memory_base_bytes, server.memory_bytes);
  const double seen = growth(server.kernel_base_bytes, server.kernel_bytes);
  const double told = static_cast<double>(server.connections) * cost.kernel_each_bytes.value;
  const double kernel = (seen > 0 ? seen : told) / 2;
  return holds_connections(family_of(cell.strategy)) ? (user + kernel) * part.clients : 0;
}

Takes whole_takes(const Part& part,
                  const Needs& needs,
                  const result::CellResult& cell,
                  const FamilyCost& cost) {
  Takes out{whole_cores(part, needs, cell, cost), whole_memory(part, cell, cost)};
  if (cell.kernel_server) {
    out.ip_down_bytes_per_s =
        static_cast<double>(cell.kernel_server->ip_out_bytes) / cell.measure_s * part.rates;
  }
  return out;
}

const Measured* find_measured(const std::vector<Measured>& all, const std::string& family) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Measured& one) { return one.family == family; });
  return found == all.end() ? nullptr : &*found;
}

// Those that fit and were measured, in the order of the advice.
struct Pair {
  const Option* told;
  const Measured* seen;
};
std::vector<Pair> fitting(const Advice& advice, const std::vector<Measured>& measured) {
  std::vector<Pair> out;
  for (const auto& option : advice.options) {
    const auto* const seen = find_measured(measured, option.family);
    if (option.fits() && seen != nullptr) {
      out.push_back({&option, seen});
    }
  }
  return out;
}

bool takes_more(const Measured& one, const Measured& other) {
  return one.share.value > kTie * other.share.value && one.share_low > other.share_high;
}

void hold_against_least(Agreement& out, const std::vector<Pair>& pairs) {
  const auto least = std::min_element(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return a.seen->share.value < b.seen->share.value;
  });
  const auto& best = pairs.front();
  if (takes_more(*best.seen, *least->seen)) {
    out.contradictions.push_back(fmt::format(
        "{} is advised and takes {:.2g} of a server, {} takes {:.2g}", best.seen->family,
        best.seen->share.value, least->seen->family, least->seen->share.value));
  }
}

void hold_against_order(Agreement& out, const std::vector<Pair>& pairs) {
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (std::size_t j = i + 1; j < pairs.size(); ++j) {
      const bool told = pairs[j].told->share > kTie * pairs[i].told->share;
      if (told && takes_more(*pairs[i].seen, *pairs[j].seen)) {
        out.contradictions.push_back(fmt::format(
            "{} is told to take less than {} and takes {:.2g} against {:.2g} of a server",
            pairs[i].seen->family, pairs[j].seen->family, pairs[i].seen->share.value,
            pairs[j].seen->share.value));
      }
    }
  }
}

void hold_against_staleness(Agreement& out,
                            const Option& option,
                            const Measured& seen,
                            double staleness_s) {
  if (option.fits() && seen.latency_p99_s > staleness_s) {
    out.contradictions.push_back(
        fmt::format("{} is told to fit, and an event in a hundred was older than {}, allowed is {}",
                    option.family, human_seconds(seen.latency_p99_s), human_seconds(staleness_s)));
  }
  if (option.too_slow && seen.latency_max_s <= staleness_s) {
    out.contradictions.push_back(
        fmt::format("{} is told to be too slow, and no event was older than {}, allowed is {}",
                    option.family, human_seconds(seen.latency_max_s), human_seconds(staleness_s)));
  }
}

}  // namespace

const result::CellResult& middle_run(const std::vector<result::CellResult>& runs) {
  PUSHBENCH_CHECK(!runs.empty());
  const auto* const cpu = result::find_metric("server_cpu_ns_per_delivery");
  std::vector<std::pair<double, const result::CellResult*>> ordered;
  ordered.reserve(runs.size());
  for (const auto& run : runs) {
    ordered.emplace_back(cpu->read(run).value_or(run.latency.mean()), &run);
  }
  std::sort(ordered.begin(), ordered.end());
  return *ordered[ordered.size() / 2].second;
}

Part part_of(const Needs& needs, const plan::StrategySpec& cell) {
  const Workload& whole = needs.workload;
  Part out;
  Workload& w = out.workload;
  w = whole;
  out.compression = std::max(1.0, std::ceil(needs.staleness_s / kLongestStaleness));
  w.events_per_client_per_s *= out.compression;
  w.upstream_per_client_per_s *= out.compression;
  w.one_way_s /= out.compression;
  const double each = w.events_per_client_per_s + w.upstream_per_client_per_s;
  double bearable = kPartEvents / each;
  if (cell.strategy == "polling") {
    const double interval = seconds_of(compressed(cell, out.compression).interval);
    bearable = std::min(bearable, interval * (cell.new_connection ? kPartConnects : kPartPolls));
  }
  bearable = std::floor(bearable);
  w.clients = std::min(whole.clients, std::clamp(bearable, kLeastPartClients, kPartClients));
  w.fan_out = std::min(whole.fan_out, w.clients);
  out.clients = whole.clients / w.clients;
  out.rates = whole.deliveries_per_s() / w.deliveries_per_s();
  return out;
}

plan::StrategySpec compressed(plan::StrategySpec cell, double compression) {
  cell.interval = shortened(cell.interval, compression);
  cell.hold = shortened(cell.hold, compression);
  return cell;
}

plan::Scenario scenario_of(const Part& part, const plan::StrategySpec& cell) {
  plan::Scenario out = scenario_of(part.workload, {compressed(cell, part.compression)});
  const double interval =
      cell.strategy == "polling" ? seconds_of(out.strategies.front().interval) : 0;
  const double events = kPartDraws / out.events.rate_per_s;
  settle_polls(out);
  out.phases.measure =
      nanos_of(std::clamp(std::ceil(std::max(events, 3 * interval)), kLeastPart, kLongestPart));
  return out;
}

std::optional<Measured> measured_of(const Part& part,
                                    const Option& option,
                                    const std::vector<result::CellResult>& runs,
                                    const CostModel& model,
                                    const Needs& needs,
                                    const ServerKind& kind) {
  const result::CellResult& cell = middle_run(runs);
  const auto* const cost = model.find(option.family);
  if (cost == nullptr || !cell.server || cell.server->cpu_ns == 0 || !(cell.measure_s > 0) ||
      cell.latency.empty()) {
    return std::nullopt;
  }
  Measured out;
  out.family = option.family;
  out.run_clients = part.workload.clients;
  out.takes = whole_takes(part, needs, cell, *cost);
  out.share = share_of(out.takes, model, kind);
  out.share_low = out.share_high = out.share.value;
  out.latency_p99_s =
      static_cast<double>(cell.latency.quantile(0.99).count()) / 1e9 * part.compression;
  for (const auto& run : runs) {
    const double share = share_of(whole_takes(part, needs, run, *cost), model, kind).value;
    out.share_low = std::min(out.share_low, share);
    out.share_high = std::max(out.share_high, share);
    out.latency_max_s = std::max(
        out.latency_max_s, static_cast<double>(run.latency.max().count()) / 1e9 * part.compression);
  }
  return out;
}

Agreement agreement_of(const Advice& advice,
                       const std::vector<Measured>& measured,
                       const Needs& needs) {
  Agreement out;
  std::vector<Option> options;
  for (const auto& option : advice.options) {
    if (const auto* const seen = find_measured(measured, option.family)) {
      hold_against_staleness(out, option, *seen, needs.staleness_s);
      options.push_back(option);
      options.back().share = seen->share.value;
    }
  }
  rank(options, needs.workload.upstream_per_client_per_s > 0);
  for (const auto& option : options) {
    out.ranking.push_back(option.family);
  }
  const auto pairs = fitting(advice, measured);
  if (!pairs.empty()) {
    hold_against_least(out, pairs);
    hold_against_order(out, pairs);
  }
  return out;
}

}  // namespace pushbench::study
