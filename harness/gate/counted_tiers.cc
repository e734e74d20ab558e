#include "harness/gate/counted_tiers.h"

#include "harness/stats/bootstrap.h"
#include "harness/stats/rank_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace pushbench::gate {
namespace {

constexpr std::string_view kHeadUp = "head_up_bytes";

// Of what closed forms say: bytes and requests. The rest of it depends on how fast the machine is.
constexpr auto kModelled = std::to_array<std::string_view>(
    {"bytes_per_delivery", "head_bytes_per_delivery", "framing_bytes_per_delivery",
     "payload_bytes_per_delivery", "requests_per_delivery"});
constexpr std::string_view kUnexplained = "unexplained_bytes";

Row counted_row(Tier tier, const CellPair& pair, std::string_view count) {
  Row row;
  row.tier = tier;
  row.cell = pair.cell;
  row.metric =
      count.empty() ? std::string(tier_name(tier)) : fmt::format("{}.{}", tier_name(tier), count);
  row.base_runs = static_cast<std::uint32_t>(pair.base.size());
  row.head_runs = static_cast<std::uint32_t>(pair.head.size());
  return row;
}

// All values of a count that probes of one side gave.
std::set<std::uint64_t> exact_values(const CellRuns& runs, const std::string& count) {
  std::set<std::uint64_t> out;
  for (const auto* run : runs) {
    if (const auto found = run->exact.find(count); found != run->exact.end()) {
      out.insert(found->second);
    }
  }
  return out;
}

std::set<std::string> exact_names(const CellPair& pair) {
  std::set<std::string> out;
  for (const auto* side : {&pair.base, &pair.head}) {
    for (const auto* run : *side) {
      for (const auto& [name, value] : run->exact) {
        out.insert(name);
      }
    }
  }
  return out;
}

bool any_probe(const CellRuns& runs) {
  return std::any_of(runs.begin(), runs.end(),
                     [](const CellFacts* run) { return !run->exact.empty(); });
}

std::optional<double> single(const std::set<std::uint64_t>& values) {
  return values.size() == 1 ? std::optional(static_cast<double>(*values.begin())) : std::nullopt;
}

Row exact_row(const CellPair& pair, const std::string& count) {
  Row row = counted_row(Tier::kExact, pair, count);
  const auto base = exact_values(pair.base, count);
  const auto head = exact_values(pair.head, count);
  row.base = single(base);
  row.head = single(head);
  if (base == head && base.size() == 1) {
    return row;
  }
  if (base.size() > 1 || head.size() > 1) {
    row.found = base == head ? Found::kUndecided : Found::kWorse;
    row.note = fmt::format(
        "runs of the same side differ among themselves ({} values in the base, "
        "{} in the head), so these exchanges are not exact",
        base.size(), head.size());
    row.open = row.found == Found::kUndecided;
    return row;
  }
  row.found = Found::kWorse;
  return row;
}

Row unprobed_row(const CellPair& pair) {
  Row row = counted_row(Tier::kExact, pair, "");
  const bool base = any_probe(pair.base);
  if (base != any_probe(pair.head)) {
    row.found = base ? Found::kWorse : Found::kUndecided;
    row.note = fmt::format("the probe of exact exchanges ended well in no run of the {}",
                           base ? "head" : "base");
  } else {
    row.note = "not probed in either side";
  }
  return row;
}

std::vector<double> counts_of(const CellRuns& runs, const std::string& name) {
  std::vector<double> out;
  for (const auto* run : runs) {
    if (const auto found = run->audit.find(name); found != run->audit.end()) {
      out.push_back(static_cast<double>(found->second));
    }
  }
  return out;
}

double sum_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return sum;
}

// Where the base has some too, more of them must be more than chance.
Found judge_count(const std::vector<double>& base, const std::vector<double>& head, double level) {
  const double before = sum_of(base) / static_cast<double>(base.size());
  const double now = sum_of(head) / static_cast<double>(head.size());
  if (before == now || now == 0) {
    return before == now ? Found::kSame : Found::kBetter;
  }
  if (before == 0) {
    return Found::kWorse;
  }
  const bool chance = stats::mann_whitney(base, head).p >= level;
  return chance ? Found::kSame : now > before ? Found::kWorse : Found::kBetter;
}

struct Residuals {
  std::vector<double> shares;  // measured / predicted - 1
  std::vector<double> values;
  std::size_t outside = 0;
};

Residuals residuals_of(const CellRuns& runs, std::string_view metric) {
  Residuals out;
  for (const auto* run : runs) {
    const auto found = run->predicted.find(std::string(metric));
    const auto value = run->read(metric);
    if (found == run->predicted.end() || !value) {
      continue;
    }
    const auto& [mean, low, high] = found->second;
    // The bounds are sums of floating-point numbers, what is measured is a ratio of whole ones.
    const double slack = 1e-9 * std::max(1.0, high);
    out.outside += *value < low - slack || *value > high + slack ? 1U : 0U;
    out.values.push_back(*value);
    out.shares.push_back(mean != 0 ? *value / mean - 1 : 0);
  }
  return out;
}

bool many(std::size_t outside, std::size_t runs) {
  return outside >= kLeastOutside && 2 * outside >= runs;
}

Row model_row(const CellPair& pair, std::string_view metric) {
  Row row = counted_row(Tier::kModel, pair, metric);
  row.shown = result::find_metric(metric);
  const auto base = residuals_of(pair.base, metric);
  const auto head = residuals_of(pair.head, metric);
  if (base.values.empty() || head.values.empty()) {
    row.note = "not predicted";
    return row;
  }
  row.base = stats::median_of(base.values);
  row.head = stats::median_of(head.values);
  if (many(head.outside, head.values.size()) && base.outside == 0) {
    row.found = Found::kWorse;
  } else if (many(base.outside, base.values.size()) && head.outside == 0) {
    row.found = Found::kBetter;
  }
  if (row.found != Found::kSame) {
    row.note = fmt::format(
        "outside of what closed forms say in {} of {} runs of the base and in "
        "{} of {} of the head; residual {:+.2f} % and {:+.2f} %",
        base.outside, base.values.size(), head.outside, head.values.size(),
        100 * stats::median_of(base.shares), 100 * stats::median_of(head.shares));
  }
  return row;
}

std::vector<double> readings(const CellRuns& runs, std::string_view metric) {
  std::vector<double> out;
  for (const auto* run : runs) {
    if (const auto value = run->read(metric)) {
      out.push_back(*value);
    }
  }
  return out;
}

// In most runs of the head, and in hardly any of the base: an edge of the window may cut an
// exchange now and then.
Row unexplained_row(const CellPair& pair) {
  Row row = counted_row(Tier::kModel, pair, kUnexplained);
  row.shown = result::find_metric(kUnexplained);
  const auto base = readings(pair.base, kUnexplained);
  const auto head = readings(pair.head, kUnexplained);
  if (base.empty() || head.empty()) {
    row.note = "not predicted";
    return row;
  }
  row.base = stats::median_of(base);
  row.head = stats::median_of(head);
  const bool enough = std::min(base.size(), head.size()) >= kLeastOutside;
  if (enough && *row.base == 0 && *row.head > 0) {
    row.found = Found::kWorse;
    row.note = "bytes that closed forms do not derive from the run's own counts";
  }
  return row;
}

// Rows that differ; when there are none, the one that says so.
std::vector<Row> only_findings(std::vector<Row> rows, Row same, std::string_view what) {
  std::erase_if(rows, [](const Row& row) { return row.found == Found::kSame; });
  if (rows.empty()) {
    same.note = what;
    rows.push_back(std::move(same));
  }
  return rows;
}

}  // namespace

std::vector<Row> exact_rows(const CellPair& pair) {
  if (!any_probe(pair.base) || !any_probe(pair.head)) {
    return {unprobed_row(pair)};
  }
  std::vector<Row> rows;
  std::size_t looked_at = 0;
  for (const auto& name : exact_names(pair)) {
    if (name == kHeadUp && !pair.same_length_of_url) {
      continue;
    }
    ++looked_at;
    rows.push_back(exact_row(pair, name));
  }
  return only_findings(std::move(rows), counted_row(Tier::kExact, pair, ""),
                       fmt::format("{} counts agree", looked_at));
}

std::vector<Row> audit_rows(const CellPair& pair, double significance) {
  std::set<std::string> names;
  for (const auto* side : {&pair.base, &pair.head}) {
    for (const auto* run : *side) {
      for (const auto& [name, value] : run->audit) {
        names.insert(name);
      }
    }
  }
  std::vector<Row> rows;
  std::size_t some = 0;
  for (const auto& name : names) {
    const auto base = counts_of(pair.base, name);
    const auto head = counts_of(pair.head, name);
    if (base.empty() || head.empty()) {
      continue;
    }
    Row row = counted_row(Tier::kAudit, pair, name);
    row.base = sum_of(base);
    row.head = sum_of(head);
    row.found = judge_count(base, head, significance);
    some += row.found == Found::kSame && *row.head > 0 ? 1U : 0U;
    rows.push_back(std::move(row));
  }
  return only_findings(std::move(rows), counted_row(Tier::kAudit, pair, ""),
                       some == 0 ? "nothing lost, duplicated, reordered or failed"
                                 : "no more trouble than the base has");
}

std::vector<Row> model_rows(const CellPair& pair) {
  std::vector<Row> rows;
  std::size_t predicted = 0;
  for (const auto metric : kModelled) {
    rows.push_back(model_row(pair, metric));
    predicted += rows.back().base ? 1U : 0U;
  }
  rows.push_back(unexplained_row(pair));
  predicted += rows.back().base ? 1U : 0U;
  return only_findings(
      std::move(rows), counted_row(Tier::kModel, pair, ""),
      predicted == 0 ? "nothing predicted" : fmt::format("{} metrics as before", predicted));
}

}  // namespace pushbench::gate
