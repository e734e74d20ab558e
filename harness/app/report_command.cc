#include "harness/app/commands.h"
#include "harness/app/exit_codes.h"
#include "harness/app/format_named.h"
#include "harness/app/result_files.h"
#include "harness/app/study_report.h"
#include "harness/base/text.h"
#include "reports/format.h"

#include <fmt/format.h>

#include <optional>

namespace pushbench::app {
namespace {

Result<void> write_report(const ReportArguments& arguments,
                          const Streams& streams,
                          const std::string& text) {
  const bool to_stdout = arguments.out.empty() || arguments.out == "-";
  return to_stdout ? write_all(streams.out, text, "standard output")
                   : write_new_files({{arguments.out, text}}, arguments.force);
}

// The study among the files; nullopt: there is none. It is shown alone.
Result<std::optional<StudyFile>> study_among(const std::vector<std::string>& files) {
  for (const auto& path : files) {
    auto found = find_study(path);
    if (!found || !*found) {
      continue;
    }
    if (files.size() > 1) {
      return usage(
          fmt::format("report: {} is a study and no result; report it by itself", printable(path)));
    }
    return found;
  }
  return std::optional<StudyFile>();
}

int report_study(const ReportArguments& arguments, const Streams& streams, const StudyFile& study) {
  const auto text = study_report(study, arguments.format, arguments.slo);
  if (!text) {
    return fail(text.error(), streams);
  }
  const auto written = write_report(arguments, streams, *text);
  return written ? 0 : fail(written.error(), streams);
}

}  // namespace

int report_command(const ReportArguments& arguments, const Streams& streams) {
  const auto study = study_among(arguments.files);
  if (!study) {
    return fail(study.error(), streams);
  }
  if (*study) {
    return report_study(arguments, streams, **study);
  }
  if (!arguments.slo.empty()) {
    return fail(usage("--slo: bounds of a capacity search; a result has the thresholds that it was "
                      "run with"),
                streams);
  }
  const auto format = format_named("--format", arguments.format, reports::formats());
  if (!format) {
    return fail(format.error(), streams);
  }
  const auto runs = load_runs(arguments.files);
  if (!runs) {
    return fail(runs.error(), streams);
  }
  const bool to_stdout = arguments.out.empty() || arguments.out == "-";
  reports::RenderOptions options;
  options.colour = to_stdout && wants_colour(arguments.colour, streams.out);
  options.full = arguments.full;
  const auto written = write_report(arguments, streams, (*format)->render(*runs, options));
  if (!written) {
    return fail(written.error(), streams);
  }
  return arguments.check ? worst_exit_of(*runs, arguments.strict) : 0;
}

}  // namespace pushbench::app
