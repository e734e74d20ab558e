#include "harness/app/commands.h"
#include "harness/app/exit_codes.h"
#include "harness/app/format_named.h"
#include "harness/app/result_files.h"
#include "harness/base/text.h"
#include "reports/format.h"

namespace pushbench::app {

int report_command(const ReportArguments& arguments, const Streams& streams) {
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
  const std::string text = (*format)->render(*runs, options);
  const auto written = to_stdout ? write_all(streams.out, text, "standard output")
                                 : write_new_files({{arguments.out, text}}, arguments.force);
  if (!written) {
    return fail(written.error(), streams);
  }
  return arguments.check ? worst_exit_of(*runs, arguments.strict) : 0;
}

}  // namespace pushbench::app
