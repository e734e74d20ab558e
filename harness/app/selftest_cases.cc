#include "harness/app/selftest_cases.h"

#include "harness/base/text.h"
#include "harness/base/time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushbench::app {
namespace {

using result::CellResult;
using result::Counter;
using std::chrono::milliseconds;

constexpr Nanos kInterval = milliseconds(100);  // of polls
constexpr Nanos kDelay = milliseconds(50);
// Not a divisor of the interval's inverse: the events of a second meet 97 phases of a poll.
constexpr double kRate = 97;
constexpr Nanos kTolerance = milliseconds(1);  // beside the floor
// No fault falls on the last event: the one that changes places needs a successor.
constexpr std::uint64_t kEvery = 7;
constexpr std::uint64_t kEveryCut = 30;  // time to come back between two

struct Sizes {
  Nanos measure;
  Nanos stall_measure;
  Nanos stall;
  Nanos stall_after;
};
constexpr Sizes kFull{milliseconds(1000), milliseconds(1500), milliseconds(500), milliseconds(300)};
constexpr Sizes kQuick{milliseconds(400), milliseconds(600), milliseconds(300), milliseconds(100)};

struct Allowed {
  double low, high;  // ns
  bool holds(double value) const { return low <= value && value <= high; }
};

struct FaultRow {
  std::string_view name;
  bool of_time;
  std::string (*inject)(const Sizes& sizes);
  SelftestRow (*judge)(const SelftestCase& what,
                       const CellResult& cell,
                       const InjectedCounts& injected,
                       double tolerance_ns);
};

double ns(Nanos value) {
  return static_cast<double>(value.count());
}

std::string time(double value_ns) {
  return human_duration(Nanos(static_cast<std::int64_t>(value_ns)));
}

bool is_polling(const SelftestCase& what) {
  return what.strategy().strategy == "polling";
}

std::uint64_t clients(const SelftestCase& what) {
  return what.scenario.clients;
}

std::uint64_t did(const InjectedCounts& injected, const std::string& name) {
  const auto found = injected.find(name);
  return found == injected.end() ? 0 : found->second;
}

void differ(SelftestRow& row, std::string_view what, std::uint64_t is, std::uint64_t must) {
  if (is != must) {
    row.mismatch +=
        fmt::format("{}{} {} instead of {}", row.mismatch.empty() ? "" : "; ", is, what, must);
  }
}

void outside(SelftestRow& row, std::string_view what, double is, const Allowed& allowed) {
  if (!allowed.holds(is)) {
    row.mismatch += fmt::format("{}{} {} is not within {} and {}", row.mismatch.empty() ? "" : "; ",
                                what, time(is), time(allowed.low), time(allowed.high));
  }
}

// What the audit must have counted; whatever is not named must be 0.
struct Counts {
  std::uint64_t lost = 0, duplicate = 0, reordered = 0, cut = 0;
};

void compare(SelftestRow& row, const SelftestCase& what, const CellResult& cell, const Counts& c) {
  const auto& counted = cell.counters;
  const std::uint64_t expected = counted[Counter::kPublished] * clients(what);
  differ(row, "expected", counted[Counter::kExpected], expected);
  differ(row, "delivered", counted[Counter::kDelivered], expected - c.lost);
  differ(row, "lost", counted[Counter::kLost], c.lost);
  differ(row, "duplicate", counted[Counter::kDuplicate], c.duplicate);
  differ(row, "reordered", counted[Counter::kReordered], c.reordered);
  differ(row, "foreign", counted[Counter::kForeign], 0);
  differ(row, "cut", counted[Counter::kSocketsCut], c.cut);
  differ(row, "cut by reset", cell.cut_faults[static_cast<std::size_t>(Fault::kReset)], c.cut);
}

std::string every(std::uint64_t times, std::uint64_t of, std::uint64_t each) {
  return fmt::format("{} of {} events × {}", times, of, each);
}

SelftestRow judge_delay(const SelftestCase& what,
                        const CellResult& cell,
                        const InjectedCounts& injected,
                        double tolerance_ns) {
  const double own = is_polling(what) ? ns(kInterval) / 2 : 0;  // polls wait T/2 in the middle
  const double p50 = ns(cell.latency.quantile(0.5)) - own;
  SelftestRow row{.injected = time(ns(kDelay)),
                  .reported = is_polling(what) ? fmt::format("p50 {} + T/2", time(p50))
                                               : fmt::format("p50 {}", time(p50)),
                  .mismatch = {}};
  differ(row, "delayed", did(injected, "delay"), cell.counters[Counter::kPublished]);
  compare(row, what, cell, {});
  const double early = is_polling(what) ? tolerance_ns : 0;  // a phase is met by chance
  outside(row, "p50", p50, {ns(kDelay) - early, ns(kDelay) + tolerance_ns});
  return row;
}

// Events that fall due while everything stands still wait from the whole stall down to nothing,
// evenly; 1 % of all events of the window wait longer than stall - window / 100. A poll may have
// been answered just before, so it adds up to an interval. The clock of the stall is ahead of the
// schedule by up to one event.
SelftestRow judge_stall(const SelftestCase& what,
                        const CellResult& cell,
                        const InjectedCounts& injected,
                        double tolerance_ns) {
  const auto& sizes = what.scenario.phases.measure == kQuick.stall_measure ? kQuick : kFull;
  const double stall = ns(sizes.stall);
  const double gap = 1e9 / kRate;
  const double more = (is_polling(what) ? ns(kInterval) : 0) + tolerance_ns;
  const double most = ns(cell.latency.max());
  const double p99 = ns(cell.latency.quantile(0.99));
  const double p99_due = stall - ns(sizes.stall_measure) / 100;
  SelftestRow row{.injected = time(stall),
                  .reported = fmt::format("max {}, p99 {}", time(most), time(p99)),
                  .mismatch = {}};
  differ(row, "stall", did(injected, "stall"), 1);
  compare(row, what, cell, {});
  outside(row, "max", most, {stall - gap - tolerance_ns, stall + more});
  outside(row, "p99", p99, {p99_due - gap - tolerance_ns, p99_due + gap + more});
  return row;
}

SelftestRow judge_counted(const SelftestCase& what,
                          const CellResult& cell,
                          const InjectedCounts& injected,
                          const std::string& word,
                          Counter counter,
                          std::uint64_t Counts::*field) {
  const auto published = cell.counters[Counter::kPublished];
  const auto times = did(injected, word);
  SelftestRow row{.injected = every(times, published, clients(what)),
                  .reported = fmt::format("{}", cell.counters[counter]),
                  .mismatch = {}};
  differ(row, "injected", times, published / kEvery);
  Counts counts;
  counts.*field = times * clients(what);
  compare(row, what, cell, counts);
  return row;
}

SelftestRow judge_loss(const SelftestCase& what,
                       const CellResult& cell,
                       const InjectedCounts& injected,
                       double) {
  return judge_counted(what, cell, injected, "lose", Counter::kLost, &Counts::lost);
}

SelftestRow judge_duplicates(const SelftestCase& what,
                             const CellResult& cell,
                             const InjectedCounts& injected,
                             double) {
  return judge_counted(what, cell, injected, "duplicate", Counter::kDuplicate, &Counts::duplicate);
}

SelftestRow judge_reordering(const SelftestCase& what,
                             const CellResult& cell,
                             const InjectedCounts& injected,
                             double) {
  return judge_counted(what, cell, injected, "reorder", Counter::kReordered, &Counts::reordered);
}

// A poll that asked for the event alone is not cut, so only the server knows how many were; a
// stream always is.
SelftestRow judge_truncation(const SelftestCase& what,
                             const CellResult& cell,
                             const InjectedCounts& injected,
                             double) {
  const auto published = cell.counters[Counter::kPublished];
  const auto cuts = did(injected, "cut");
  SelftestRow row{.injected = fmt::format("{} cuts, {} truncated", cuts, did(injected, "truncate")),
                  .reported = fmt::format(
                      "{} cut by reset, {} resumed, {} lost", cell.counters[Counter::kSocketsCut],
                      cell.counters[Counter::kReconnects], cell.counters[Counter::kLost]),
                  .mismatch = {}};
  differ(row, "injected", did(injected, "truncate"), published / kEveryCut);
  if (what.strategy().strategy == "streaming" || what.strategy().strategy == "websocket") {
    differ(row, "injected cuts", cuts, published / kEveryCut * clients(what));
  } else if (cuts == 0) {
    row.mismatch = "no connection was cut";
  }
  compare(row, what, cell, {.cut = cuts});
  differ(row, "resumed", cell.counters[Counter::kReconnects], cuts);
  return row;
}

std::string ms(Nanos value) {
  return fmt::format("{}ms", std::chrono::duration_cast<milliseconds>(value).count());
}

constexpr std::array kFaults{
    FaultRow{"delay", true, [](const Sizes&) { return "delay=" + ms(kDelay); }, judge_delay},
    FaultRow{
        "stall", true,
        [](const Sizes& s) { return fmt::format("stall={}@{}", ms(s.stall), ms(s.stall_after)); },
        judge_stall},
    FaultRow{"loss", false, [](const Sizes&) { return fmt::format("lose=every:{}", kEvery); },
             judge_loss},
    FaultRow{"duplicates", false,
             [](const Sizes&) { return fmt::format("duplicate=every:{}", kEvery); },
             judge_duplicates},
    FaultRow{"reordering", false,
             [](const Sizes&) { return fmt::format("reorder=every:{}", kEvery); },
             judge_reordering},
    FaultRow{"truncation", false,
             [](const Sizes&) { return fmt::format("truncate=every:{}", kEveryCut); },
             judge_truncation},
};

std::vector<plan::StrategySpec> strategies(bool quick) {
  std::vector<plan::StrategySpec> specs;
  specs.push_back({.strategy = "polling", .interval = kInterval});
  if (!quick) {
    specs.push_back({.strategy = "polling", .interval = kInterval, .new_connection = true});
  }
  specs.push_back({.strategy = "long-polling"});
  if (!quick) {
    specs.push_back({.strategy = "streaming", .encoding = "chunked"});
  }
  specs.push_back({.strategy = "streaming", .encoding = "sse"});
  specs.push_back({.strategy = "websocket"});
  return specs;
}

plan::Scenario workload(const plan::StrategySpec& strategy, bool stalls, const Sizes& sizes) {
  plan::Scenario scenario;
  scenario.name = "selftest";
  scenario.clients = 10;
  scenario.events.rate_per_s = kRate;
  scenario.events.arrival = plan::Arrival::kConstant;
  scenario.phases = {.ramp = milliseconds(50),
                     .warmup = Nanos(0),  // every event counts, as it does for the server
                     .measure = stalls ? sizes.stall_measure : sizes.measure,
                     .drain = milliseconds(500)};
  scenario.strategies = {strategy};
  return scenario;
}

}  // namespace

std::vector<SelftestCase> selftest_cases(bool quick) {
  const Sizes& sizes = quick ? kQuick : kFull;
  std::vector<SelftestCase> cases;
  for (const auto& strategy : strategies(quick)) {
    for (const FaultRow& fault : kFaults) {
      cases.push_back({.fault = std::string(fault.name),
                       .inject = fault.inject(sizes),
                       .scenario = workload(strategy, fault.name == "stall", sizes),
                       .of_time = fault.of_time});
    }
  }
  return cases;
}

SelftestRow judge_selftest(const SelftestCase& what,
                           const CellResult& cell,
                           const InjectedCounts& injected,
                           const result::Floor& floor) {
  const auto* const fault = std::find_if(
      kFaults.begin(), kFaults.end(), [&](const FaultRow& row) { return row.name == what.fault; });
  // The machine may have been busier than when the floor was taken; the cell's own timers say so.
  const double busy_ns = ns(cell.loop_lag.quantile(0.99));
  const double tolerance_ns = ns(kTolerance) + static_cast<double>(floor.latency_p99_ns) + busy_ns;
  return fault->judge(what, cell, injected, tolerance_ns);
}

}  // namespace pushbench::app
