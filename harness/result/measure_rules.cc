#include "harness/result/measure_rules.h"

#include "harness/base/text.h"
#include "harness/stats/interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace pushbench::result {
namespace {

using Value = std::optional<double>;
using C = Counter;
using stats::Nanos;

constexpr std::string_view kPublisherRemedy =
    "Close other programs, lower the rate, or publish from a faster machine.";
constexpr std::string_view kLoopRemedy =
    "The clients are short of CPU: lower the load, use more cores, or run the server elsewhere.";

Nanos nanos(double ns) {
  return Nanos{std::llround(ns)};
}

double allowed_lag(const CellResult& cell) {
  return std::max(kLagFloorNs, kLagShare * static_cast<double>(cell.latency.quantile(0.5).count()));
}

template <stats::Histogram CellResult::*Member>
Value lag(const Seen& seen) {
  const auto& histogram = seen.cell.*Member;
  if (histogram.empty()) {
    return std::nullopt;
  }
  return static_cast<double>(histogram.quantile(0.99).count()) / allowed_lag(seen.cell);
}

template <stats::Histogram CellResult::*Member>
std::string say_lag(const Seen& seen, double) {
  const bool publisher = Member == &CellResult::publisher_lag;
  return fmt::format("{} {} late at p99; {} is allowed (the larger of 1 ms and 5 % of p50)",
                     publisher ? "the publisher wrote events" : "timers of the clients fired",
                     human_duration((seen.cell.*Member).quantile(0.99)),
                     human_duration(nanos(allowed_lag(seen.cell))));
}

Value busy(const Seen& seen) {
  const auto& cell = seen.cell;
  if (cell.generator.workers == 0 || cell.generator.worker_cpu_ns == 0 || !(cell.measure_s > 0)) {
    return std::nullopt;
  }
  return static_cast<double>(cell.generator.worker_cpu_ns) / 1e9 / cell.measure_s /
         cell.generator.workers;
}

Value queued(const Seen& seen) {
  const auto& cell = seen.cell;
  if (cell.generator.workers == 0 || !(cell.measure_s > 0)) {
    return std::nullopt;
  }
  const double threads = cell.generator.workers + 1.0;  // and the publisher's
  return static_cast<double>(cell.generator.run_queue_wait_ns) / 1e9 / cell.measure_s / threads;
}

double one_way_ns(const Seen& seen) {
  const auto& link = seen.run.scenario.link;
  return link ? static_cast<double>(link->one_way().count()) : 0;
}

Value link_error(const Seen& seen) {
  const double trip = one_way_ns(seen);
  if (seen.cell.link_error.empty() || !(trip > 0)) {
    return std::nullopt;
  }
  return static_cast<double>(seen.cell.link_error.quantile(0.99).count()) / trip;
}

std::string say_link_error(const Seen& seen, double) {
  return fmt::format("the emulated link was {} late at p99, on trips of {}",
                     human_duration(seen.cell.link_error.quantile(0.99)),
                     human_duration(nanos(one_way_ns(seen))));
}

// Of an interrupted cell the plan was longer than the time.
Value not_published(const Seen& seen) {
  const auto& cell = seen.cell;
  if (!cell.finished || cell.events_measured == 0) {
    return std::nullopt;
  }
  const auto planned = static_cast<double>(cell.events_measured);
  return (planned - count(cell, C::kPublished)) / planned;
}

std::string say_not_published(const Seen& seen, double) {
  const auto& cell = seen.cell;
  const double seconds = cell.measure_s > 0 ? cell.measure_s : 1;
  return fmt::format("{} of {} planned events were published, {}/s instead of {}/s",
                     number(count(cell, C::kPublished)),
                     number(static_cast<double>(cell.events_measured)),
                     number(count(cell, C::kPublished) / seconds),
                     number(static_cast<double>(cell.events_measured) / seconds));
}

// A server that falls behind hands over less in the window than falls due in it. Without a warm-up
// a poll's own wait takes its share of the window too, and is no backlog.
Value backlog(const Seen& seen) {
  const auto& cell = seen.cell;
  if (!cell.finished || count(cell, C::kExpected) == 0 || !(cell.measure_s > 0)) {
    return std::nullopt;
  }
  const double wait = cell.strategy.strategy == "polling"
                          ? std::chrono::duration<double>(cell.strategy.interval).count()
                          : 0;
  const double expected = count(cell, C::kExpected);
  return (expected - count(cell, C::kReceived)) / expected - wait / cell.measure_s;
}

std::string say_backlog(const Seen& seen, double) {
  const auto& cell = seen.cell;
  return fmt::format("clients received {}/s while {}/s fell due",
                     number(count(cell, C::kReceived) / cell.measure_s),
                     number(count(cell, C::kExpected) / cell.measure_s));
}

struct Third {
  double mean = 0;
  double error = 0;  // standard error of the mean, squared
};

Third third_of(const std::vector<double>& points, std::size_t from, std::size_t size) {
  const auto begin = points.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = begin + static_cast<std::ptrdiff_t>(size);
  const auto n = static_cast<double>(size);
  Third out{.mean = std::accumulate(begin, end, 0.0) / n};
  double squares = 0;
  std::for_each(begin, end, [&](double x) { squares += (x - out.mean) * (x - out.mean); });
  out.error = squares / (n - 1) / n;
  return out;
}

// Mean latency of the seconds that lie wholly in the measure window, those without events left out.
std::vector<double> measured_means(const CellResult& cell) {
  std::vector<double> out;
  const auto& series = cell.series;
  if (!cell.phases.measure_s || !cell.phases.drain_s) {
    return out;
  }
  double before = 0;
  for (std::size_t i = 0; i < std::min(series.at_s.size(), series.mean_latency_ns.size()); ++i) {
    const bool inside = before >= *cell.phases.measure_s && series.at_s[i] <= *cell.phases.drain_s;
    if (inside && std::isfinite(series.mean_latency_ns[i])) {
      out.push_back(series.mean_latency_ns[i]);
    }
    before = series.at_s[i];
  }
  return out;
}

struct Drift {
  Third first, last;
  double times_allowed = 0;
};

std::optional<Drift> drift_of(const CellResult& cell) {
  const auto means = measured_means(cell);
  if (means.size() < kLeastDriftPoints) {
    return std::nullopt;
  }
  const std::size_t size = means.size() / 3;
  Drift out{.first = third_of(means, 0, size), .last = third_of(means, means.size() - size, size)};
  const double allowed =
      std::max({kLagFloorNs, kDriftShare * std::min(out.first.mean, out.last.mean),
                kDriftErrors * std::sqrt(out.first.error + out.last.error)});
  out.times_allowed = std::abs(out.last.mean - out.first.mean) / allowed;
  return out;
}

Value drift(const Seen& seen) {
  const auto found = drift_of(seen.cell);
  return found ? Value(found->times_allowed) : std::nullopt;
}

std::string say_drift(const Seen& seen, double) {
  const auto found = drift_of(seen.cell);
  return fmt::format(
      "mean latency went from {} in the first third of the measure phase to {} in "
      "the last",
      human_duration(nanos(found->first.mean)), human_duration(nanos(found->last.mean)));
}

Value too_few(const Seen& seen) {
  const auto needed = stats::samples_needed(0.99);
  const auto events = seen.cell.events_measured;
  return events < needed ? static_cast<double>(needed - events) : 0;
}

// clang-format off
constexpr auto kMeasureRules = std::to_array<CellRule>({
  {"publisher-lag", kInvalid, kLagInvalid,
   "publisher lag p99, in multiples of max(1 ms, 5 % of p50 latency)", kPublisherRemedy,
   lag<&CellResult::publisher_lag>, say_lag<&CellResult::publisher_lag>},
  {"publisher-lag", kSuspect, kLagSuspect,
   "publisher lag p99, in multiples of max(1 ms, 5 % of p50 latency)", kPublisherRemedy,
   lag<&CellResult::publisher_lag>, say_lag<&CellResult::publisher_lag>},
  {"loop-lag", kInvalid, kLagInvalid,
   "loop lag p99, in multiples of max(1 ms, 5 % of p50 latency)", kLoopRemedy,
   lag<&CellResult::loop_lag>, say_lag<&CellResult::loop_lag>},
  {"loop-lag", kSuspect, kLagSuspect,
   "loop lag p99, in multiples of max(1 ms, 5 % of p50 latency)", kLoopRemedy,
   lag<&CellResult::loop_lag>, say_lag<&CellResult::loop_lag>},
  {"generator-busy", kSuspect, kBusyShare, "share of a core that a worker thread used",
   "The clients are the bottleneck: use more worker threads or fewer clients.",
   busy,
   [](const Seen&, double part) {
     return fmt::format("the clients' worker threads were busy {} of the time", percent(part));
   }},
  {"run-queue", kSuspect, kRunQueueShare,
   "share of the measure phase that a thread of ours was ready to run and had no processor",
   "Something else uses the processors: close it, use fewer threads, or run the server elsewhere.",
   queued,
   [](const Seen&, double part) {
     return fmt::format("threads of the clients and the publisher waited for a processor {} of the "
                        "time", percent(part));
   }},
  {"link-error", kSuspect, kLinkErrorShare,
   "how late the emulated link released bytes at p99, as a share of a one-way trip",
   "The clients are short of CPU for this link: use fewer clients, more cores, or a longer trip.",
   link_error, say_link_error},
  {"steal", kSuspect, kStealShare, "share of the machine's processor time that its host took",
   "Use a machine whose processors are its own, or run again at a quieter hour.",
   [](const Seen& s) -> Value { return s.cell.generator.steal_share; },
   [](const Seen&, double part) {
     return fmt::format("the host of this virtual machine took {} of its processor time",
                        percent(part));
   }},
  {"publish-rate", kInvalid, kUnplannedShare, "share of the planned events that were not published",
   "Lower the rate: the load was not what the scenario asks for.",
   not_published, say_not_published},
  {"receive-rate", kSuspect, kBacklogShare,
   "share by which clients received less than fell due, beyond the wait of a poll",
   "The server falls behind and latency grows with time: lower the load or measure longer.",
   backlog, say_backlog},
  {"drift", kSuspect, 1,
   "difference of mean latency between the first and last third of the measure phase, in multiples "
   "of max(1 ms, 25 % of the smaller, 5 standard errors)",
   "Lengthen phases.warmup until latency stands still, or lower the load if it never does.",
   drift, say_drift},
  {"clipped-latency", kSuspect, kNone, "latencies above the histogram's range",
   "Latencies over one hour are shown as one hour; look for a stalled server.",
   [](const Seen& s) -> Value { return static_cast<double>(s.cell.latency.clipped()); },
   [](const Seen&, double n) {
     return fmt::format("{} latencies were above one hour and are shown as one hour", number(n));
   }},
  {"few-events", kSuspect, kNone, "events missing to the 299 that a p99 needs",
   "Measure longer or raise the rate, so that at least 299 events fall due in the measure phase.",
   too_few,
   [](const Seen& s, double) {
     return fmt::format("only {} events fell due in the measure phase, so p99 is withheld",
                        number(static_cast<double>(s.cell.events_measured)));
   }},
});
// clang-format on

}  // namespace

std::span<const CellRule> measure_rules() noexcept {
  return kMeasureRules;
}

}  // namespace pushbench::result
