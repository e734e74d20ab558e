#include "harness/app/commands.h"
#include "harness/app/exit_codes.h"
#include "harness/app/format_named.h"
#include "harness/app/result_files.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/result/thresholds.h"
#include "reports/export.h"

#include <fmt/format.h>

#include <system_error>

#include <filesystem>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using reports::ExportFile;

Result<const result::Metric*> metric_named(const std::string& option, const std::string& name) {
  const auto* metric = result::find_threshold_metric(name);
  if (metric == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& one : result::metrics()) {
      names.push_back(one.name);
    }
    return usage(fmt::format("{}: '{}' is no metric{}; reports/README.md lists them", option,
                             printable(name), did_you_mean(name, names)));
  }
  return metric;
}

Result<reports::ExportOptions> options_of(const ExportArguments& arguments) {
  reports::ExportOptions options;
  for (const auto& name : arguments.metrics) {
    const auto metric = metric_named("--metric", name);
    if (!metric) {
      return metric.error();
    }
    options.metrics.push_back(*metric);
  }
  if (!arguments.latency.empty()) {
    const auto metric = metric_named("--latency", arguments.latency);
    if (!metric) {
      return metric.error();
    }
    if ((*metric)->unit != result::Unit::kNanos) {
      return usage(fmt::format("--latency: {} is no time; expected one such as latency.p99",
                               (*metric)->name));
    }
    options.latency = *metric;
  }
  return options;
}

// One file goes to standard output, to a name or into a directory; several go into a directory.
Result<void> deliver(const std::vector<ExportFile>& files,
                     const ExportArguments& arguments,
                     const Streams& streams) {
  const bool to_stdout = arguments.out.empty() || arguments.out == "-";
  if (to_stdout && files.size() == 1) {
    return write_all(streams.out, files.front().text, "standard output");
  }
  if (to_stdout) {
    std::vector<std::string> names;
    names.reserve(files.size());
    for (const auto& file : files) {
      names.push_back(file.name);
    }
    return usage(fmt::format("--out: {} are {} files; name a directory for them",
                             fmt::join(names, " and "), files.size()));
  }
  std::error_code ec;
  const fs::path out = arguments.out;
  const bool into = files.size() > 1 || fs::is_directory(out, ec);
  if (into) {
    fs::create_directories(out, ec);
    if (ec) {
      return could_not_run(
          fmt::format("--out: cannot create {}: {}; choose a directory that you "
                      "can write to",
                      printable(arguments.out), ec.message()));
    }
  }
  std::vector<std::pair<std::string, std::string>> named;
  named.reserve(files.size());
  for (const auto& file : files) {
    named.emplace_back((into ? out / file.name : out).string(), file.text);
  }
  return write_new_files(named, arguments.force);
}

}  // namespace

int export_command(const ExportArguments& arguments, const Streams& streams) {
  const auto format = format_named("--to", arguments.to, reports::exports());
  if (!format) {
    return fail(format.error(), streams);
  }
  const auto options = options_of(arguments);
  if (!options) {
    return fail(options.error(), streams);
  }
  const auto runs = load_runs(arguments.files);
  if (!runs) {
    return fail(runs.error(), streams);
  }
  const auto fits = reports::check_export(**format, *runs);
  if (!fits && !(arguments.even_invalid && fits.error().code == ExitCode::kNotValid)) {
    return fail(fits.error(), streams);
  }
  const auto delivered = deliver((*format)->make(*runs, *options), arguments, streams);
  if (!delivered) {
    return fail(delivered.error(), streams);
  }
  return arguments.check ? worst_exit_of(*runs, arguments.strict) : 0;
}

}  // namespace pushbench::app
