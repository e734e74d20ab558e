#include "harness/app/advice_file.h"

#include "harness/base/text.h"
#include "harness/result/json_reader.h"
#include "harness/study/model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pushbench::app {
namespace {

using result::JsonView;

constexpr std::size_t kMostRows = 1000;
constexpr double kMostPayload = 1024 * 1024;
constexpr double kMostPerSecond = 1e9;
constexpr double kMostRttNs = 2e9;
constexpr double kMostNs = 1e18;
constexpr double kMostValue = 1e18;
constexpr double kSame = 1e-6;  // of shares: needs are kept in whole nanoseconds

double bounded_number(const JsonView& view, double least, double most) {
  const double value = view.number();
  if (!(value >= least && value <= most)) {
    view.fail(fmt::format("must be from {:g} to {:g}", least, most));
    return least;
  }
  return value;
}

double number_above_zero(const JsonView& view, double most) {
  const double value = bounded_number(view, 0, most);
  if (value <= 0) {
    view.fail("must be above 0");
    return 1;
  }
  return value;
}

study::Needs needs_in(const JsonView& view) {
  study::Needs out;
  auto& w = out.workload;
  w.clients = bounded_number(view.at("clients"), 1, study::kMostClients);
  w.events_per_client_per_s = number_above_zero(view.at("events_per_client_per_s"), kMostPerSecond);
  w.payload_bytes = bounded_number(view.at("payload_bytes"), plan::kMinPayload, kMostPayload);
  w.fan_out = bounded_number(view.at("fan_out"), 1, w.clients);
  w.one_way_s = bounded_number(view.at("rtt_ns"), 0, kMostRttNs) / 2e9;
  w.upstream_per_client_per_s =
      bounded_number(view.at("upstream_per_client_per_s"), 0, kMostPerSecond);
  w.upstream_payload_bytes = bounded_number(view.at("upstream_payload_bytes"), 1, kMostPayload);
  out.staleness_s = number_above_zero(view.at("staleness_ns"), kMostNs) / 1e9;
  if (out.staleness_s <= w.one_way_s) {
    view.at("staleness_ns").fail("must be longer than half of the round trip");
  }
  out.old_browsers = view.at("old_browsers").boolean();
  out.proxy_buffers = view.at("proxy_buffers").boolean();
  out.proxy_no_upgrade = view.at("proxy_no_upgrade").boolean();
  if (const auto idle = view.find("proxy_idle_ns")) {
    out.proxy_idle_s = number_above_zero(*idle, kMostNs) / 1e9;
  }
  return out;
}

study::ServerKind server_in(const JsonView& view) {
  study::ServerKind out;
  out.cores = number_above_zero(view.at("cores"), kMostValue);
  out.memory_bytes = number_above_zero(view.at("memory_bytes"), kMostValue);
  out.link_bytes_per_s = number_above_zero(view.at("link_bytes_per_s"), kMostValue);
  out.most_cpu = number_above_zero(view.at("most_cpu"), 1);
  out.most_memory = number_above_zero(view.at("most_memory"), 1);
  out.most_link = number_above_zero(view.at("most_link"), 1);
  return out;
}

// Evidence is printed.
study::CostModel costs_in(const JsonView& view) {
  study::CostModel out = study::model_in(view);
  for (auto& family : out.families) {
    family.evidence = printable(family.evidence);
  }
  out.source = printable(out.source);
  return out;
}

Verified verified_in(const JsonView& view) {
  Verified out;
  out.family = printable(view.at("strategy").text());
  out.metric = printable(view.at("metric").text());
  out.unit = view.at("unit").text();
  out.predicted = bounded_number(view.at("predicted"), 0, kMostValue);
  if (const auto measured = view.find("measured")) {
    out.measured = bounded_number(*measured, 0, kMostValue);
  }
  return out;
}

study::Measured measured_in(const JsonView& view, const study::Advice& advice) {
  study::Measured out;
  out.family = view.at("strategy").text();
  if (std::none_of(advice.options.begin(), advice.options.end(),
                   [&](const study::Option& option) { return option.family == out.family; })) {
    view.at("strategy").fail("is none of the strategies that were advised on");
  }
  out.share = {bounded_number(view.at("servers"), 0, kMostValue),
               printable(view.at("scarcest").text())};
  if (const auto clients = view.find("clients")) {
    out.run_clients = bounded_number(*clients, 1, study::kMostClients);
  }
  const auto of_runs = [&](const char* key) {
    const auto end = view.find(key);
    return end ? bounded_number(*end, 0, kMostValue) : out.share.value;
  };
  out.share_low = of_runs("servers_low");
  out.share_high = of_runs("servers_high");
  out.latency_p99_s = bounded_number(view.at("latency_p99_ns"), 0, kMostNs) / 1e9;
  out.latency_max_s = bounded_number(view.at("latency_max_ns"), 0, kMostNs) / 1e9;
  return out;
}

// What `advise --verify` ran, as far as a text tells it.
void read_verified(const JsonView& root, AdviceView& to) {
  const auto rows = root.find("verified");
  if (!rows) {
    return;
  }
  for (const auto& row : rows->items(kMostRows)) {
    to.verified.push_back(verified_in(row));
  }
  to.run_clients = bounded_number(root.at("verified_clients"), 1, study::kMostClients);
  to.compression = bounded_number(root.at("time_compressed"), 1, kMostValue);
  if (const auto measured = root.find("measured")) {
    for (const auto& row : measured->items(kMostRows)) {
      to.measured.push_back(measured_in(row, to.advice));
      to.agreement.ranking.push_back(to.measured.back().family);
    }
    for (const auto& one : root.at("contradictions").items(kMostRows)) {
      to.agreement.contradictions.push_back(printable(one.text()));
    }
  }
}

bool says_the_same(const JsonView& strategies, const study::Advice& advice) {
  const auto rows = strategies.items(kMostRows);
  return std::equal(rows.begin(), rows.end(), advice.options.begin(), advice.options.end(),
                    [](const JsonView& row, const study::Option& option) {
                      const double servers = row.at("servers").number();
                      return row.at("strategy").text() == option.cell.cell_name() &&
                             row.at("fits").boolean() == option.fits() &&
                             std::abs(servers - option.share) <= kSame * option.share;
                    });
}

}  // namespace

Result<AdviceView> advice_from_json(std::string_view text, const std::string& origin) {
  const auto tree = result::parse_json(text, origin);
  if (!tree) {
    return tree.error();
  }
  result::ReadContext context(origin);
  const JsonView root(*tree, "", context);
  AdviceView out;
  out.model = printable(root.at("model").text());
  out.needs = needs_in(root.at("needs"));
  out.kind = server_in(root.at("server"));
  out.costs = costs_in(root.at("costs"));
  if (context.failure()) {
    return *context.failure();
  }
  auto advice = study::advise(out.needs, out.costs, out.kind);
  if (!advice) {
    return usage(fmt::format("{}: {}", origin, advice.error().text));
  }
  out.advice = std::move(*advice);
  const bool same = says_the_same(root.at("strategies"), out.advice);
  read_verified(root, out);
  if (context.failure()) {
    return *context.failure();
  }
  if (!same) {
    return usage(fmt::format(
        "{}: strategies are not what this program advises for what was asked; the file was edited "
        "or is of another pushbench: report it with that one, or as json",
        origin));
  }
  return out;
}

}  // namespace pushbench::app
