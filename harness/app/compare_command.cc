#include "harness/app/destination.h"
#include "harness/app/format_named.h"
#include "harness/app/gate_commands.h"
#include "harness/app/own_runs.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/gate/compare.h"
#include "harness/gate/policy_file.h"
#include "harness/result/result_file.h"
#include "reports/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDateLength = 10;  // of an ISO instant
// Runs that may be added to are looked at twice, and the looks share the significance, so that both
// together give no more false alarms than one (Bonferroni). Most of it is for the last, as O'Brien
// and Fleming 1979 have it: the first is to end what is clear.
constexpr double kFirstLook = 0.1;
enum class Look : std::uint8_t { kFirst, kLast };

bool runs_itself(const CompareArguments& arguments) {
  return !(arguments.base_bin.empty() && arguments.head_bin.empty() &&
           arguments.base_server.empty() && arguments.head_server.empty() &&
           arguments.base_ref.empty() && arguments.head_ref.empty());
}

Result<gate::Policy> policy_for(const CompareArguments& arguments, Look look) {
  auto policy = arguments.policy.empty() ? Result<gate::Policy>(gate::default_policy())
                                         : gate::load_policy(arguments.policy);
  if (policy && arguments.full) {
    gate::add_shown(*policy);
  }
  if (policy && runs_itself(arguments) && more_runs(arguments) > 0) {
    policy->significance *= look == Look::kFirst ? kFirstLook : 1 - kFirstLook;
  }
  return policy;
}

// A floor that was named must fit; one that merely lies beside the base is else left alone, and the
// remark says so.
struct FoundNoise {
  std::optional<gate::Noise> noise;
  std::string remark;
};

Result<FoundNoise> noise_for(const CompareArguments& arguments, const gate::Arm& base) {
  FoundNoise out;
  std::string file = arguments.noise;
  if (file.empty()) {
    const fs::path where(base.name);
    const auto beside = (fs::is_directory(where) ? where : where.parent_path()) / gate::kNoiseFile;
    std::error_code ec;
    if (!fs::exists(beside, ec)) {
      return out;
    }
    file = beside.string();
  }
  auto noise = gate::load_noise(file);
  if (!noise) {
    return noise.error();
  }
  const auto misfit = gate::noise_misfit(*noise, base.runs[0]);
  const bool forced = arguments.force || arguments.force_environment;
  if (misfit.empty() || forced) {
    out.noise = std::move(*noise);
  } else if (arguments.noise.empty()) {
    out.remark = fmt::format("{} is not applied: {}", file, misfit);
  } else {
    return usage(fmt::format(
        "{}: {}; learn it anew with 'pushbench calibrate', or give --force-env", file, misfit));
  }
  return out;
}

struct Sides {
  std::string base, head;  // files or directories
  std::string out;         // of runs of our own; else empty
  int code = 0;            // not 0: it has failed, and that was told
};

int forgiven(int code, const std::vector<int>& list) {
  return std::find(list.begin(), list.end(), code) != list.end() ? 0 : code;
}

Result<gate::Comparison> compare_files(const CompareArguments& arguments,
                                       const Sides& sides,
                                       Look look) {
  const auto policy = policy_for(arguments, look);
  if (!policy) {
    return policy.error();
  }
  const auto base = gate::load_arm(sides.base);
  if (!base) {
    return base.error();
  }
  const auto head = gate::load_arm(sides.head);
  if (!head) {
    return head.error();
  }
  const auto found = noise_for(arguments, *base);
  if (!found) {
    return found.error();
  }
  auto comparison =
      gate::compare(*base, *head, *policy, found->noise ? &*found->noise : nullptr,
                    {.force_scenario = arguments.force || arguments.force_scenario,
                     .force_environment = arguments.force || arguments.force_environment,
                     .today = utc_now_iso().substr(0, kDateLength)});
  if (comparison && !found->remark.empty()) {
    comparison->remarks.push_back(found->remark);
  }
  return comparison;
}

// All formats, beside the runs that they are of.
Result<void> keep(const gate::Comparison& comparison, const std::string& out) {
  for (const auto& format : reports::comparison_formats()) {
    const std::string_view extension = format.name == "text" ? "txt" : format.name;
    const auto written = result::write_file(fmt::format("{}/comparison.{}", out, extension),
                                            format.render(comparison));
    if (!written) {
      return written.error();
    }
  }
  return {};
}

// More runs are made where they may find a regression, not to clear what scatters too much.
Result<bool> leaves_open(const CompareArguments& arguments,
                         const std::string& out,
                         const Streams& streams) {
  const auto first = compare_files(
      arguments, {.base = out + "/base", .head = out + "/head", .out = out}, Look::kFirst);
  if (!first) {
    return first.error();
  }
  const auto likely = gate::likely_regressions(*first);
  if (likely.empty()) {
    return false;
  }
  if (!arguments.runs.quiet) {
    say(streams.err, fmt::format("likely worse and not proven: {}; {} more runs of each side\n",
                                 likely, more_runs(arguments)));
  }
  return true;
}

Sides sides_for(const CompareArguments& arguments, const Streams& streams) {
  if (!runs_itself(arguments)) {
    if (arguments.words.size() != 2) {
      return {
          .base = {},
          .head = {},
          .out = {},
          .code = fail(usage("compare: name two result files or directories, base and head; or a "
                             "scenario with --base-bin and --head-bin, --base-server and "
                             "--head-server, or --base-ref"),
                       streams)};
    }
    return {.base = arguments.words[0], .head = arguments.words[1], .out = {}};
  }
  const auto made = make_own_runs(
      arguments, [&](const std::string& out) { return leaves_open(arguments, out, streams); },
      streams);
  if (!made) {
    return {.base = {}, .head = {}, .out = {}, .code = fail(made.error(), streams)};
  }
  return {.base = made->out + "/base",
          .head = made->out + "/head",
          .out = made->out,
          .code = made->code};
}

}  // namespace

int compare_command(const CompareArguments& arguments, const Streams& streams) {
  const auto format = format_named("--format", arguments.format, reports::comparison_formats());
  if (!format) {
    return fail(format.error(), streams);
  }
  // Before runs that take minutes: the files that are named can be read.
  if (const auto policy = policy_for(arguments, Look::kLast); !policy) {
    return fail(policy.error(), streams);
  }
  const Sides sides = sides_for(arguments, streams);
  if (sides.code != 0) {
    return forgiven(sides.code, arguments.exit_zero_on);
  }
  const auto comparison = compare_files(arguments, sides, Look::kLast);
  if (!comparison) {
    return forgiven(fail(comparison.error(), streams), arguments.exit_zero_on);
  }
  auto written = write_all(streams.out, (*format)->render(*comparison), "standard output");
  if (written && !sides.out.empty()) {
    written = keep(*comparison, sides.out);
    say(streams.err,
        fmt::format("\nwritten: {0}/base, {0}/head, {0}/comparison.json\n", sides.out));
  }
  if (!written) {
    return fail(written.error(), streams);
  }
  return forgiven(static_cast<int>(comparison->code()), arguments.exit_zero_on);
}

}  // namespace pushbench::app
