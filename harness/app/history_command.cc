#include "harness/app/format_named.h"
#include "harness/app/gate_commands.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/gate/compare.h"
#include "harness/gate/history.h"
#include "harness/gate/policy_file.h"
#include "harness/result/thresholds.h"
#include "reports/history.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::app {
namespace {

// The metrics that were named, those of the policy with its least effects; or all of the policy.
Result<gate::Policy> wanted(const HistoryArguments& arguments) {
  auto policy = arguments.policy.empty() ? Result<gate::Policy>(gate::default_policy())
                                         : gate::load_policy(arguments.policy);
  if (!policy || arguments.metrics.empty()) {
    return policy;
  }
  std::vector<gate::Gated> chosen;
  for (const auto& name : arguments.metrics) {
    const auto* metric = result::find_threshold_metric(name);
    if (metric == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& one : result::metrics()) {
        known.push_back(one.name);
      }
      return usage(
          fmt::format("--metric: '{}' is no metric{}", printable(name), did_you_mean(name, known)));
    }
    const auto gated =
        std::find_if(policy->metrics.begin(), policy->metrics.end(),
                     [metric](const gate::Gated& one) { return one.metric == metric; });
    chosen.push_back(gated != policy->metrics.end()
                         ? *gated
                         : gate::Gated{.metric = metric, .least_effect = gate::kShownEffect});
  }
  policy->metrics = std::move(chosen);
  return policy;
}

// Cells whose name begins with one of the words.
void keep_cells(gate::Arm& arm, const std::vector<std::string>& cells) {
  for (auto& run : arm.runs) {
    std::erase_if(run.cells, [&cells](const auto& cell) {
      return std::none_of(cells.begin(), cells.end(), [&cell](const std::string& word) {
        return cell.first.starts_with(word);
      });
    });
  }
}

}  // namespace

int history_command(const HistoryArguments& arguments, const Streams& streams) {
  const auto format = format_named("--format", arguments.format, reports::history_formats());
  if (!format) {
    return fail(format.error(), streams);
  }
  const auto policy = wanted(arguments);
  if (!policy) {
    return fail(policy.error(), streams);
  }
  auto arm = gate::load_arm(arguments.directory);
  if (!arm) {
    return fail(arm.error(), streams);
  }
  const auto alike =
      gate::check_alike(*arm, {.force_scenario = arguments.force || arguments.force_scenario,
                               .force_environment = arguments.force || arguments.force_environment,
                               .today = ""});
  if (!alike) {
    return fail(alike.error(), streams);
  }
  if (!arguments.cells.empty()) {
    keep_cells(*arm, arguments.cells);
  }
  const auto history = gate::history_of(*arm, *policy);
  if (history.series.empty()) {
    return fail(usage(fmt::format("{}: no valid run holds any of these metrics and cells",
                                  arguments.directory)),
                streams);
  }
  const auto written = write_all(streams.out, (*format)->render(history), "standard output");
  return written ? 0 : fail(written.error(), streams);
}

}  // namespace pushbench::app
