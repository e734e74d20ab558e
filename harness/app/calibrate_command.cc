#include "harness/app/gate_commands.h"
#include "harness/app/own_runs.h"
#include "harness/base/text.h"
#include "harness/gate/noise.h"
#include "harness/gate/policy.h"
#include "harness/result/result_file.h"
#include "reports/layout.h"

#include <fmt/format.h>

#include <filesystem>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kCalibrateCommandWidth = 80;

Result<void> check_words(const CalibrateArguments& arguments) {
  if (arguments.scenario.empty() == arguments.from.empty()) {
    return usage("calibrate: name a scenario to run, or --from DIRECTORY of runs of one build");
  }
  if (!arguments.out.empty() && fs::exists(arguments.out) && !arguments.force) {
    return usage(fmt::format("--output: {} exists already; choose another name or add --force",
                             arguments.out));
  }
  return {};
}

std::string percent_text(double share) {
  return fmt::format("{:.{}f} %", 100 * share, share < 0.0995 ? 1 : 0);
}

// What gates by itself; the file holds every metric.
std::string floor_text(const gate::Noise& noise) {
  std::string out;
  for (const auto& [cell, floors] : noise.cells) {
    reports::TextTable table;
    table.heads = {printable(cell), "runs", "a run\nscatters", "noise\nfloor", "gated\nfrom"};
    for (const auto& gated : gate::default_policy().metrics) {
      const auto found = floors.find(gated.metric->name);
      if (found == floors.end()) {
        continue;
      }
      const auto& floor = found->second;
      table.rows.push_back({std::string(gated.metric->title), std::to_string(floor.runs),
                            percent_text(floor.scatter), percent_text(floor.floor),
                            percent_text(std::max(floor.floor, gated.least_effect))});
    }
    out += table.render(kCalibrateCommandWidth) + "\n";
  }
  return out + reports::paragraph(
                   "Two sides of the same build, of half of these runs each, stay within the noise "
                   "floor 99 times in 100 on this machine.",
                   kCalibrateCommandWidth);
}

int learn(const CalibrateArguments& arguments, const std::string& runs, const Streams& streams) {
  const auto arm = gate::load_arm(runs);
  if (!arm) {
    return fail(arm.error(), streams);
  }
  const auto noise = gate::learn_noise(*arm);
  if (!noise) {
    return fail(noise.error(), streams);
  }
  const fs::path where(runs);
  const auto beside = (fs::is_directory(where) ? where : where.parent_path()) / gate::kNoiseFile;
  const std::string file = arguments.out.empty() ? beside.string() : arguments.out;
  if (fs::exists(file) && !arguments.force) {
    return fail(
        usage(fmt::format("{} exists already; add --force, or name another file by -o", file)),
        streams);
  }
  auto written = result::write_file(file, gate::noise_json(*noise));
  if (written) {
    written = write_all(streams.out, floor_text(*noise), "standard output");
  }
  if (!written) {
    return fail(written.error(), streams);
  }
  say(streams.err, fmt::format("\nwritten: {}\n", file));
  return 0;
}

}  // namespace

int calibrate_command(const CalibrateArguments& arguments, const Streams& streams) {
  if (const auto words = check_words(arguments); !words) {
    return fail(words.error(), streams);
  }
  if (!arguments.from.empty()) {
    return learn(arguments, arguments.from, streams);
  }
  const auto made = make_alike_runs(arguments.scenario, arguments.runs, streams);
  if (!made) {
    return fail(made.error(), streams);
  }
  return made->code != 0 ? made->code : learn(arguments, made->out, streams);
}

}  // namespace pushbench::app
