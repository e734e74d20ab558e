#include "harness/study/knee_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace pushbench::study {
namespace {

enum class Belief : std::uint8_t { kUnknown, kHolds, kFails };

struct Votes {
  int held = 0, crossed = 0, generator = 0;
  bool impossible = false;
  int against() const { return crossed + generator; }

  Belief belief() const {
    if (impossible) {
      return Belief::kFails;
    }
    const bool enough = crossed >= kCrossings || against() >= kBlamings;
    if (enough && against() > held) {
      return Belief::kFails;
    }
    if (held >= 1 && (against() == 0 || (held >= 2 && held > against()))) {
      return Belief::kHolds;
    }
    return Belief::kUnknown;
  }
  bool confirmed() const { return held >= kConfirmations && held > against(); }
};

// What trials from above found is of another kind and has no vote.
bool votes(const Trial& trial) {
  return trial.purpose != Purpose::kOverload && trial.purpose != Purpose::kFromAbove;
}

using Tally = std::map<double, Votes>;

Tally tally_of(const std::vector<Trial>& trials) {
  Tally out;
  for (const auto& trial : trials) {
    if (!votes(trial)) {
      continue;
    }
    Votes& at = out[trial.load];
    at.held += trial.outcome == Outcome::kHeld ? 1 : 0;
    at.crossed += trial.outcome == Outcome::kCrossed ? 1 : 0;
    at.generator += trial.outcome == Outcome::kGenerator ? 1 : 0;
    at.impossible |= trial.outcome == Outcome::kImpossible;
  }
  return out;
}

// The smallest load that fails, and the largest below it that holds: a load that held above one
// that fails was luck.
struct Bounds {
  std::optional<double> low, high;
};

Bounds bounds_of(const Tally& tally) {
  Bounds out;
  for (const auto& [load, at] : tally) {
    if (at.belief() == Belief::kFails) {
      out.high = load;
      break;
    }
    if (at.belief() == Belief::kHolds) {
      out.low = load;
    }
  }
  return out;
}

double rounded(const SearchOptions& options, double load) {
  const double bounded = std::clamp(load, options.least, options.most);
  return options.whole ? std::max(1.0, std::round(bounded)) : bounded;
}

// Between the bounds in ratio, or nothing when they are near enough.
std::optional<double> middle_of(const SearchOptions& options, double low, double high) {
  if (high / low <= 1 + options.resolution) {
    return std::nullopt;
  }
  const double middle = rounded(options, std::sqrt(low * high));
  return middle > low && middle < high ? std::optional(middle) : std::nullopt;
}

// A load that failed once and has to be asked again.
std::optional<double> undecided(const Tally& tally) {
  for (const auto& [load, at] : tally) {
    if (at.belief() == Belief::kUnknown) {
      return load;
    }
  }
  return std::nullopt;
}

std::optional<Trial> widen(const SearchOptions& options, const Bounds& bounds) {
  if (bounds.low && !bounds.high) {
    const double next = rounded(options, *bounds.low * 2);
    return next > *bounds.low ? std::optional(Trial{next, Purpose::kDoubling}) : std::nullopt;
  }
  if (bounds.high && !bounds.low) {
    const double next = rounded(options, *bounds.high / 2);
    return next < *bounds.high ? std::optional(Trial{next, Purpose::kDoubling}) : std::nullopt;
  }
  return std::nullopt;
}

// How often it was overloaded and asked again, and how often it then held.
struct FromAbove {
  int overloads = 0, asked = 0, held = 0;
};

FromAbove from_above(const std::vector<Trial>& trials, double low) {
  FromAbove out;
  for (const auto& trial : trials) {
    out.overloads += trial.purpose == Purpose::kOverload ? 1 : 0;
    if (trial.purpose == Purpose::kFromAbove && trial.load == low) {
      ++out.asked;
      out.held += trial.outcome == Outcome::kHeld ? 1 : 0;
    }
  }
  return out;
}

// Once when it holds, else once more.
std::optional<Trial> check_from_above(const SearchOptions& options,
                                      const std::vector<Trial>& trials,
                                      double low,
                                      double high) {
  const FromAbove seen = from_above(trials, low);
  if (seen.held > 0 || seen.asked >= 2) {
    return std::nullopt;
  }
  if (trials.back().purpose == Purpose::kOverload) {
    return Trial{low, Purpose::kFromAbove};
  }
  return Trial{rounded(options, high * kOverload), Purpose::kOverload};
}

}  // namespace

std::string_view outcome_name(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"held", "crossed", "generator", "impossible"};
  return kNames.at(static_cast<std::size_t>(outcome));
}

std::string_view purpose_name(Purpose purpose) noexcept {
  constexpr std::array<std::string_view, 5> kNames{"doubling", "bisection", "repeat", "overload",
                                                   "from-above"};
  return kNames.at(static_cast<std::size_t>(purpose));
}

std::optional<Trial> next_trial(const SearchOptions& options, const std::vector<Trial>& trials) {
  if (trials.size() >= kMostTrials) {
    return std::nullopt;
  }
  if (trials.empty()) {
    return Trial{rounded(options, options.start), Purpose::kDoubling};
  }
  const Tally tally = tally_of(trials);
  if (const auto load = undecided(tally)) {
    return Trial{*load, Purpose::kRepeat};
  }
  const Bounds bounds = bounds_of(tally);
  if (!bounds.low || !bounds.high) {
    if (auto wider = widen(options, bounds)) {
      return wider;
    }
  } else if (const auto middle = middle_of(options, *bounds.low, *bounds.high)) {
    return Trial{*middle, Purpose::kBisection};
  }
  if (!bounds.low) {
    return std::nullopt;
  }
  if (!tally.at(*bounds.low).confirmed()) {
    return Trial{*bounds.low, Purpose::kRepeat};
  }
  const bool server =
      bounds.high && !tally.at(*bounds.high).impossible && tally.at(*bounds.high).crossed > 0;
  return server ? check_from_above(options, trials, *bounds.low, *bounds.high) : std::nullopt;
}

Knee knee_of(const SearchOptions& options, const std::vector<Trial>& trials) {
  const Tally tally = tally_of(trials);
  const Bounds bounds = bounds_of(tally);
  Knee out;
  out.held = bounds.low;
  out.failed = bounds.high;
  if (bounds.high) {
    const Votes& at = tally.at(*bounds.high);
    out.impossible = at.impossible;
    out.by_generator = !at.impossible && at.crossed < kCrossings;
  }
  if (bounds.low) {
    out.confirmed = tally.at(*bounds.low).confirmed();
    out.resolved = bounds.high ? !middle_of(options, *bounds.low, *bounds.high).has_value()
                               : *bounds.low >= options.most;
    const FromAbove seen = from_above(trials, *bounds.low);
    if (seen.asked > 0) {
      out.stays_down = seen.held == 0;
    }
  }
  return out;
}

}  // namespace pushbench::study
