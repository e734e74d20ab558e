#include "harness/app/dry_run.h"

#include "harness/base/text.h"
#include "harness/swarm/preflight.h"

#include <fmt/format.h>

namespace pushbench::app {
namespace {

std::string count(double value) {
  return human_count(value);
}

std::vector<std::string> all_shortages(const plan::Scenario& scenario,
                                       const swarm::Machine& machine,
                                       bool loopback) {
  std::vector<std::string> out;
  for (const auto& cell : scenario.strategies) {
    const auto some = swarm::shortages(swarm::needs_of(scenario, cell, machine), machine, loopback);
    out.insert(out.end(), some.begin(), some.end());
  }
  return out;
}

}  // namespace

std::string describe_needs(const plan::Scenario& scenario,
                           const swarm::Machine& machine,
                           bool loopback) {
  std::string text = fmt::format("{}: {} cells", scenario.name, scenario.strategies.size());
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
  std::uint64_t descriptors = 0;
  for (const auto& cell : scenario.strategies) {
    descriptors =
        std::max(descriptors, swarm::needs_of(scenario, cell, machine).client_descriptors);
  }
  text +=
      fmt::format("\nat most {} in all\n{} descriptors in one process (this machine allows {})\n",
                  human_duration(total), count(static_cast<double>(descriptors)),
                  count(static_cast<double>(machine.descriptors_hard)));
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
