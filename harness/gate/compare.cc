#include "harness/gate/compare.h"

#include "harness/base/text.h"
#include "harness/gate/timing_tier.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace pushbench::gate {
namespace {

// "kernel (Linux 6.1 here, Linux 6.18 there)" for all that differs.
std::string difference(const RunFacts& a, const RunFacts& b) {
  std::string out;
  for (const auto& [key, value] : a.environment) {
    const auto found = b.environment.find(key);
    const std::string other = found == b.environment.end() ? "" : found->second;
    if (other != value) {
      const auto text = [](const std::string& is) {
        return is.empty() ? std::string("unknown") : printable(is);
      };
      out +=
          fmt::format("{}{} ({} and {})", out.empty() ? "" : ", ", key, text(value), text(other));
    }
  }
  return out;
}

Result<void> check_pair(const RunFacts& a, const RunFacts& b, const CompareOptions& options) {
  if (a.scenario_hash != b.scenario_hash && !options.force_scenario) {
    return usage(fmt::format(
        "{} and {} are of different workloads ({} {} and {} {}); compare runs of one scenario, or "
        "give --force-scenario",
        a.file, b.file, printable(a.scenario), a.scenario_hash, printable(b.scenario),
        b.scenario_hash));
  }
  const auto differs = difference(a, b);
  if (!differs.empty() && !options.force_environment) {
    return usage(fmt::format(
        "{} and {} were measured in different environments: {}; measure both on one machine in one "
        "job, or give --force-env",
        a.file, b.file, differs));
  }
  return {};
}

CellRuns runs_of(const Arm& arm, const std::string& cell) {
  CellRuns out;
  for (const auto& run : arm.runs) {
    if (const auto found = run.cells.find(cell); found != run.cells.end()) {
      for (const auto& facts : found->second) {
        out.push_back(&facts);
      }
    }
  }
  return out;
}

std::set<std::string> cells_of(const Arm& arm) {
  std::set<std::string> out;
  for (const auto& run : arm.runs) {
    for (const auto& [name, facts] : run.cells) {
      out.insert(name);
    }
  }
  return out;
}

// 0 for servers that were started for the run: they get ports of one length.
std::size_t length_of_url(const Arm& arm) {
  const auto& server = arm.runs[0].server;
  return server.starts_with("http://") ? server.size() : 0;
}

Result<std::vector<CellPair>> pair_cells(const Arm& base, const Arm& head, Comparison& out) {
  const bool same_length = length_of_url(base) == length_of_url(head);
  std::vector<CellPair> pairs;
  const auto of_head = cells_of(head);
  const auto of_base = cells_of(base);
  for (const auto& cell : of_base) {
    if (of_head.contains(cell)) {
      pairs.push_back({cell, runs_of(base, cell), runs_of(head, cell), same_length});
    } else {
      out.remarks.push_back(
          fmt::format("{} is in the base alone and not compared", printable(cell)));
    }
  }
  for (const auto& cell : of_head) {
    if (!of_base.contains(cell)) {
      out.remarks.push_back(
          fmt::format("{} is in the head alone and not compared", printable(cell)));
    }
  }
  if (pairs.empty()) {
    return usage(
        fmt::format("{} and {} have no cell in common; compare runs of the same strategies",
                    base.name, head.name));
  }
  if (!same_length) {
    out.remarks.emplace_back(
        "the addresses of the two servers differ in length, so the heads that clients send are not "
        "compared exactly");
  }
  return pairs;
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const auto& word : words) {
    out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

Side side_of(const Arm& arm) {
  std::set<std::string> tools;
  std::set<std::string> servers;
  for (const auto& run : arm.runs) {
    tools.insert(printable(run.tool_version + " (" + run.tool_commit + ")"));
    servers.insert(printable(run.server));
  }
  return {.name = printable(arm.name),
          .runs = static_cast<std::uint32_t>(arm.runs.size()),
          .tool = joined(tools),
          .server = joined(servers)};
}

void add_counted(const std::vector<CellPair>& pairs, const Policy& policy, Comparison& out) {
  const auto add = [&out](std::vector<Row> rows) {
    out.rows.insert(out.rows.end(), rows.begin(), rows.end());
  };
  for (const auto& pair : pairs) {
    add(exact_rows(pair));
  }
  for (const auto& pair : pairs) {
    add(audit_rows(pair, policy.significance));
  }
  for (const auto& pair : pairs) {
    add(model_rows(pair));
  }
}

void add_timing(const std::vector<CellPair>& pairs,
                const Policy& policy,
                const Noise* noise,
                Comparison& out) {
  std::vector<TimingCase> cases;
  for (const auto& pair : pairs) {
    for (const auto& gated : policy.metrics) {
      const double floor = noise == nullptr ? 0 : noise->floor_of(pair.cell, gated.metric->name);
      cases.push_back({.pair = &pair, .gated = gated, .noise = floor});
    }
  }
  const auto rows = timing_rows(cases, policy);
  out.rows.insert(out.rows.end(), rows.begin(), rows.end());
}

// ISO dates compare as text.
void apply_accepted(const Policy& policy, const std::string& today, Comparison& out) {
  for (const auto& entry : policy.accepted) {
    const bool expired = today > entry.until;
    std::size_t covered = 0;
    for (auto& row : out.rows) {
      const bool counts = row.gates && (row.found == Found::kWorse || row.open);
      if (counts && covers(entry, row.metric, row.cell)) {
        ++covered;
        row.accepted = expired ? row.accepted : entry.reason;
      }
    }
    const auto what = fmt::format("{}{}", printable(entry.metric),
                                  entry.cell.empty() ? "" : " of " + printable(entry.cell));
    if (expired) {
      out.remarks.push_back(fmt::format(
          "the acceptance of {} ended on {} and is not applied ({}); renew it or take it out of {}",
          what, entry.until, printable(entry.reason), printable(policy.origin)));
    } else if (covered > 0) {
      out.remarks.push_back(
          fmt::format("accepted until {}: {} ({})", entry.until, what, printable(entry.reason)));
    }
  }
}

}  // namespace

Result<void> check_alike(const Arm& arm, const CompareOptions& options) {
  for (const auto& run : arm.runs) {
    if (const auto alike = check_pair(arm.runs[0], run, options); !alike) {
      return alike.error();
    }
  }
  return {};
}

Result<void> check_valid(const Arm& arm) {
  for (const auto& run : arm.runs) {
    if (run.invalid) {
      return Failure(fmt::format("{}: the run is not valid ({}); run it again, its figures are not "
                                 "compared",
                                 run.file, printable(run.why_invalid)),
                     ExitCode::kNotValid);
    }
  }
  return {};
}

Result<Comparison> compare(const Arm& base,
                           const Arm& head,
                           const Policy& policy,
                           const Noise* noise,
                           const CompareOptions& options) {
  for (const auto* arm : {&base, &head}) {
    if (const auto alike = check_alike(*arm, options); !alike) {
      return alike.error();
    }
    if (const auto valid = check_valid(*arm); !valid) {
      return valid.error();
    }
  }
  if (const auto alike = check_pair(base.runs[0], head.runs[0], options); !alike) {
    return alike.error();
  }
  Comparison out{.base = side_of(base),
                 .head = side_of(head),
                 .scenario = printable(base.runs[0].scenario),
                 .policy = policy.origin,
                 .noise = noise == nullptr ? "" : noise->origin,
                 .significance = policy.significance,
                 .confidence = policy.confidence,
                 .rows = {},
                 .remarks = {}};
  const auto pairs = pair_cells(base, head, out);
  if (!pairs) {
    return pairs.error();
  }
  add_counted(*pairs, policy, out);
  add_timing(*pairs, policy, noise, out);
  apply_accepted(policy, options.today, out);
  return out;
}

}  // namespace pushbench::gate
