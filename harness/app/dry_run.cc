#include "harness/app/dry_run.h"

#include "harness/base/text.h"
#include "harness/model/slices.h"
#include "harness/swarm/preflight.h"
#include "reports/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace pushbench::app {
namespace {

constexpr std::size_t kDryRunWidth = 80;

std::string count(double value) {
  return human_count(value);
}

// One sentence for all cells that lack the same.
std::vector<std::string> all_shortages(const plan::Scenario& scenario,
                                       const swarm::Machine& machine,
                                       bool loopback) {
  struct Shortage {
    std::string what;  // " needs 100 descriptors …"
    std::vector<std::string> cells;
  };
  std::vector<Shortage> all;
  for (const auto& cell : scenario.strategies) {
    const auto needs = swarm::needs_of(scenario, cell, machine);
    for (const auto& text : swarm::shortages(needs, machine, loopback)) {
      const auto what = text.substr(needs.name.size());  // each begins with the cell's name
      auto found = std::find_if(all.begin(), all.end(),
                                [&what](const Shortage& one) { return one.what == what; });
      if (found == all.end()) {
        found = all.insert(all.end(), Shortage{what, {}});
      }
      found->cells.push_back(needs.name);
    }
  }
  std::vector<std::string> out;
  for (const auto& [what, cells] : all) {
    const bool every = cells.size() > 1 && cells.size() == scenario.strategies.size();
    out.push_back((every ? "every cell" : fmt::format("{}", fmt::join(cells, " and "))) + what);
  }
  return out;
}

// The table shows what is needed at the most.
std::string describe_load(const plan::Scenario& scenario) {
  if (!scenario.events.profile && !scenario.clients_profile) {
    return "";
  }
  double events = 0;  // in expectation
  for (const auto& slice : model::slices_of(scenario)) {
    events += slice.rate_per_s * slice.length_s;
  }
  return reports::paragraph(
      fmt::format("load: {}; {}; {} events measured; the table shows it at its highest",
                  scenario.clients_text(), scenario.rate_text(), count(std::round(events))),
      kDryRunWidth);
}

// What makes a cell longer than its given phases, and the network between.
std::string describe_waits(const plan::Scenario& scenario) {
  Nanos drain{};
  for (const auto& cell : scenario.strategies) {
    drain = std::max(drain, scenario.drain_of(cell));
  }
  const std::string text =
      drain > scenario.phases.drain
          ? fmt::format("drain takes up to {} instead of {}\n", human_duration(drain),
                        human_duration(scenario.phases.drain))
          : "";
  return scenario.link ? fmt::format("{}link: {}\n", text, plan::describe(*scenario.link)) : text;
}

// Of the cell that needs most.
std::string describe_descriptors(const plan::Scenario& scenario, const swarm::Machine& machine) {
  swarm::CellNeeds most;
  for (const auto& cell : scenario.strategies) {
    auto needs = swarm::needs_of(scenario, cell, machine);
    if (needs.client_descriptors > most.client_descriptors) {
      most = std::move(needs);
    }
  }
  const std::string where =
      most.workers > 1
          ? fmt::format("for the clients, in {} threads or more (this machine allows {} in each)",
                        most.workers, count(static_cast<double>(machine.descriptors_hard)))
          : fmt::format("in one process (this machine allows {})",
                        count(static_cast<double>(machine.descriptors_hard)));
  return fmt::format("{} descriptors {}\n", count(static_cast<double>(most.client_descriptors)),
                     where);
}

}  // namespace

std::string describe_needs(const plan::Scenario& scenario,
                           const swarm::Machine& machine,
                           bool loopback) {
  std::string text = fmt::format("{}: {} cell{}", scenario.name, scenario.strategies.size(),
                                 scenario.strategies.size() == 1 ? "" : "s");
  text += scenario.repeats > 1 ? fmt::format(", {} times\n\n", scenario.repeats) : "\n\n";
  text += fmt::format("{:<35}{:>8}{:>9}{:>10}{:>10}{:>7}\n", "cell", "time", "sockets", "requests",
                      "events", "TIME_");
  text += fmt::format("{:<35}{:>8}{:>9}{:>10}{:>10}{:>7}\n", "", "", "", "/s", "/s", "WAIT");
  Nanos total{};
  for (const auto& cell : scenario.strategies) {
    const auto needs = swarm::needs_of(scenario, cell, machine);
    total += needs.time * scenario.repeats;
    text +=
        fmt::format("{:<35}{:>8}{:>9}{:>10}{:>10}{:>7}\n", needs.name, human_duration(needs.time),
                    count(static_cast<double>(needs.sockets)), count(needs.requests_per_s),
                    count(needs.deliveries_per_s), count(static_cast<double>(needs.time_wait)));
  }
  text += fmt::format("\nat most {} in all\n{}", human_duration(total),
                      describe_descriptors(scenario, machine));
  text += describe_load(scenario) + describe_waits(scenario);
  for (const auto& shortage : all_shortages(scenario, machine, loopback)) {
    text += fmt::format("SHORT: {}\n", shortage);
  }
  return text;
}

int dry_run(const plan::Scenario& scenario, bool loopback, const Streams& streams) {
  const swarm::Machine machine = swarm::read_machine();
  const auto written =
      write_all(streams.out, describe_needs(scenario, machine, loopback), "standard output");
  if (!written) {
    return fail(written.error(), streams);
  }
  return all_shortages(scenario, machine, loopback).empty() ? 0
                                                            : static_cast<int>(ExitCode::kUsage);
}

}  // namespace pushbench::app
