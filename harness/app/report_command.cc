#include "harness/app/commands.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/result/json_io.h"
#include "reports/format.h"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

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
  std::vector<result::RunResult> runs;
  for (const auto& file : arguments.files) {
    auto run = result::load_result(file);
    if (!run) {
      return fail(run.error(), streams);
    }
    runs.push_back(std::move(*run));
  }
  const bool to_stdout = arguments.out.empty() || arguments.out == "-";
  reports::RenderOptions options;
  options.colour = to_stdout && wants_colour(arguments.colour, streams.out);
  options.full = arguments.full;
  const std::string text = format->render(runs, options);
  if (to_stdout) {
    const auto written = write_all(streams.out, text, "standard output");
    return written ? 0 : fail(written.error(), streams);
  }
  if (std::filesystem::exists(arguments.out) && !arguments.force) {
    return fail(usage(fmt::format("--out: {} exists already; choose another name or add --force",
                                  arguments.out)),
                streams);
  }
  const auto written = result::write_file(arguments.out, text);
  return written ? 0 : fail(written.error(), streams);
}

}  // namespace pushbench::app
