// The text in which servers tell their metrics: OpenMetrics 1.0 (the specification of that name)
// and the older text format 0.0.4 of Prometheus, which differ in what is of no matter here. One
// sample a line: name{label="value",…} value [timestamp] [# exemplar]; other lines that begin with
// '#' are comments, and "# EOF" ends the text of OpenMetrics. As strict as both formats allow,
// since a page that is not of them must not become a figure. Pure; views point into the text.
#pragma once

#include "harness/wire/parsed.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace pushbench::wire {

struct MetricSample {
  std::string_view name;
  std::string_view labels;          // between the braces, as written; empty without
  double value = 0;                 // NaN and infinities are values of both formats
  std::optional<double> timestamp;  // seconds in OpenMetrics, milliseconds in the older format
};

class MetricsText {
 public:
  explicit MetricsText(std::string_view text) noexcept : rest_(text) {}

  // kItem: `sample` is the next one. kEnd: no more lines. kError: line() is of neither format,
  // why() says what it lacks; nothing can be read behind it.
  Parsed next(MetricSample& sample) noexcept;
  // "# EOF" was there, so nothing is missing. Only OpenMetrics has it.
  bool complete() const noexcept { return complete_; }
  std::size_t line() const noexcept { return line_; }     // 1-based, of the last one that was read
  std::string_view why() const noexcept { return why_; }  // a literal

 private:
  Parsed refuse(std::string_view why) noexcept;
  Parsed sample_of(std::string_view line, MetricSample& sample) noexcept;

  std::string_view rest_;
  std::string_view why_;
  std::size_t line_ = 0;
  bool complete_ = false;
};

}  // namespace pushbench::wire
