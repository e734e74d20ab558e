#include "harness/base/text.h"
#include "harness/result/metrics.h"
#include "harness/stats/interval.h"
#include "reports/format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::RunResult;
using result::Verdict;

constexpr double kZ = 1.96;  // 95 %

// A cell with all its repeats together.
struct Contender {
  std::string name;
  CellResult sum;
  double value = 0;          // the latency that is compared
  double low = 0, high = 0;  // its 95 % interval
};

bool is_invalid(const RunResult& run, const CellResult& cell) {
  return std::any_of(run.caveats.begin(), run.caveats.end(), [&cell](const auto& caveat) {
    return caveat.severity == Verdict::kInvalid && caveat.cell == cell.label();
  });
}

std::vector<Contender> contenders_of(const RunResult& run) {
  std::vector<Contender> out;
  for (const auto& cell : run.cells) {
    if (is_invalid(run, cell) || cell.latency.empty()) {
      continue;
    }
    const auto found = std::find_if(out.begin(), out.end(),
                                    [&cell](const auto& one) { return one.name == cell.name; });
    if (found == out.end()) {
      out.push_back({.name = cell.name, .sum = cell});
      continue;
    }
    if (found->sum.latency.shape() == cell.latency.shape()) {
      found->sum.latency.merge(cell.latency);
      found->sum.counters.merge(cell.counters);
      found->sum.events_measured += cell.events_measured;
    }
  }
  return out;
}

// Where n is too small for an upper rank the interval ends at the maximum.
void set_interval(Contender& one, double q) {
  one.value = static_cast<double>(one.sum.latency.quantile(q).count());
  const auto interval = stats::quantile_interval(one.sum.latency, q, one.sum.events_measured, kZ);
  if (interval) {
    one.low = static_cast<double>(interval->first.count());
    one.high = static_cast<double>(interval->second.count());
    return;
  }
  const double n = std::max(1.0, static_cast<double>(one.sum.events_measured));
  const double lower = std::max(0.0, q - kZ * std::sqrt(q * (1 - q) / n));
  one.low = static_cast<double>(one.sum.latency.quantile(lower).count());
  one.high = static_cast<double>(one.sum.latency.max().count());
}

bool p99_known(const std::vector<Contender>& all) {
  return std::all_of(all.begin(), all.end(), [](const Contender& one) {
    return one.sum.events_measured >= stats::samples_needed(0.99);
  });
}

std::string time_text(double ns) {
  return human_duration(stats::Nanos{std::llround(ns)});
}

std::string list_of(const std::vector<std::string>& names) {
  std::string out = names.front();
  for (std::size_t i = 1; i < names.size(); ++i) {
    out += (i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  return out;
}

// "; the others take 1.31 ms (streaming/sse) to 995 ms (polling/interval=1s)", from those sorted
// behind the leaders.
std::string others_text(const std::vector<Contender>& all, std::size_t leaders) {
  const std::size_t count = all.size() - leaders;
  if (count == 0) {
    return "";
  }
  const auto& first = all[leaders];
  const auto& last = all.back();
  const std::string low = time_text(first.value);
  const std::string high = time_text(last.value);
  if (count == 1) {
    return fmt::format("; {} takes {}", last.name, high);
  }
  if (low == high) {
    std::vector<std::string> names;
    for (std::size_t i = leaders; i < all.size(); ++i) {
      names.push_back(all[i].name);
    }
    return fmt::format("; {} take {}", list_of(names), high);
  }
  return fmt::format("; the others take {} ({}) to {} ({})", low, first.name, high, last.name);
}

// "; websocket moves the fewest bytes, 132 B per delivery".
std::string bytes_text(const std::vector<Contender>& all) {
  const auto* metric = result::find_metric("bytes_per_delivery");
  const Contender* best = nullptr;
  double least = 0;
  for (const auto& one : all) {
    const auto bytes = metric->read(one.sum);
    if (bytes && (best == nullptr || *bytes < least)) {
      best = &one;
      least = *bytes;
    }
  }
  if (best == nullptr || all.size() < 2) {
    return "";
  }
  return fmt::format("; {} moves the fewest bytes, {} per delivery", best->name,
                     human_bytes(least));
}

std::string leaders_text(const std::vector<Contender>& all, std::size_t leaders, bool p99) {
  const std::string what = p99 ? "p99" : "median";
  const std::string value = time_text(all.front().value);
  const std::string slowest = time_text(all[leaders - 1].value);
  if (all.size() == 1) {
    return fmt::format("{} has a {} latency of {}", all.front().name, what, value);
  }
  if (leaders == 1) {
    return fmt::format("{} has the lowest {} latency, {}", all.front().name, what, value);
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < leaders; ++i) {
    names.push_back(all[i].name);
  }
  return fmt::format("{} tie for the lowest {} latency, {}{} (their 95 % intervals overlap)",
                     list_of(names), what, value, value == slowest ? "" : " to " + slowest);
}

std::string comparison(std::vector<Contender> all) {
  const bool p99 = p99_known(all);
  for (auto& one : all) {
    set_interval(one, p99 ? 0.99 : 0.5);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Contender& a, const Contender& b) { return a.value < b.value; });
  std::size_t leaders = 1;
  while (leaders < all.size() && all[leaders].low <= all.front().high) {
    ++leaders;
  }
  return leaders_text(all, leaders, p99) + others_text(all, leaders) + bytes_text(all) +
         (p99 ? "." : "; too few events were measured for a p99.");
}

// "SUSPECT (publisher-lag, loop-lag): ", the ids of the reasons; the box below the answer explains
// them.
std::string verdict_text(const RunResult& run) {
  if (run.verdict == Verdict::kValid) {
    return "";
  }
  std::vector<std::string> ids;
  for (const auto& caveat : run.caveats) {
    if (caveat.severity == run.verdict &&
        std::find(ids.begin(), ids.end(), caveat.id) == ids.end()) {
      ids.push_back(caveat.id);
    }
  }
  const auto reasons =
      ids.empty() ? std::string() : " (" + fmt::format("{}", fmt::join(ids, ", ")) + ")";
  return (run.verdict == Verdict::kInvalid ? "INVALID" : "SUSPECT") + reasons + ": ";
}

}  // namespace

std::string answer_sentence(const RunResult& run) {
  auto all = contenders_of(run);
  const std::string verdict = verdict_text(run);
  if (all.empty()) {
    return printable(verdict + "no cell has figures that can be compared.");
  }
  return printable(verdict + comparison(std::move(all)));
}

}  // namespace pushbench::reports
