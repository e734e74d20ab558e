// The log of the HdrHistogram family, format version 1.3 (HdrHistogram's HistogramLogWriter): one
// interval a cell and repeat, tagged "scenario/cell", from the start of the measure window to its
// end in seconds since the cell began. A result holds one latency histogram a cell, not one a
// second, so that its size does not grow with time; the seconds are in its series. Interval_Max is
// in milliseconds, the values of the histogram are nanoseconds.
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
      if (!cell.latency.empty()) {
        out += fmt::format("Tag={},{:.3f},{:.3f},{:.3f},{}\n", tag_of(run, cell),
                           cell.phases.measure_s.value_or(0), cell.measure_s,
                           static_cast<double>(cell.latency.max().count()) / 1e6,
                           cell.latency.encode());
      }
    }
  }
  return {{"latency.hlog", std::move(out)}};
}

}  // namespace pushbench::reports
