#include "harness/result/validity.h"

#include "harness/base/text.h"
#include "harness/stats/interval.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace pushbench::result {
namespace {

using Value = std::optional<double>;

// A rule fires when its measure is above its limit. Of several rules with one id the first that
// fires speaks, so the invalid one stands first.
template <class Subject>
struct Rule {
  std::string_view id;
  Verdict severity;
  double limit;
  std::string_view measure_name;  // "lost deliveries": the reference reads "<measure> > <limit>"
  std::string_view remedy;
  Value (*measure)(const Subject&);
  std::string (*describe)(const Subject&, double);
};
using CellRule = Rule<CellResult>;
using RunRule = Rule<RunResult>;

constexpr double kNone = 0;
constexpr double kLagFloorNs = 1e6;  // 1 ms
constexpr double kLagShare = 0.05;   // of the median latency
constexpr double kLagSuspect = 1;    // times what is allowed
// Times what is allowed: as late as the median latency itself, and never below 20 ms. A burst of
// 1,000 answers on one core is 10 ms of work for the clients, which is slow but not wrong.
constexpr double kLagInvalid = 20;
constexpr double kFailedShare = 0.001;  // of the sockets opened
constexpr double kSkippedShare = 0.01;  // of the polls that fell due
constexpr double kUnackedShare = 0.01;  // of the upstream events
constexpr double kBusyShare = 0.9;      // of one core, worker threads

double count(const CellResult& cell, Counter counter) {
  return static_cast<double>(cell.counters[counter]);
}

template <Counter Which>
Value counted(const CellResult& cell) {
  return count(cell, Which);
}

double share(double part, double whole) {
  return whole > 0 ? part / whole : (part > 0 ? 1.0 : 0.0);
}

double allowed_lag(const CellResult& cell) {
  return std::max(kLagFloorNs, kLagShare * static_cast<double>(cell.latency.quantile(0.5).count()));
}

template <stats::Histogram CellResult::*Member>
Value lag(const CellResult& cell) {
  const auto& histogram = cell.*Member;
  if (histogram.empty()) {
    return std::nullopt;
  }
  return static_cast<double>(histogram.quantile(0.99).count()) / allowed_lag(cell);
}

template <stats::Histogram CellResult::*Member>
std::string say_lag(const CellResult& cell, double) {
  const bool publisher = Member == &CellResult::publisher_lag;
  return fmt::format("{} {} late at p99; {} is allowed (the larger of 1 ms and 5 % of p50)",
                     publisher ? "the publisher wrote events" : "timers of the clients fired",
                     human_duration((cell.*Member).quantile(0.99)),
                     human_duration(stats::Nanos{static_cast<std::int64_t>(allowed_lag(cell))}));
}

Value nothing_delivered(const CellResult& cell) {
  return cell.counters[Counter::kDelivered] == 0 ? 1 : 0;
}

Value failed_sockets(const CellResult& cell) {
  return share(count(cell, Counter::kSocketsFailed) + count(cell, Counter::kSocketsCut),
               count(cell, Counter::kSocketsOpened) + count(cell, Counter::kSocketsFailed));
}

std::string say_failed_sockets(const CellResult& cell, double) {
  std::string classes;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    if (cell.faults[i] != 0) {
      classes +=
          fmt::format("{}{} {}", classes.empty() ? ": " : ", ", fault_name(static_cast<Fault>(i)),
                      human_count(static_cast<double>(cell.faults[i])));
    }
  }
  return fmt::format("{} connects failed and {} connections were cut, of {} opened{}",
                     human_count(count(cell, Counter::kSocketsFailed)),
                     human_count(count(cell, Counter::kSocketsCut)),
                     human_count(count(cell, Counter::kSocketsOpened)), classes);
}

Value not_written(const CellResult& cell) {
  return count(cell, Counter::kUnpublished) + count(cell, Counter::kPublishRejected);
}

Value clipped(const CellResult& cell) {
  return static_cast<double>(cell.latency.clipped());
}

Value skipped(const CellResult& cell) {
  const double missed = count(cell, Counter::kSkippedPolls);
  return share(missed, missed + count(cell, Counter::kRequests));
}

Value unacked(const CellResult& cell) {
  const double sent = count(cell, Counter::kUpstreamSent);
  const double unsent = count(cell, Counter::kUpstreamUnsent);
  const double unacked = std::max(0.0, sent - count(cell, Counter::kUpstreamAcked));
  return share(std::max(unacked, unsent), sent + unsent);
}

Value too_few(const CellResult& cell) {
  const auto needed = stats::samples_needed(0.99);
  return cell.events_measured < needed ? static_cast<double>(needed - cell.events_measured) : 0;
}

Value busy(const CellResult& cell) {
  if (cell.generator.workers == 0 || cell.generator.worker_cpu_ns == 0 || !(cell.measure_s > 0)) {
    return std::nullopt;
  }
  return static_cast<double>(cell.generator.worker_cpu_ns) / 1e9 / cell.measure_s /
         cell.generator.workers;
}

std::string percent(double part) {
  return fmt::format("{:.3g} %", 100 * part);
}

std::string say_lost(const CellResult& cell, double lost) {
  return fmt::format("{} of {} expected deliveries never arrived", human_count(lost),
                     human_count(count(cell, Counter::kExpected)));
}

// clang-format off
constexpr auto kCellRules = std::to_array<CellRule>({
  {"unfinished", Verdict::kInvalid, kNone, "cell was interrupted",
   "Run it again and let it finish.",
   [](const CellResult& c) -> Value { return c.finished ? 0 : 1; },
   [](const CellResult&, double) -> std::string {
     return "the cell ended early, its figures cover a part";
   }},
  {"nothing-delivered", Verdict::kInvalid, kNone, "no event was delivered",
   "Look at the faults and at the server's log; check the URL, the dialect and the topics.",
   nothing_delivered,
   [](const CellResult&, double) -> std::string { return "not one event arrived"; }},
  {"lost-events", Verdict::kInvalid, kNone, "lost deliveries",
   "Lower the load or give the server a longer log; if it goes on, the server loses events.",
   counted<Counter::kLost>, say_lost},
  {"gaps", Verdict::kInvalid, kNone, "times the log no longer held what a client asked for",
   "Give the server a longer log, or poll more often.",
   counted<Counter::kGaps>,
   [](const CellResult&, double n) {
     return fmt::format("the server told clients {} times that events were gone from its log",
                        human_count(n));
   }},
  {"unpublished", Verdict::kInvalid, kNone, "events not written or rejected by the server",
   "Lower the rate, or find out why the server refuses or stalls publishing.",
   not_written,
   [](const CellResult& c, double n) {
     return fmt::format("{} events were due but did not get into the server ({} rejected)",
                        human_count(n), human_count(count(c, Counter::kPublishRejected)));
   }},
  {"duplicate-events", Verdict::kSuspect, kNone, "duplicate deliveries",
   "Look at how the server resumes a client; reconnects in the run make it likelier.",
   counted<Counter::kDuplicate>,
   [](const CellResult&, double n) {
     return fmt::format("{} deliveries arrived more than once",
                        human_count(n));
   }},
  {"reordered-events", Verdict::kSuspect, kNone, "reordered deliveries",
   "Check whether the server promises order; if not, read latency with care.",
   counted<Counter::kReordered>,
   [](const CellResult&, double n) {
     return fmt::format("{} deliveries arrived after a later event of their topic",
                        human_count(n));
   }},
  {"beyond-window", Verdict::kSuspect, kNone, "deliveries too far behind to be audited",
   "Lower the load: clients are so far behind that late and duplicate look alike.",
   counted<Counter::kBeyondWindow>,
   [](const CellResult&, double n) {
     return fmt::format("{} deliveries came too far behind to tell late from duplicate",
                        human_count(n));
   }},
  {"foreign-events", Verdict::kSuspect, kNone, "events of somebody else",
   "Stop other publishers on these topics, or use topics of your own.",
   counted<Counter::kForeign>,
   [](const CellResult&, double n) {
     return fmt::format("{} events arrived that this run did not publish",
                        human_count(n));
   }},
  {"publisher-lag", Verdict::kInvalid, kLagInvalid,
   "publisher lag p99, in multiples of max(1 ms, 5 % of p50 latency)",
   "Close other programs, lower the rate, or publish from a faster machine.",
   lag<&CellResult::publisher_lag>, say_lag<&CellResult::publisher_lag>},
  {"publisher-lag", Verdict::kSuspect, kLagSuspect,
   "publisher lag p99, in multiples of max(1 ms, 5 % of p50 latency)",
   "Close other programs, lower the rate, or publish from a faster machine.",
   lag<&CellResult::publisher_lag>, say_lag<&CellResult::publisher_lag>},
  {"loop-lag", Verdict::kInvalid, kLagInvalid,
   "loop lag p99, in multiples of max(1 ms, 5 % of p50 latency)",
   "The clients are short of CPU: lower the load, use more cores, or run the server elsewhere.",
   lag<&CellResult::loop_lag>, say_lag<&CellResult::loop_lag>},
  {"loop-lag", Verdict::kSuspect, kLagSuspect,
   "loop lag p99, in multiples of max(1 ms, 5 % of p50 latency)",
   "The clients are short of CPU: lower the load, use more cores, or run the server elsewhere.",
   lag<&CellResult::loop_lag>, say_lag<&CellResult::loop_lag>},
  {"generator-busy", Verdict::kSuspect, kBusyShare, "share of a core that a worker thread used",
   "The clients are the bottleneck: use more worker threads or fewer clients.",
   busy,
   [](const CellResult&, double part) {
     return fmt::format("the clients' worker threads were busy {} of the time",
                        percent(part));
   }},
  {"failed-sockets", Verdict::kInvalid, kFailedShare,
   "share of connections that failed or were cut",
   "Look at the named faults; `pushbench doctor` shows the limits of this machine.",
   failed_sockets, say_failed_sockets},
  {"failed-sockets", Verdict::kSuspect, kNone, "share of connections that failed or were cut",
   "Look at the named faults; `pushbench doctor` shows the limits of this machine.",
   failed_sockets, say_failed_sockets},
  {"clipped-latency", Verdict::kSuspect, kNone, "latencies above the histogram's range",
   "Latencies over one hour are shown as one hour; look for a stalled server.",
   clipped,
   [](const CellResult&, double n) {
     return fmt::format("{} latencies were above one hour and are shown as one hour",
                        human_count(n));
   }},
  {"skipped-polls", Verdict::kSuspect, kSkippedShare,
   "share of polls that fell due while the last was unanswered",
   "The server answers slower than clients poll: lengthen the interval or lower the load.",
   skipped,
   [](const CellResult&, double part) {
     return fmt::format("{} of the polls were skipped, since the one before was unanswered",
                        percent(part));
   }},
  {"upstream-unacked", Verdict::kSuspect, kUnackedShare,
   "share of upstream events that were not sent or not acknowledged",
   "The server takes upstream events slower than they come: lower the upstream rate.",
   unacked,
   [](const CellResult&, double part) {
     return fmt::format("{} of the upstream events were not sent or not acknowledged",
                        percent(part));
   }},
  {"few-events", Verdict::kSuspect, kNone, "events missing to the 299 that a p99 needs",
   "Measure longer or raise the rate, so that at least 299 events fall due in the measure phase.",
   too_few,
   [](const CellResult& c, double) {
     return fmt::format("only {} events fell due in the measure phase, so p99 is withheld",
                        human_count(static_cast<double>(c.events_measured)));
   }},
});

constexpr auto kRunRules = std::to_array<RunRule>({
  {"partial-run", Verdict::kInvalid, kNone, "run was interrupted",
   "Run it again and let it finish.",
   [](const RunResult& r) -> Value { return r.partial ? 1 : 0; },
   [](const RunResult&, double) -> std::string { return "the run was stopped before its end"; }},
  {"no-cells", Verdict::kInvalid, kNone, "run holds no cell",
   "Run it again; look at what was said on standard error.",
   [](const RunResult& r) -> Value { return r.cells.empty() ? 1 : 0; },
   [](const RunResult&, double) -> std::string { return "the run holds no cell"; }},
  {"slow-build", Verdict::kSuspect, kNone, "pushbench was built for debugging or with sanitizers",
   "Build with CMAKE_BUILD_TYPE=Release and without sanitizers.",
   [](const RunResult& r) -> Value {
     const bool optimised = r.tool_build.find("Release") != std::string::npos ||
                            r.tool_build.find("RelWithDebInfo") != std::string::npos;
     return optimised && r.tool_build.find("sanit") == std::string::npos ? 0 : 1;
   },
   [](const RunResult& r, double) {
     return fmt::format("pushbench itself was not built for speed ({})",
                        r.tool_build);
   }},
});
// clang-format on

template <class Subject>
void apply(std::span<const Rule<Subject>> rules,
           const Subject& subject,
           const std::string& cell,
           std::vector<Caveat>& caveats) {
  std::string_view spoken;
  for (const auto& rule : rules) {
    const auto value = rule.measure(subject);
    if (rule.id == spoken || !value || !(*value > rule.limit)) {
      continue;
    }
    spoken = rule.id;
    caveats.push_back({.id = std::string(rule.id),
                       .severity = rule.severity,
                       .cell = cell,
                       .text = rule.describe(subject, *value),
                       .remedy = std::string(rule.remedy)});
  }
}

template <class Subject>
std::string reference_rows(std::span<const Rule<Subject>> rules) {
  std::string out;
  for (const auto& rule : rules) {
    const std::string limit =
        rule.limit == kNone ? std::string() : fmt::format(" > {:g}", rule.limit);
    out += fmt::format("| `{}` | {} | {}{} | {} |\n", rule.id, verdict_name(rule.severity),
                       rule.measure_name, limit, rule.remedy);
  }
  return out;
}

bool is_of_a_rule(std::string_view id) {
  const auto has_id = [id](const auto& rule) { return rule.id == id; };
  return std::any_of(std::begin(kRunRules), std::end(kRunRules), has_id) ||
         std::any_of(std::begin(kCellRules), std::end(kCellRules), has_id);
}

}  // namespace

void judge_validity(RunResult& run) {
  std::erase_if(run.caveats, [](const Caveat& caveat) { return is_of_a_rule(caveat.id); });
  apply<RunResult>(kRunRules, run, "", run.caveats);
  for (const auto& cell : run.cells) {
    apply<CellResult>(kCellRules, cell, cell.label(), run.caveats);
  }
  std::stable_sort(run.caveats.begin(), run.caveats.end(),
                   [](const Caveat& a, const Caveat& b) { return a.severity > b.severity; });
  run.verdict = run.caveats.empty() ? Verdict::kValid : run.caveats.front().severity;
}

std::string validity_reference() {
  // The last three are seen by the swarm while it runs; nothing in the counters shows them.
  return "| id | verdict | when | what to do |\n|---|---|---|---|\n" +
         reference_rows<RunResult>(kRunRules) + reference_rows<CellResult>(kCellRules) +
         "| `server-ended` | invalid | the server's process ended during a cell | Look into its "
         "log in the run directory. |\n"
         "| `not-all-subscribed` | invalid | subscriptions were missing when publishing began | "
         "Use "
         "fewer clients or a longer ramp. |\n"
         "| `cell-did-not-run` | invalid | a cell could not start | Mend the cause that is named; "
         "the cells before it are kept. |\n";
}

}  // namespace pushbench::result
