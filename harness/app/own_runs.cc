#include "harness/app/own_runs.h"

#include "harness/app/child_process.h"
#include "harness/app/destination.h"
#include "harness/app/ref_build.h"
#include "harness/base/text.h"
#include "harness/gate/timing_tier.h"
#include "harness/plan/scenario.h"

#include <fmt/format.h>

#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSelf = "/proc/self/exe";
constexpr Nanos kHelpBound{std::chrono::seconds(10)};

// Which program makes the runs of a side, and the server that it starts when that is not its own.
struct SideSpec {
  std::string name;
  std::string program = kSelf;
  std::string server_command = {};
};

Result<std::array<SideSpec, 2>> two_programs(const CompareArguments& arguments) {
  std::array<SideSpec, 2> sides{SideSpec{.name = "base"}, SideSpec{.name = "head"}};
  const bool programs = !arguments.base_bin.empty() || !arguments.head_bin.empty();
  const bool servers = !arguments.base_server.empty() || !arguments.head_server.empty();
  if (programs && servers) {
    return usage(
        "--base-bin and --head-bin compare whole programs, --base-server and --head-server "
        "servers under one program: give two of a kind");
  }
  const auto& base = programs ? arguments.base_bin : arguments.base_server;
  const auto& head = programs ? arguments.head_bin : arguments.head_server;
  if (base.empty() || head.empty()) {
    const auto kind = programs ? "bin" : "server";
    return usage(
        fmt::format("--{}-{}: expected --{}-{} beside it; to compare a thing with itself, "
                    "name it twice",
                    base.empty() ? "head" : "base", kind, base.empty() ? "base" : "head", kind));
  }
  if (!programs) {
    sides[0].server_command = base;
    sides[1].server_command = head;
    return sides;
  }
  sides[0].program = base;
  sides[1].program = head;
  for (const auto& side : sides) {
    if (access(side.program.c_str(), X_OK) != 0 || fs::is_directory(side.program)) {
      return usage(fmt::format("--{}-bin: {} is no program that can be run; build it first",
                               side.name, printable(side.program)));
    }
  }
  return sides;
}

// An older program may not know an option; then neither side is given it.
bool knows(const SideSpec& side, std::string_view option, const std::string& out) {
  const std::string log = out + "/help.log";
  std::error_code ec;
  const auto end = run_child({side.program, "run", "--help"}, log, kHelpBound);
  std::ifstream file(log);
  const std::string help{std::istreambuf_iterator<char>(file), {}};
  fs::remove(log, ec);
  return end && end->code == 0 && help.find(option) != std::string::npos;
}

// Results of another comparison would be counted as runs of this one.
Result<std::string> fresh_directory(const OwnRuns& runs,
                                    const std::string& name,
                                    const std::array<SideSpec, 2>& sides) {
  auto out = make_run_directory(runs.out, name, false);
  if (!out) {
    return out;
  }
  for (const auto& side : sides) {
    const auto folder = *out + "/" + side.name;
    std::error_code ec;
    if (fs::exists(folder, ec) && !fs::is_empty(folder, ec)) {
      return usage(fmt::format("--out: {} holds runs already; name another directory", folder));
    }
  }
  return out;
}

struct MoreRuns {
  std::uint32_t repeats = 0;
  WantsMore wanted;
};

Result<MadeRuns> make_runs(const std::string& scenario_name,
                           const OwnRuns& runs,
                           const std::array<SideSpec, 2>& sides,
                           const std::string& purpose,
                           const MoreRuns& more,
                           const Streams& streams) {
  const auto path = find_scenario(scenario_name);
  if (!path) {
    return path.error();
  }
  const auto scenario = plan::load_scenario(*path, runs.overrides);
  if (!scenario) {
    return scenario.error();
  }
  const auto out = fresh_directory(runs, fmt::format("{}-{}", purpose, scenario->name), sides);
  if (!out) {
    return out.error();
  }
  Interleaved plan{.sides = {},
                   .repeats = runs.repeats,
                   .more = more.repeats,
                   .wants_more = [&] { return more.wanted(*out); },
                   .out = *out,
                   .quiet = runs.quiet};
  for (const auto& cell : scenario->strategies) {
    plan.planned += scenario->cell_time(cell);
  }
  const bool floor = knows(sides[0], "--floor", *out) && knows(sides[1], "--floor", *out);
  for (std::size_t i = 0; i < sides.size(); ++i) {
    auto& words = plan.sides.at(i).words;
    plan.sides.at(i).name = sides.at(i).name;
    words = {sides.at(i).program, "run", *path, "--repeats", "1", "--quiet"};
    if (floor) {
      words.insert(words.end(), {"--floor", "off"});
    }
    if (!sides.at(i).server_command.empty()) {
      words.insert(words.end(), {"--server-command", sides.at(i).server_command});
    }
    const auto overrides = words_of(runs.overrides);
    words.insert(words.end(), overrides.begin(), overrides.end());
  }
  return MadeRuns{.out = *out, .code = run_interleaved(plan, streams)};
}

Result<MadeRuns> make_ref_runs(const CompareArguments& arguments,
                               const MoreRuns& more,
                               const Streams& streams) {
  const bool others = !(arguments.base_bin.empty() && arguments.head_bin.empty() &&
                        arguments.base_server.empty() && arguments.head_server.empty());
  if (others) {
    return usage(
        "--base-ref and --head-ref build both sides themselves: leave programs and servers "
        "away");
  }
  if (arguments.base_ref.empty()) {
    return usage("--head-ref: expected --base-ref beside it");
  }
  // Before builds that take minutes.
  if (const auto path = find_scenario(arguments.words[0]); !path) {
    return path.error();
  }
  const auto base = RefBuild::build(arguments.base_ref, "--base-ref", streams);
  if (!base) {
    return base.error();
  }
  const auto head = RefBuild::build(arguments.head_ref.empty() ? "HEAD" : arguments.head_ref,
                                    "--head-ref", streams);
  if (!head) {
    return head.error();
  }
  return make_runs(arguments.words[0], arguments.runs,
                   {SideSpec{.name = "base", .program = base->program()},
                    SideSpec{.name = "head", .program = head->program()}},
                   "compare", more, streams);
}

}  // namespace

std::uint32_t more_runs(const CompareArguments& arguments) {
  const auto repeats = arguments.runs.repeats;
  return arguments.more.value_or(repeats < gate::kLeastRuns ? 0 : repeats);
}

Result<MadeRuns> make_own_runs(const CompareArguments& arguments,
                               const WantsMore& wants_more,
                               const Streams& streams) {
  if (arguments.words.size() != 1) {
    return usage(
        "compare: name one scenario to run for both sides (pushbench scenarios lists the "
        "shipped ones)");
  }
  const MoreRuns more{.repeats = more_runs(arguments), .wanted = wants_more};
  if (!arguments.base_ref.empty() || !arguments.head_ref.empty()) {
    return make_ref_runs(arguments, more, streams);
  }
  const auto sides = two_programs(arguments);
  if (!sides) {
    return sides.error();
  }
  return make_runs(arguments.words[0], arguments.runs, *sides, "compare", more, streams);
}

Result<MadeRuns> make_alike_runs(const std::string& scenario,
                                 const OwnRuns& runs,
                                 const Streams& streams) {
  return make_runs(scenario, runs, {SideSpec{.name = "a"}, SideSpec{.name = "b"}}, "calibrate", {},
                   streams);
}

}  // namespace pushbench::app
