#include "harness/app/sweep_command.h"

#include "harness/app/destination.h"
#include "harness/app/run_setup.h"
#include "harness/app/study_report.h"
#include "harness/app/sweep_text.h"
#include "harness/app/trial_runner.h"
#include "harness/base/descriptors.h"
#include "harness/base/text.h"
#include "harness/plan/payload_file.h"
#include "harness/result/json_io.h"
#include "harness/result/thresholds.h"
#include "harness/study/sweep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <system_error>

#include <algorithm>
#include <filesystem>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;
using study::Point;
using study::Sweep;

constexpr std::size_t kMaxIndexBytes = std::size_t{64} * 1024 * 1024;

// Every point is read once before anything runs, so that a mistake in the last is told first.
Result<Sweep> read_sweep(const SweepArguments& arguments) {
  Sweep sweep;
  for (const auto& text : arguments.vary) {
    auto varied = study::parse_varied(text);
    if (!varied) {
      return varied.error();
    }
    for (const auto& other : sweep.varied) {
      if (other.key == varied->key) {
        return usage(fmt::format("--vary: {} comes twice", varied->key));
      }
    }
    sweep.varied.push_back(std::move(*varied));
  }
  if (sweep.varied.empty()) {
    return usage("sweep: say what to vary, such as --vary events.rate=10/s,100/s");
  }
  const auto base = load_named_scenario(arguments.scenario, arguments.run.overrides);
  if (!base) {
    return base.error();
  }
  sweep.scenario = base->name;
  sweep.workload = base->hash();
  auto points = study::points_of(sweep.varied);
  if (!points) {
    return points.error();
  }
  sweep.points = std::move(*points);
  for (const auto& point : sweep.points) {
    const auto scenario = load_named_scenario(
        arguments.scenario, study::overrides_of(sweep.varied, point, arguments.run.overrides));
    if (!scenario) {
      return scenario.error();
    }
  }
  return sweep;
}

bool same_question(const Sweep& a, const Sweep& b) {
  const auto same = [](const study::Varied& x, const study::Varied& y) {
    return x.key == y.key && x.values == y.values;
  };
  return a.workload == b.workload && a.points.size() == b.points.size() &&
         std::equal(a.varied.begin(), a.varied.end(), b.varied.begin(), b.varied.end(), same);
}

// The directory; what it holds of the same sweep is taken over.
Result<std::string> open_sweep(Sweep& sweep, const SweepArguments& arguments) {
  const std::string file = arguments.out + "/sweep.json";
  std::error_code ec;
  if (arguments.out.empty() || !fs::exists(file, ec)) {
    return make_run_directory(arguments.out, sweep.scenario + "-sweep", false);
  }
  const auto text = plan::read_small_file(file, kMaxIndexBytes);
  auto found = text ? study::sweep_from_json(*text, printable(file)) : Result<Sweep>(text.error());
  if (!found) {
    return found.error();
  }
  if (!same_question(sweep, *found)) {
    return usage(fmt::format("--out: {} holds another sweep; choose another directory",
                             printable(arguments.out)));
  }
  sweep = std::move(*found);
  return arguments.out;
}

// 0, or the signal that ended it.
Result<int> run_sweep_point(Sweep& sweep,
                            std::size_t number,
                            const SweepArguments& arguments,
                            const std::string& directory) {
  Point& point = sweep.points[number];
  const auto scenario = load_named_scenario(
      arguments.scenario, study::overrides_of(sweep.varied, point, arguments.run.overrides));
  if (!scenario) {
    return scenario.error();
  }
  if (const auto fits = can_make(*scenario, arguments.run); !fits) {
    point.status = Point::Status::kImpossible;
    point.text = fits.error().text;
    return 0;
  }
  auto trial = run_trial(*scenario, arguments.run, directory + "/server.log");
  if (!trial || trial->signal != 0) {
    return trial ? Result<int>(trial->signal) : Result<int>(trial.error());
  }
  study::take_result(point, trial->run);
  point.file = fmt::format("points/{:04}.json", number + 1);
  const auto written =
      result::write_file(directory + "/" + point.file, result::to_json(trial->run));
  return written ? Result<int>(0) : Result<int>(written.error());
}

Result<int> run_sweep(Sweep& sweep,
                      const SweepArguments& arguments,
                      const std::string& directory,
                      const Streams& streams) {
  CellLines lines(streams.err, arguments.run.quiet);
  std::size_t done = 0;
  const std::size_t todo = sweep.points.size() - sweep.done();
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    if (sweep.points[i].status != Point::Status::kPending) {
      continue;
    }
    lines.begin(done++, todo,
                printable(fmt::format("{}", fmt::join(sweep.points[i].values, ", "))));
    auto ended = run_sweep_point(sweep, i, arguments, directory);
    if (!ended || *ended != 0) {
      lines.end("ended");
      return ended;
    }
    lines.end(sweep.points[i].verdict.empty() ? "impossible" : sweep.points[i].verdict);
    const auto saved = result::write_file(directory + "/sweep.json", study::to_json(sweep));
    if (!saved) {
      return saved.error();
    }
  }
  return 0;
}

std::string shown_sweep(const Sweep& sweep,
                        const std::vector<const result::Metric*>& metrics,
                        const std::string& format) {
  if (format == "text") {
    return sweep_text(sweep, metrics);
  }
  const std::string json = study::to_json(sweep);
  return format == "html" ? study_page("sweep", json) : json;
}

int sweep_code(const Sweep& sweep) {
  const bool any_invalid = std::any_of(
      sweep.points.begin(), sweep.points.end(),
      [](const Point& p) { return p.status != Point::Status::kDone || p.verdict == "invalid"; });
  return any_invalid ? static_cast<int>(ExitCode::kNotValid) : 0;
}

}  // namespace

Result<std::vector<const result::Metric*>> sweep_metrics(const std::vector<std::string>& names) {
  std::vector<const result::Metric*> out;
  const std::vector<std::string> usual{"latency_p99_ns", "ip_bytes_per_delivery",
                                       "server_cpu_ns_per_delivery"};
  for (const auto& name : names.empty() ? usual : names) {
    const auto* metric = result::find_threshold_metric(name);
    if (metric == nullptr || metric->better == result::Better::kNeither) {
      return usage(
          fmt::format("--by: '{}' is no metric of which less or more is better "
                      "(reports/README.md lists them)",
                      printable(name)));
    }
    out.push_back(metric);
  }
  return out;
}

int sweep_command(const SweepArguments& arguments, const Streams& streams) {
  const auto metrics = sweep_metrics(arguments.by);
  if (!metrics) {
    return fail(metrics.error(), streams);
  }
  auto sweep = read_sweep(arguments);
  if (!sweep) {
    return fail(sweep.error(), streams);
  }
  const auto directory = open_sweep(*sweep, arguments);
  if (!directory) {
    return fail(directory.error(), streams);
  }
  std::error_code ec;
  fs::create_directories(*directory + "/points", ec);
  raise_descriptor_limit();
  const auto ended = run_sweep(*sweep, arguments, *directory, streams);
  const auto shown =
      write_all(streams.out, shown_sweep(*sweep, *metrics, arguments.format), "standard output");
  say(streams.err, fmt::format("written: {0}/sweep.json; the same command with --out {0} goes on "
                               "where it ended\n",
                               *directory));
  if (!ended) {
    return fail(ended.error(), streams);
  }
  if (!shown) {
    return fail(shown.error(), streams);
  }
  return *ended != 0 ? kSignalExit + *ended : sweep_code(*sweep);
}

}  // namespace pushbench::app
