// Where a server gives out: the largest load that it holds, found by doubling, bisection, repeats
// at the knee, and once more from above. A pure function of what was found so far: the next load to
// try follows from the list of trials, so that a search that was killed goes on from its file, and
// tests can put any noise behind it.
//
// One crossed bound may be chance: a load is taken to fail when the server failed it twice and it
// failed more often than it held, and to hold when it held and never failed, or more often in
// three. That the generator gave out is often a passing thing, such as what the host of a virtual
// machine takes: it is believed only once a load has failed four times, whoever gave out. Doubling
// goes up while loads hold (down while they do not); bisection halves the ratio of the two bounds
// until it is within the resolution; the lower bound must then hold three times. If it does not,
// the search goes on below it. In the end the server is overloaded on purpose and must hold the
// lower bound right behind that, or it is said to stay down (hysteresis). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace pushbench::study {

enum class Outcome : std::uint8_t {
  kHeld,
  kCrossed,     // a bound was crossed, and it was the server
  kGenerator,   // the load generator gave out, or could not make this load
  kImpossible,  // the load cannot be tried here at all: it is not tried again
};
std::string_view outcome_name(Outcome outcome) noexcept;

enum class Purpose : std::uint8_t { kDoubling, kBisection, kRepeat, kOverload, kFromAbove };
std::string_view purpose_name(Purpose purpose) noexcept;

struct Trial {
  double load = 0;
  Purpose purpose = Purpose::kDoubling;
  Outcome outcome = Outcome::kHeld;  // once it was made
};

struct SearchOptions {
  double start = 100;
  double least = 1, most = 1e9;
  double resolution = 0.05;  // of the ratio of the bounds, less 1
  bool whole = true;         // loads are whole numbers
};

inline constexpr std::size_t kMostTrials = 80;
inline constexpr int kConfirmations = 3;
inline constexpr int kCrossings = 2;       // of a load, by the server
inline constexpr int kBlamings = 4;        // likewise, whoever gave out
inline constexpr double kOverload = 1.25;  // of the upper bound

// The next trial, without its outcome; nullopt: the search is over.
std::optional<Trial> next_trial(const SearchOptions& options, const std::vector<Trial>& trials);

// What is known from the trials so far, of a search that is over or was cut short.
struct Knee {
  std::optional<double> held;      // the largest load that holds; nullopt: none did
  std::optional<double> failed;    // the smallest above it that does not; nullopt: none was found
  bool by_generator = false;       // … because the generator gave out: "at least `held`"
  bool impossible = false;         // … because it could not be tried here: likewise
  bool confirmed = false;          // the lower bound held three times
  bool resolved = false;           // the bounds are as near as was asked for
  std::optional<bool> stays_down;  // after overload; nullopt: not tried
  bool at_least() const { return !failed || by_generator || impossible; }
};
Knee knee_of(const SearchOptions& options, const std::vector<Trial>& trials);

}  // namespace pushbench::study
