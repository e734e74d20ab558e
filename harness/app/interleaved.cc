#include "harness/app/interleaved.h"

#include "harness/app/child_process.h"
#include "harness/base/text.h"
#include "harness/gate/facts.h"

#include <fmt/format.h>

#include <system_error>

#include <array>
#include <filesystem>
#include <optional>

namespace pushbench::app {
namespace {

// Start, floor, probe and stop of a run, beyond the phases; generous, since it ends what hangs.
constexpr Nanos kRunGrace{std::chrono::seconds(120)};

struct OverrideWord {
  const char* flag;
  std::optional<std::string> plan::Overrides::*value;
};
constexpr std::array<OverrideWord, 9> kOverrideWords{{{"--clients", &plan::Overrides::clients},
                                                      {"--topics", &plan::Overrides::topics},
                                                      {"--rate", &plan::Overrides::rate},
                                                      {"--payload", &plan::Overrides::payload},
                                                      {"--measure", &plan::Overrides::measure},
                                                      {"--warmup", &plan::Overrides::warmup},
                                                      {"--ramp", &plan::Overrides::ramp},
                                                      {"--rtt", &plan::Overrides::rtt},
                                                      {"--seed", &plan::Overrides::seed}}};

class Sequence {
 public:
  Sequence(const Interleaved& plan, const Streams& streams) : plan_(plan), streams_(streams) {}

  int all() {
    if (const int code = some(0, plan_.repeats); code != 0 || plan_.more == 0) {
      return code;
    }
    const auto wants = plan_.wants_more();
    if (!wants) {
      return fail(wants.error(), streams_);
    }
    return *wants ? some(plan_.repeats, plan_.more) : 0;
  }

 private:
  // `repeats` of each side, after `before`.
  int some(std::uint32_t before, std::uint32_t repeats) {
    const std::uint32_t runs = 2 * (before + repeats);
    for (std::uint32_t i = 2 * before; i < runs; ++i) {
      tell(i, runs);
      if (const int code = one(side_of_run(i)); code != 0) {
        return code;
      }
    }
    return 0;
  }

  void tell(std::uint32_t i, std::uint32_t runs) {
    if (plan_.quiet) {
      return;
    }
    // Runs cost more than their phases; what was seen is the better estimate.
    const Nanos each = i == 0 ? plan_.planned : (steady_now() - began_) / i;
    say(streams_.err,
        fmt::format("run {} of {} ({}), about {} left\n", i + 1, runs,
                    plan_.sides.at(side_of_run(i)).name, human_duration(each * (runs - i))));
  }

  int one(std::size_t which) {
    const RunSide& side = plan_.sides.at(which);
    const std::string directory =
        fmt::format("{}/{}/{:03}", plan_.out, side.name, ++made_.at(which));
    auto command = side.words;
    command.emplace_back("--out");
    command.push_back(directory);
    const std::string log = plan_.out + "/" + side.name + ".log";
    const auto end = run_child(command, log, 3 * plan_.planned + kRunGrace);
    if (!end) {
      return fail(end.error(), streams_);
    }
    if (end->interrupted != 0) {
      return kSignalExit + end->interrupted;
    }
    return judge(*end, which, directory, log);
  }

  // A threshold of the scenario that is crossed (99) is not what is compared.
  int judge(const ChildEnd& end,
            std::size_t which,
            const std::string& directory,
            const std::string& log) {
    const auto& name = plan_.sides.at(which).name;
    if (end.too_long) {
      return fail(could_not_run(fmt::format("a run of the {} took too long and was ended; see {}",
                                            name, log)),
                  streams_);
    }
    if (end.code == 0 || end.code == static_cast<int>(ExitCode::kThreshold)) {
      return 0;
    }
    if (end.code == static_cast<int>(ExitCode::kNotValid)) {
      return can_be_compared(directory) ? 0 : again(which, directory, log);
    }
    const auto code =
        end.code == static_cast<int>(ExitCode::kUsage) ? ExitCode::kUsage : ExitCode::kCouldNotRun;
    return fail(Failure(fmt::format("a run of the {} ended with code {}: {} (see {})", name,
                                    end.code, last_line_of(log), log),
                        code),
                streams_);
  }

  // A threshold that could not be judged ends a run as an invalid one does; and what the audit
  // counts is the comparison's to judge.
  static bool can_be_compared(const std::string& directory) {
    const auto arm = gate::load_arm(directory);
    return arm && !arm->runs[0].invalid;
  }

  // Its result is kept under a name for which no comparison looks.
  int again(std::size_t which, const std::string& directory, const std::string& log) {
    const auto& name = plan_.sides.at(which).name;
    if (++again_ > kMostAgain) {
      return fail(Failure(fmt::format("more than {} runs were not valid, the last one of the {}; "
                                      "see {} for the reasons",
                                      kMostAgain, name, log),
                          ExitCode::kNotValid),
                  streams_);
    }
    const auto aside = fmt::format("{}/not-valid/{}-{:03}", plan_.out, name, again_);
    std::error_code ec;
    std::filesystem::create_directories(aside, ec);
    std::filesystem::rename(directory, aside, ec);
    std::error_code none;  // a run that could not be measured at all has written no result
    std::filesystem::rename(aside + "/result.json", aside + "/not-valid.json", none);
    if (ec) {
      return fail(
          could_not_run(fmt::format("cannot move {} to {}: {}", directory, aside, ec.message())),
          streams_);
    }
    say(streams_.err, fmt::format("a run of the {} was not valid and is made again; it is kept in "
                                  "{}\n",
                                  name, aside));
    return one(which);
  }

  const Interleaved& plan_;
  const Streams& streams_;
  const TimePoint began_ = steady_now();
  std::array<std::uint32_t, 2> made_{};
  std::uint32_t again_ = 0;
};

}  // namespace

std::size_t side_of_run(std::uint32_t i) {
  const bool swapped = (i / 2) % 2 == 1;
  return (i % 2 == 1) != swapped ? 1 : 0;
}

int run_interleaved(const Interleaved& plan, const Streams& streams) {
  std::error_code ec;
  for (const auto& side : plan.sides) {
    std::filesystem::create_directories(plan.out + "/" + side.name, ec);
  }
  if (ec) {
    return fail(could_not_run(fmt::format("cannot create {}: {}", plan.out, ec.message())),
                streams);
  }
  return Sequence(plan, streams).all();
}

std::vector<std::string> words_of(const plan::Overrides& overrides) {
  std::vector<std::string> words;
  for (const auto& [flag, value] : kOverrideWords) {
    if (const auto& given = overrides.*value) {
      words.emplace_back(flag);
      words.push_back(*given);
    }
  }
  for (const auto& strategy : overrides.strategies) {
    words.emplace_back("--strategy");
    words.push_back(strategy);
  }
  return words;
}

}  // namespace pushbench::app
