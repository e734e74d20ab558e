#include "harness/app/commands.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/swarm/preflight.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace pushbench::app {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> shipped() {
  std::vector<std::string> names;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(scenarios_directory(), ec)) {
    if (entry.path().extension() == ".yaml") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

Nanos total_time(const plan::Scenario& scenario) {
  Nanos sum{};
  for (const auto& cell : scenario.strategies) {
    sum += scenario.cell_time(cell) * scenario.repeats;
  }
  return sum;
}

std::string levels(const plan::Profile& profile) {
  return fmt::format("{}-{}", human_count(profile.lowest()), human_count(profile.highest()));
}

std::string workload(const plan::Scenario& s) {
  const std::string fan_out =
      s.topics == 1 ? "one topic (broadcast)"
      : s.topics == s.clients && s.topics_per_client == 1
          ? "a topic for each client (unicast)"
          : fmt::format("{} topics, {} for each client", s.topics, s.topics_per_client);
  return fmt::format(
      "{} clients, {}, {} events/s",
      s.clients_profile ? levels(*s.clients_profile) : human_count(s.clients), fan_out,
      s.events.profile ? levels(*s.events.profile) : human_count(s.events.rate_per_s));
}

// How a load gets from one level to another.
std::string courses(const plan::Scenario& s) {
  std::string text;
  for (const auto& [profile, sentence] : {std::pair(s.clients_profile.get(), s.clients_text()),
                                          std::pair(s.events.profile.get(), s.rate_text())}) {
    text += profile != nullptr ? fmt::format("  {}\n", sentence) : "";
  }
  return text;
}

std::string explain(const plan::Scenario& s) {
  std::string text =
      fmt::format("{}: {}\n\n  {}\n{}  takes about {}\n\ncells:\n", s.name, printable(s.about),
                  workload(s), courses(s), human_duration(total_time(s)));
  for (const auto& cell : s.strategies) {
    text += fmt::format("  {}\n", cell.cell_name());
  }
  return text + fmt::format("\nrun it: pushbench run {}\nchange it: {}\n", s.name, s.origin);
}

}  // namespace

std::string scenarios_directory() {
  const char* set = std::getenv("PUSHBENCH_SCENARIOS");
  return set != nullptr ? set : PUSHBENCH_SCENARIOS;
}

Result<std::string> find_scenario(const std::string& path_or_name) {
  std::error_code ec;
  if (fs::is_regular_file(path_or_name, ec)) {
    return path_or_name;
  }
  const auto names = shipped();
  if (std::find(names.begin(), names.end(), path_or_name) != names.end()) {
    return (fs::path(scenarios_directory()) / (path_or_name + ".yaml")).string();
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  return usage(fmt::format("there is no scenario file or shipped scenario '{}'{} (shipped: {})",
                           printable(path_or_name), did_you_mean(path_or_name, views),
                           fmt::join(names, ", ")));
}

int scenarios_command(const ScenariosArguments& arguments, const Streams& streams) {
  std::string text;
  if (!arguments.name.empty()) {
    const auto path = find_scenario(arguments.name);
    const auto scenario = path ? plan::load_scenario(*path) : Result<plan::Scenario>(path.error());
    if (!scenario) {
      return fail(scenario.error(), streams);
    }
    text = explain(*scenario);
  } else {
    for (const auto& name : shipped()) {
      const auto scenario = plan::load_scenario(*find_scenario(name));
      if (!scenario) {
        return fail(scenario.error(), streams);
      }
      text += fmt::format("{}: {}\n  {}; about {}\n", name, printable(scenario->about),
                          workload(*scenario), human_duration(total_time(*scenario)));
    }
    text += "\nexplain one: pushbench scenarios NAME; run one: pushbench run NAME\n";
  }
  const auto written = write_all(streams.out, text, "standard output");
  return written ? 0 : fail(written.error(), streams);
}

int schema_command(const Streams& streams) {
  const auto written = write_all(streams.out, plan::scenario_schema(), "standard output");
  return written ? 0 : fail(written.error(), streams);
}

}  // namespace pushbench::app
