// For github-action-benchmark: an array of {name, unit, value, range, extra} for each of its tools
// customSmallerIsBetter and customBiggerIsBetter. A metric of which neither less nor more is better
// is in no file.
#include "harness/base/text.h"
#include "harness/result/json_writer.h"
#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::reports {
namespace {

using result::Better;

// What a reader of the chart wants to know of the figure's worth.
std::string extra_of(const Subject& subject) {
  const auto& take = subject.takes.front();
  const auto& environment = take.run->environment;
  const auto control = environment.find("congestion_control");
  return printable(fmt::format(
      "{} events, {} {}, seed {}, {}, {}", take.cell->events_measured, subject.takes.size(),
      subject.takes.size() == 1 ? "take" : "takes", take.run->scenario.seed,
      control == environment.end() ? "congestion control unknown" : control->second,
      result::verdict_name(take.run->verdict)));
}

std::string file_of(const std::vector<Subject>& subjects,
                    const ExportOptions& options,
                    Better better) {
  result::JsonWriter json;
  json.begin_array();
  for (const auto& subject : subjects) {
    for (const auto* metric : metrics_of(options)) {
      const auto figure = figure_of(subject.takes, *metric);
      if (metric->better != better || !figure) {
        continue;
      }
      json.begin_object();
      json.field("name", subject.name() + "/" + metric_key(*metric));
      json.field("unit", unit_symbol(*metric));
      json.field("value", figure->value);
      if (figure->bounds) {
        const auto& [low, high] = *figure->bounds;
        json.field("range", fmt::format("± {}", (high - low) / 2));
      }
      json.field("extra", extra_of(subject));
      json.end_object();
    }
  }
  json.end_array();
  return json.take();
}

}  // namespace

std::vector<ExportFile> export_github_benchmark(Runs runs, const ExportOptions& options) {
  const auto subjects = subjects_of(runs);
  return {{"gab-smaller.json", file_of(subjects, options, Better::kLess)},
          {"gab-bigger.json", file_of(subjects, options, Better::kMore)}};
}

}  // namespace pushbench::reports
