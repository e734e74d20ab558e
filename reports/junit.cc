// JUnit XML as GitHub, GitLab and Jenkins read it (reports/junit.xsd holds the part of it that is
// used): a suite a run, a case for its validity, and a case for every threshold in every cell with
// what was measured and what was wanted. A crossed threshold is a failure; what could not be judged
// or believed is an error.
#include "reports/caveats.h"
#include "reports/escape.h"
#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pushbench::reports {
namespace {

using result::RunResult;
using result::Verdict;

struct Tally {
  std::size_t tests = 0, failures = 0, errors = 0;
};

// "2026-11-21T01:43:00", or nothing where a file holds another text.
std::string timestamp_of(const RunResult& run) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  const auto& text = run.started_utc;
  bool fits = text.size() == kShape.size();
  for (std::size_t i = 0; fits && i < kShape.size(); ++i) {
    fits = kShape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == kShape[i];
  }
  return fits ? text.substr(0, kShape.size() - 1) : "";
}

std::string test_case(std::string_view group, std::string_view name, const std::string& content) {
  return fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\">\n{}    </testcase>\n",
                     xml_escape(group), xml_escape(name), content);
}

std::string element(std::string_view name,
                    std::string_view type,
                    std::string_view message,
                    std::string_view text) {
  return fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", name, type,
                     xml_escape(message), xml_escape(text));
}

std::string said(std::string_view text) {
  return fmt::format("      <system-out>{}</system-out>\n", xml_escape(text));
}

std::string doubts_text(const RunResult& run) {
  std::string out;
  for (const auto& group : doubts_of(run)) {
    for (const auto& line : group.lines) {
      out += fmt::format("{} [{}]: {}. ", group.id, result::severity_name(group.severity), line);
    }
    out += group.remedy + " ";
  }
  return out;
}

std::string validity_case(const RunResult& run, Tally& tally) {
  ++tally.tests;
  const std::string_view verdict = verdict_sentence(run.verdict);
  std::string content = said(std::string(verdict) + " " + doubts_text(run));
  if (run.verdict == Verdict::kInvalid) {
    ++tally.errors;
    content = element("error", "not-valid", verdict, doubts_text(run));
  }
  return test_case(stable_name(run.scenario.name), "the measurement is valid", content);
}

std::string threshold_case(const RunResult& run,
                           const result::ThresholdResult& threshold,
                           Tally& tally) {
  ++tally.tests;
  const auto line = threshold_line(run, threshold);
  const std::string text = fmt::format("{} in {}: measured {}, wanted {}, {}", line.text, line.cell,
                                       line.measured, line.wanted, line.ending);
  std::string content;
  if (threshold.crossed) {
    ++tally.failures;
    content = element("failure", "threshold", text, text);
  } else if (!threshold.actual) {
    ++tally.errors;
    content = element("error", "not-judged", text, text);
  } else {
    content = said(text);
  }
  return test_case(stable_name(run.scenario.name) + "/" + stable_name(line.cell), line.text,
                   content);
}

std::string suite_of(const RunResult& run, Tally& total) {
  Tally tally;
  std::string cases = validity_case(run, tally);
  for (const auto& threshold : run.thresholds) {
    cases += threshold_case(run, threshold, tally);
  }
  const double seconds =
      std::accumulate(run.cells.begin(), run.cells.end(), 0.0,
                      [](double sum, const auto& cell) { return sum + cell.measure_s; });
  const auto timestamp = timestamp_of(run);
  total.tests += tally.tests;
  total.failures += tally.failures;
  total.errors += tally.errors;
  return fmt::format(
             "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" "
             "skipped=\"0\" time=\"{:.3f}\"{}>\n",
             stable_name(run.scenario.name), tally.tests, tally.failures, tally.errors,
             std::isfinite(seconds) ? seconds : 0,
             timestamp.empty() ? "" : " timestamp=\"" + timestamp + "\"") +
         cases + "  </testsuite>\n";
}

}  // namespace

std::vector<ExportFile> export_junit(Runs runs, const ExportOptions&) {
  Tally total;
  std::string suites;
  for (const auto& run : runs) {
    suites += suite_of(run, total);
  }
  return {{"junit.xml",
           fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pushbench\" "
                       "tests=\"{}\" failures=\"{}\" errors=\"{}\">\n",
                       total.tests, total.failures, total.errors) +
               suites + "</testsuites>\n"}};
}

}  // namespace pushbench::reports
