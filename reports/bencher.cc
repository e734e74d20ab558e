// Bencher Metric Format (bencher.dev, "Bencher Metric Format"): an object of benchmarks, each an
// object of measures with value and, where known, lower_value and upper_value.
#include "harness/result/json_writer.h"
#include "reports/figures.h"

namespace pushbench::reports {

std::vector<ExportFile> export_bencher(Runs runs, const ExportOptions& options) {
  result::JsonWriter json;
  json.begin_object();
  for (const auto& subject : subjects_of(runs)) {
    json.key(subject.name());
    json.begin_object();
    for (const auto* metric : metrics_of(options)) {
      const auto figure = figure_of(subject.takes, *metric);
      if (!figure) {
        continue;
      }
      json.key(metric_key(*metric));
      json.begin_object();
      json.field("value", figure->value);
      if (figure->bounds) {
        json.field("lower_value", figure->bounds->first);
        json.field("upper_value", figure->bounds->second);
      }
      json.end_object();
    }
    json.end_object();
  }
  json.end_object();
  return {{"bencher.json", json.take()}};
}

}  // namespace pushbench::reports
