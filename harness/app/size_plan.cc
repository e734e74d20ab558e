#include "harness/app/size_plan.h"

#include "harness/app/study_values.h"
#include "harness/base/nanos.h"
#include "harness/base/text.h"
#include "harness/plan/units.h"
#include "harness/study/observation.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace pushbench::app {
namespace {

constexpr Nanos kUsualInterval = std::chrono::seconds(1);

// Reads into `to` unless something failed before.
class Reading {
 public:
  void take(double& to, const Result<double>& got) {
    if (!failure_ && !got) {
      failure_ = got.error();
    }
    if (got) {
      to = *got;
    }
  }
  const std::optional<Failure>& failure() const { return failure_; }

 private:
  std::optional<Failure> failure_;
};

Result<void> read_workload(const SizeArguments& a, SizePlan& to) {
  if (a.clients.empty() || a.events_per_client.empty()) {
    return usage(
        "size: say how many clients and how many events each receives, such as --clients 100000 "
        "--events-per-client 0.2/s");
  }
  Reading reading;
  study::Workload& w = to.workload;
  reading.take(w.clients, read_count("--clients", a.clients));
  reading.take(w.events_per_client_per_s, read_rate("--events-per-client", a.events_per_client));
  reading.take(w.payload_bytes, read_size("--payload", a.payload));
  reading.take(w.fan_out, read_count("--fan-out", a.fan_out));
  double rtt = 0;
  reading.take(rtt, read_seconds("--rtt", a.rtt));
  w.one_way_s = rtt / 2;
  if (reading.failure()) {
    return *reading.failure();
  }
  if (w.clients > study::kMostClients) {
    return usage(fmt::format("--clients: at most {}", human_count(study::kMostClients)));
  }
  if (w.fan_out > w.clients) {
    return usage(fmt::format("--fan-out: an event cannot go to {} of {} clients",
                             human_count(w.fan_out), human_count(w.clients)));
  }
  if (w.payload_bytes < plan::kMinPayload || w.payload_bytes > 1024.0 * 1024) {
    return usage(fmt::format("--payload: expected {} B to 1 MiB, got '{}'", plan::kMinPayload,
                             printable(a.payload)));
  }
  return {};
}

Result<void> read_kind(const SizeArguments& a, SizePlan& to) {
  Reading reading;
  double headroom = 0;
  reading.take(to.kind.cores, read_count("--cores", a.cores));
  reading.take(to.kind.memory_bytes, read_memory("--memory", a.memory));
  reading.take(to.kind.link_bytes_per_s, read_link("--link", a.link));
  reading.take(headroom, read_share("--headroom", a.headroom));
  if (reading.failure()) {
    return *reading.failure();
  }
  if (headroom >= 0.95) {
    return usage("--headroom: less than 95 % must be left to work with");
  }
  to.kind.most_cpu = 1 - headroom;
  to.spare = a.spare;
  return {};
}

Result<void> read_day(const SizeArguments& a, SizePlan& to) {
  for (std::size_t at = 0; at <= a.day.size() && !a.day.empty();) {
    const auto end = std::min(a.day.find(',', at), a.day.size());
    const auto share = read_share("--day", a.day.substr(at, end - at));
    if (!share) {
      return share.error();
    }
    to.shares.push_back(*share);
    at = end + 1;
  }
  if (to.shares.size() > study::kMostSharesOfADay) {
    return usage(fmt::format("--day: at most {} shares", study::kMostSharesOfADay));
  }
  return {};
}

// A bound below the way itself: nothing that is sent can keep it.
Result<void> refuse_impossible(const SizePlan& plan) {
  for (const auto& bound :
       {plan.bounds.mean_s, plan.bounds.p50_s, plan.bounds.p99_s, plan.bounds.max_s}) {
    if (bound && *bound <= plan.workload.one_way_s) {
      return usage(fmt::format(
          "--slo: nothing arrives within {} when the way alone takes {} (half of --rtt)",
          human_seconds(*bound), human_seconds(plan.workload.one_way_s)));
    }
  }
  return {};
}

Result<void> choose_interval(const SizeArguments& a, SizePlan& to) {
  if (!a.poll_interval.empty()) {
    const auto seconds = read_seconds("--poll-interval", a.poll_interval);
    if (!seconds) {
      return seconds.error();
    }
    if (*seconds <= 2 * to.workload.one_way_s) {
      return usage(
          "--poll-interval: a poll must be answered before the next; expected more than "
          "--rtt");
    }
    to.poll_interval = nanos_of(*seconds);
    to.poll_reason = "as given";
    return {};
  }
  if (!to.bounds.any()) {
    to.poll_interval = kUsualInterval;
    to.poll_reason = "no bound of latency was given";
    return {};
  }
  if (const auto longest = study::longest_interval(to.bounds, to.workload.one_way_s)) {
    to.poll_interval = *longest;
    to.poll_reason = "the longest that keeps the bounds";
  } else {
    to.left_out.push_back(
        "polling: no interval that polls can keep is short enough for the bounds");
  }
  return {};
}

bool chosen(const plan::StrategySpec& cell, const SizeArguments& a) {
  const std::string name = cell.cell_name();
  return a.strategies.empty() ||
         std::any_of(a.strategies.begin(), a.strategies.end(),
                     [&](const std::string& prefix) { return name.starts_with(prefix); });
}

std::vector<plan::StrategySpec> cells_of(const SizePlan& plan, const SizeArguments& a) {
  std::vector<plan::StrategySpec> all;
  if (plan.poll_interval > Nanos(0)) {
    all.push_back(study::polling_cell(plan.poll_interval));
    all.push_back(study::polling_cell(plan.poll_interval, true));
  }
  all.push_back(study::long_polling_cell());
  all.push_back(study::streaming_cell("chunked"));
  all.push_back(study::streaming_cell("sse"));
  all.push_back(study::websocket_cell());
  std::erase_if(all, [&](const plan::StrategySpec& cell) { return !chosen(cell, a); });
  return all;
}

void add_money(const SizePlan& plan, SizeRow& row) {
  const double servers = row.size.servers + plan.spare;
  row.cost = study::cost_of(*plan.prices, plan.kind, servers, row.size.flow,
                            plan.workload.deliveries_per_s());
  if (!row.day) {
    return;
  }
  // A mean hour of the day.
  study::Flow flow;
  flow.bytes_per_s.payload_down = row.day->sent_bytes / 86'400;
  flow.ip_bytes_per_s = flow.bytes_per_s.payload_down;
  const double deliveries = row.day->deliveries / 86'400;
  row.day_fixed = study::cost_of(*plan.prices, plan.kind, row.day->servers_peak, flow, deliveries);
  row.day_scaled =
      study::cost_of(*plan.prices, plan.kind, row.day->server_hours / 24, flow, deliveries);
}

void add_row(SizePlan& plan, const plan::StrategySpec& cell) {
  const auto* cost = plan.model.find(study::family_of(cell));
  if (cost == nullptr) {
    plan.left_out.push_back(
        fmt::format("{}: the cost model has no constants for it", cell.cell_name()));
    return;
  }
  SizeRow row;
  row.size = study::size_of(plan.workload, cell, *cost, plan.model.scaling, plan.kind, plan.bounds);
  if (row.size.possible && !plan.shares.empty()) {
    row.day = study::day_of(plan.workload, cell, *cost, plan.model.scaling, plan.kind, plan.bounds,
                            plan.shares, plan.spare);
  }
  if (row.size.possible && plan.prices) {
    add_money(plan, row);
  }
  plan.rows.push_back(std::move(row));
}

}  // namespace

bool SizePlan::any_possible() const {
  return std::any_of(rows.begin(), rows.end(),
                     [](const SizeRow& row) { return row.size.possible; });
}

Result<SizePlan> make_size_plan(const SizeArguments& arguments) {
  SizePlan plan;
  auto fine = read_workload(arguments, plan);
  for (const auto step : {read_kind, read_day}) {
    fine = fine ? step(arguments, plan) : fine;
  }
  if (!fine) {
    return fine.error();
  }
  const auto bounds = read_bounds(arguments.slo);
  if (!bounds) {
    return bounds.error();
  }
  plan.bounds = *bounds;
  fine = refuse_impossible(plan);
  fine = fine ? choose_interval(arguments, plan) : fine;
  if (!fine) {
    return fine.error();
  }
  auto model = read_model(arguments.model);
  if (!model) {
    return model.error();
  }
  plan.model = std::move(*model);
  if (!arguments.prices.empty()) {
    auto prices = study::load_prices(arguments.prices);
    if (!prices) {
      return prices.error();
    }
    plan.prices = std::move(*prices);
  }
  for (const auto& cell : cells_of(plan, arguments)) {
    add_row(plan, cell);
  }
  if (plan.rows.empty()) {
    return usage(fmt::format("size: no strategy is left: {}", plan.left_out.empty()
                                                                  ? "--strategy names none of them"
                                                                  : plan.left_out.front()));
  }
  return plan;
}

}  // namespace pushbench::app
