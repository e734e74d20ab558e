#include "harness/gate/timing_tier.h"

#include "harness/gate/redraw.h"
#include "harness/gate/turns.h"
#include "harness/stats/holm.h"
#include "harness/stats/rank_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pushbench::gate {
namespace {

struct Values {
  std::vector<double> plain;
  std::vector<stats::DrawnRun> drawn;
  std::vector<TimedValue> logarithms;
};

Values values_of(const CellRuns& runs, const result::Metric& metric) {
  Values out;
  for (const auto* run : runs) {
    if (run->read(metric.name)) {
      out.drawn.push_back(drawn_run(*run, metric.name));
      out.plain.push_back(out.drawn.back().value);
      out.logarithms.push_back({run->started_utc, std::log(out.plain.back())});
    }
  }
  return out;
}

// How much worse the head is, as logarithms: above 0 for more of what less is better of.
struct Worseness {
  double middle = 0, low = 0, high = 0;
};

Worseness worseness(const Row& row) {
  const Worseness w{
      .middle = std::log(*row.ratio), .low = std::log(*row.low), .high = std::log(*row.high)};
  const bool more_is_better = row.shown->better == result::Better::kMore;
  return more_is_better ? Worseness{.middle = -w.middle, .low = -w.high, .high = -w.low} : w;
}

bool all_equal(const Row& row) {
  return row.low && *row.low == 1 && *row.high == 1 && *row.base == *row.head;
}

// Runs of each side until the interval, which reaches so far from the estimate, reaches no further
// than the gap: its width falls with the root of their number.
std::optional<std::uint32_t> until_clear(const Row& row, double reach, double gap) {
  if (!(gap > 0)) {
    return std::nullopt;
  }
  const double runs = std::min(row.base_runs, row.head_runs) * (reach / gap) * (reach / gap);
  return runs > kMostNeeded ? std::nullopt
                            : std::optional(static_cast<std::uint32_t>(std::ceil(runs)));
}

// If the estimate stays where it is. `bound`: the least effect as a logarithm.
std::optional<std::uint32_t> runs_needed(const Row& row, double bound, double level, double share) {
  const auto w = worseness(row);
  const bool differs = std::abs(w.middle) >= bound;
  const double up = w.high - w.middle;
  const double down = w.middle - w.low;
  const auto runs = differs    ? until_clear(row, w.middle > 0 ? down : up, std::abs(w.middle))
                    : row.open ? until_clear(row, up, bound - w.middle)
                               : until_clear(row, down, bound + w.middle);
  const auto ranks = stats::values_needed(share, level);
  if (!runs || (differs && (!ranks || *ranks > kMostNeeded))) {
    return std::nullopt;
  }
  // To find a difference the rank test must find it too.
  const auto least =
      differs ? std::max(least_runs_for(level), static_cast<std::uint32_t>(std::ceil(*ranks)))
              : std::uint32_t{kLeastRuns};
  return std::max({*runs, least, std::min(row.base_runs, row.head_runs) + 1});
}

std::optional<double> middle_of(const std::vector<double>& values) {
  return values.empty() ? std::nullopt : std::optional(stats::median_of(values));
}

struct Measured {
  Row row;
  double share = 0.5;  // of the pairs in which the head has more
};

// What can be said of one metric before the tests of all are corrected.
Measured measure(const TimingCase& one, const Policy& policy) {
  Measured out;
  Row& row = out.row;
  row.cell = one.pair->cell;
  row.metric = one.gated.metric->name;
  row.shown = one.gated.metric;
  row.gates = one.gated.gates;
  row.least_effect = std::max(one.gated.least_effect, one.noise);
  row.effect_is_noise = one.noise > one.gated.least_effect;
  const auto base = values_of(one.pair->base, *one.gated.metric);
  const auto head = values_of(one.pair->head, *one.gated.metric);
  row.base_runs = static_cast<std::uint32_t>(base.plain.size());
  row.head_runs = static_cast<std::uint32_t>(head.plain.size());
  row.base = middle_of(base.plain);
  row.head = middle_of(head.plain);
  row.ratio = stats::median_ratio(base.plain, head.plain);
  if (!row.ratio) {
    return out;
  }
  const auto bounds = stats::ratio_interval(
      base.drawn, head.drawn,
      {.times = policy.resamples, .confidence = policy.confidence, .seed = 1});
  if (bounds) {
    row.low = bounds->low;
    row.high = bounds->high;
    const auto test = stats::rank_test_in_blocks(blocks_in_turn(base.logarithms, head.logarithms));
    row.p = test.p;
    out.share = test.u / static_cast<double>(base.plain.size() * head.plain.size());
  }
  return out;
}

void correct_for_many(std::vector<Measured>& all, bool gated) {
  std::vector<double> p;
  for (const auto& one : all) {
    if (one.row.p && one.row.gates == gated) {
      p.push_back(*one.row.p);
    }
  }
  const auto adjusted = stats::holm(p);
  std::size_t next = 0;
  for (auto& one : all) {
    if (one.row.p && one.row.gates == gated) {
      one.row.adjusted_p = adjusted[next++];
    }
  }
}

void undecided(Row& row, std::string note, bool open) {
  row.found = Found::kUndecided;
  row.note = std::move(note);
  row.open = open;
}

std::string missing(std::uint32_t has, std::string_view side) {
  return fmt::format("measured in {} of the {}", has == 0 ? "no run" : fmt::format("{} runs", has),
                     side);
}

// With the level that one test is held against at worst, for the number of runs that is named.
void judge(Measured& one, double significance, double level) {
  Row& row = one.row;
  if (!row.base || !row.head) {
    undecided(row,
              fmt::format("{}, {}", missing(row.base_runs, "base"), missing(row.head_runs, "head")),
              row.base.has_value() != row.head.has_value());
    return;
  }
  if (!row.low) {
    undecided(row, "has values that are not above 0, which have no ratio", false);
    return;
  }
  if (all_equal(row)) {
    return;
  }
  const double bound = std::log1p(row.least_effect);
  const auto w = worseness(row);
  const bool enough = std::min(row.base_runs, row.head_runs) >= kLeastRuns;
  const bool significant = enough && *row.adjusted_p < significance;
  if (enough && w.high <= bound && w.low >= -bound) {
    return;
  }
  if (significant && w.low > 0 && w.middle >= bound) {
    row.found = Found::kWorse;
    return;
  }
  if (significant && w.high < 0 && w.middle <= -bound) {
    row.found = Found::kBetter;
    return;
  }
  if (!enough) {
    undecided(row, fmt::format("fewer than {} runs of a side decide nothing", kLeastRuns), true);
    row.runs_needed = std::max<std::uint32_t>(kLeastRuns, least_runs_for(level));
    return;
  }
  // Nothing to add where no change and a regression are both possible: that is the word.
  const bool open = w.high > bound;
  undecided(row, open ? "" : "no regression; whether it is better is open", open);
  row.runs_needed = runs_needed(row, bound, level, one.share);
}

}  // namespace

std::uint32_t least_runs_for(double p) {
  double least = 2;  // p of the most extreme order of n and n values: 2 / C(2n, n)
  std::uint32_t runs = 0;
  while (runs < kMostNeeded && (runs == 0 || least >= p)) {
    ++runs;
    least *= static_cast<double>(runs) / (2 * (2 * static_cast<double>(runs) - 1));
  }
  return runs;
}

std::vector<Row> timing_rows(const std::vector<TimingCase>& cases, const Policy& policy) {
  std::vector<Measured> all;
  all.reserve(cases.size());
  for (const auto& one : cases) {
    all.push_back(measure(one, policy));
  }
  // What neither side has, such as the memory of a server elsewhere, is nothing to decide.
  std::erase_if(all, [](const Measured& one) { return !one.row.base && !one.row.head; });
  correct_for_many(all, true);
  correct_for_many(all, false);
  const auto gated = std::count_if(all.begin(), all.end(),
                                   [](const Measured& one) { return one.row.gates && one.row.p; });
  std::vector<Row> rows;
  rows.reserve(all.size());
  for (auto& one : all) {
    judge(one, policy.significance,
          policy.significance / static_cast<double>(std::max<std::ptrdiff_t>(1, gated)));
    rows.push_back(std::move(one.row));
  }
  return rows;
}

}  // namespace pushbench::gate
