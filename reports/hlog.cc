// The log of the HdrHistogram family, format version 1.3 (HdrHistogram's HistogramLogWriter). Of
// each cell and repeat the measure window as a whole, tagged "scenario/cell", in three digits; then
// interval by interval, from the start of the cell to its end, tagged "scenario/cell;over-time", in
// one digit: a reader that adds up one tag gets sound figures. Times are seconds since the cell
// began. Interval_Max is in milliseconds, the values of the histograms are nanoseconds.
#include "harness/base/text.h"
#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace pushbench::reports {
namespace {

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t size) {
  if (text.size() < at + size) {
    return std::nullopt;
  }
  int value = 0;
  const char* end = text.data() + at + size;
  const auto [stop, ec] = std::from_chars(text.data() + at, end, value);
  return ec == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

// Seconds since 1970 of "2026-11-21T01:43:00Z"; nothing where a file holds another text.
std::optional<std::int64_t> epoch_of(std::string_view utc) {
  const auto year = number_at(utc, 0, 4);
  const auto month = number_at(utc, 5, 2);
  const auto day = number_at(utc, 8, 2);
  const auto hour = number_at(utc, 11, 2);
  const auto minute = number_at(utc, 14, 2);
  const auto second = number_at(utc, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) {
    return std::nullopt;
  }
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  return std::int64_t{days} * 86'400 + *hour * 3'600 + *minute * 60 + *second;
}

// A comma would end the tag.
std::string tag_of(const result::RunResult& run, const result::CellResult& cell) {
  std::string tag = stable_name(run.scenario.name) + "/" + stable_name(cell.label());
  std::replace(tag.begin(), tag.end(), ',', ';');
  return tag;
}

struct Interval {
  double at_s = 0, length_s = 0;
  stats::Nanos max{};
};

std::string line_of(const std::string& tag, const Interval& of, const stats::Histogram& histogram) {
  constexpr double kMilli = 1e6;
  return fmt::format("Tag={},{:.3f},{:.3f},{:.3f},{}\n", tag, of.at_s, of.length_s,
                     static_cast<double>(of.max.count()) / kMilli, histogram.encode());
}

// To the end of its bucket, which is all that a result tells of an interval.
stats::Nanos highest_in(const stats::Histogram& histogram) {
  stats::Nanos out{};
  histogram.for_each(
      [&out](std::int64_t, std::int64_t highest, std::uint64_t) { out = stats::Nanos{highest}; });
  return out;
}

std::string lines_of(const result::RunResult& run, const result::CellResult& cell) {
  const std::string tag = tag_of(run, cell);
  std::string out;
  if (!cell.latency.empty()) {
    out += line_of(tag,
                   {.at_s = cell.phases.measure_s.value_or(0),
                    .length_s = cell.measure_s,
                    .max = cell.latency.max()},
                   cell.latency);
  }
  const double seconds = cell.latency_over_time.seconds;
  double at = 0;
  for (const auto& column : cell.latency_over_time.columns) {
    out += column.empty()
               ? ""
               : line_of(tag + ";over-time",
                         {.at_s = at, .length_s = seconds, .max = highest_in(column)}, column);
    at += seconds;
  }
  return out;
}

}  // namespace

std::vector<ExportFile> export_hlog(Runs runs, const ExportOptions&) {
  std::string out = "#[Histogram log format version 1.3]\n";
  if (!runs.empty()) {
    const auto& first = runs.front();
    out = fmt::format("#[Logged by pushbench {}]\n", printable(first.tool_version)) + out;
    if (const auto start = epoch_of(first.started_utc)) {
      out += fmt::format("#[StartTime: {}.000 (seconds since epoch), {}]\n", *start,
                         printable(first.started_utc));
    }
  }
  out +=
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\","
      "\"Interval_Compressed_Histogram\"\n";
  for (const auto& run : runs) {
    for (const auto& cell : run.cells) {
      out += lines_of(run, cell);
    }
  }
  return {{"latency.hlog", std::move(out)}};
}

}  // namespace pushbench::reports
