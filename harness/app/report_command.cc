#include "harness/app/commands.h"
#include "harness/app/exit_codes.h"
#include "harness/app/result_files.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "reports/format.h"

#include <fmt/format.h>

namespace pushbench::app {
namespace {

Failure unknown_format(const std::string& name) {
  std::vector<std::string_view> names;
  for (const auto& format : reports::formats()) {
    names.push_back(format.name);
  }
  return usage(fmt::format("--format: unknown format '{}'{} (formats: {})", printable(name),
                           did_you_mean(name, names), fmt::join(names, ", ")));
}

}  // namespace

int report_command(const ReportArguments& arguments, const Streams& streams) {
  const reports::Format* format = reports::find_format(arguments.format);
  if (format == nullptr) {
    return fail(unknown_format(arguments.format), streams);
  }
  const auto runs = load_runs(arguments.files);
  if (!runs) {
    return fail(runs.error(), streams);
  }
  const bool to_stdout = arguments.out.empty() || arguments.out == "-";
  reports::RenderOptions options;
  options.colour = to_stdout && wants_colour(arguments.colour, streams.out);
  options.full = arguments.full;
  const std::string text = format->render(*runs, options);
  const auto written = to_stdout ? write_all(streams.out, text, "standard output")
                                 : write_new_files({{arguments.out, text}}, arguments.force);
  if (!written) {
    return fail(written.error(), streams);
  }
  return arguments.check ? worst_exit_of(*runs, arguments.strict) : 0;
}

}  // namespace pushbench::app
