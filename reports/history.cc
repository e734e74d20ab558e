#include "reports/history.h"

#include "harness/base/text.h"
#include "harness/result/json_writer.h"
#include "reports/escape.h"
#include "reports/html.h"
#include "reports/layout.h"

#include <fmt/format.h>

#include <array>

namespace pushbench::reports {
namespace {

using gate::History;
using gate::HistoryChange;
using gate::HistorySeries;
using result::format_metric;

constexpr std::size_t kHistoryWidth = 80;
constexpr std::size_t kDay = 10;  // of an ISO instant

constexpr auto kHistoryFormats = std::to_array<HistoryFormat>({
    {"text", history_text},
    {"csv", history_csv},
    {"json", history_json},
    {"html", history_html},
});

std::string shown_change(const HistorySeries& series, const HistoryChange& change) {
  const auto& metric = *series.gated.metric;
  const auto& point = series.points.at(change.at);
  const std::string ratio =
      change.before > 0 ? fmt::format(" ({:+.1f} %)", 100 * (change.after / change.before - 1))
                        : "";
  return fmt::format("{} of {}: {} → {}{}, {} with {} of {} (p {:.2g}; {})", metric.title,
                     printable(series.cell), format_metric(metric, change.before),
                     format_metric(metric, change.after), ratio, change.worse ? "worse" : "better",
                     printable(point.commit), printable(point.started_utc.substr(0, kDay)),
                     change.p, printable(point.file));
}

void write_change(result::JsonWriter& json, const HistoryChange& change) {
  json.begin_object();
  json.field("at", change.at);
  json.field("before", change.before);
  json.field("after", change.after);
  json.field("p", change.p);
  json.field("worse", change.worse);
  json.end_object();
}

void write_series(result::JsonWriter& json, const HistorySeries& series) {
  json.begin_object();
  json.field("cell", series.cell);
  json.field("metric", series.gated.metric->name);
  json.field("title", series.gated.metric->title);
  json.field("least_effect", series.gated.least_effect);
  json.key("points");
  json.begin_array();
  for (const auto& point : series.points) {
    json.begin_object();
    json.field("started", point.started_utc);
    json.field("commit", point.commit);
    json.field("file", point.file);
    json.field("value", point.value);
    json.end_object();
  }
  json.end_array();
  json.key("changes");
  json.begin_array();
  for (const auto& change : series.changes) {
    write_change(json, change);
  }
  json.end_array();
  json.end_object();
}

}  // namespace

std::span<const HistoryFormat> history_formats() noexcept {
  return kHistoryFormats;
}

std::string history_text(const History& history) {
  TextTable table;
  table.heads = {"cell", "metric", "runs", "first", "last", "changes"};
  std::string changes;
  for (const auto& series : history.series) {
    const auto& metric = *series.gated.metric;
    table.rows.push_back(
        {printable(series.cell), std::string(metric.title), std::to_string(series.points.size()),
         format_metric(metric, series.points.front().value),
         format_metric(metric, series.points.back().value), std::to_string(series.changes.size())});
    for (const auto& change : series.changes) {
      changes += paragraph(shown_change(series, change), kHistoryWidth);
    }
  }
  std::string out = fmt::format("{}: {} runs of {}", printable(history.scenario), history.runs,
                                printable(history.directory));
  out +=
      history.left_out > 0 ? fmt::format(", {} not valid left out\n\n", history.left_out) : "\n\n";
  return out + table.render(kHistoryWidth) + "\n" + (changes.empty() ? "No changes.\n" : changes);
}

std::string history_csv(const History& history) {
  std::string out = "started,commit,file,cell,metric,value,change\n";
  for (const auto& series : history.series) {
    for (std::size_t i = 0; i < series.points.size(); ++i) {
      const auto& point = series.points[i];
      std::string_view what;
      for (const auto& change : series.changes) {
        what = change.at == i ? (change.worse ? "worse" : "better") : what;
      }
      out += fmt::format("{},{},{},{},{},{},{}\n", csv_escape(point.started_utc),
                         csv_escape(point.commit), csv_escape(point.file), csv_escape(series.cell),
                         series.gated.metric->name, point.value, what);
    }
  }
  return out;
}

std::string history_html(const History& history) {
  return html_page("history", history_json(history));
}

std::string history_json(const History& history) {
  result::JsonWriter json;
  json.begin_object();
  json.field("schema", kHistorySchema);
  json.field("directory", history.directory);
  json.field("scenario", history.scenario);
  json.field("runs", history.runs);
  json.field("not_valid", history.left_out);
  json.key("series");
  json.begin_array();
  for (const auto& series : history.series) {
    write_series(json, series);
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace pushbench::reports
