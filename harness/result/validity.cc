#include "harness/result/validity.h"

#include "harness/result/delivery_rules.h"
#include "harness/result/measure_rules.h"
#include "harness/result/run_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace pushbench::result {
namespace {

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
    out += fmt::format("| `{}` | {} | {}{} | {} |\n", rule.id, severity_name(rule.severity),
                       rule.measure_name, limit, rule.remedy);
  }
  return out;
}

bool is_of_a_rule(std::string_view id) {
  const auto among = [id](const auto& rules) {
    return std::any_of(rules.begin(), rules.end(),
                       [id](const auto& rule) { return rule.id == id; });
  };
  return among(run_rules()) || among(delivery_rules()) || among(measure_rules());
}

}  // namespace

void judge_validity(RunResult& run) {
  std::erase_if(run.caveats, [](const Caveat& caveat) { return is_of_a_rule(caveat.id); });
  apply(run_rules(), run, "", run.caveats);
  for (const auto& cell : run.cells) {
    apply(delivery_rules(), Seen{run, cell}, cell.label(), run.caveats);
    apply(measure_rules(), Seen{run, cell}, cell.label(), run.caveats);
  }
  std::stable_sort(run.caveats.begin(), run.caveats.end(),
                   [](const Caveat& a, const Caveat& b) { return a.severity > b.severity; });
  run.verdict = run.caveats.empty() ? Verdict::kValid : run.caveats.front().severity;
}

std::string validity_reference() {
  // The last rows are seen by the swarm while it runs; nothing in the counters shows them.
  return "| id | verdict | when | what to do |\n|---|---|---|---|\n" + reference_rows(run_rules()) +
         reference_rows(delivery_rules()) + reference_rows(measure_rules()) +
         "| `server-ended` | invalid | the server's process ended during a cell | Look into its "
         "log in the run directory. |\n"
         "| `not-audited` | suspect | the run was made with `--audit off` | Leave `--audit off` "
         "away: "
         "losses and latency are then measured. |\n"
         "| `server-process-ended` | suspect | the process of `--server-pid` ended during a cell | "
         "Give the process that serves the connections, not one that starts it. |\n"
         "| `server-metrics-failed` | suspect | the page of `--server-metrics` could not be read, "
         "or "
         "became that of another process, during a cell | Give a page of the server's own process "
         "that answers within 2 s under load. |\n"
         "| `server-metrics-coarse` | suspect | what the page's clock counts in, how long it "
         "showed "
         "no new figure and how late it came add up to > 10 % of the window's processor time | "
         "Measure longer or load the server more. |\n"
         "| `server-metrics` | note | the server's cost is what the page of `--server-metrics` "
         "says; "
         "how coarse it is | `--server-pid` is finer where the server runs on this host. |\n"
         "| `not-all-subscribed` | invalid | subscriptions were missing when publishing began | "
         "Use "
         "fewer clients or a longer ramp. |\n"
         "| `cell-did-not-run` | invalid | a cell could not start | Mend the cause that is named; "
         "the cells before it are kept. |\n";
}

}  // namespace pushbench::result
