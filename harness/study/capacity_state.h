// The searches of one `pushbench capacity` and all that they found: written after every trial, so
// that a search that was killed goes on from its file (schema "pushbench.capacity/1"). With two
// axes every strategy has a search along the first, and, once that knows its knee, three along the
// second with a half, a quarter and an eighth of that load: a frontier. Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/study/axis.h"
#include "harness/study/knee_search.h"
#include "harness/study/trial_judge.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::study {

inline constexpr std::string_view kCapacitySchema = "pushbench.capacity/1";
inline constexpr std::size_t kMostSearches = 512;
inline constexpr int kFrontierSteps = 3;

struct TrialRecord {
  Trial trial;
  Cause cause = Cause::kNone;
  std::string text;                          // what was crossed; empty for one that held
  double seconds = 0;                        // that it took
  std::string file;                          // its result, below the directory; empty: none
  std::optional<TrialFigures> figures = {};  // for other bounds; absent where nothing was measured
};

struct Search {
  std::string cell;
  std::string axis;
  double start = 1;
  std::string fixed_axis;  // of a frontier, else empty
  double fixed = 0;
  std::vector<TrialRecord> records;

  std::vector<Trial> trials() const;
  SearchOptions options() const;
  std::optional<Trial> next() const { return next_trial(options(), trials()); }
  Knee knee() const { return knee_of(options(), trials()); }
  // The last record that made the load above the knee fail.
  const TrialRecord* what_gave_out() const;
};

// A strategy of which no load is tried, by the closed form that speaks against it.
struct Skipped {
  std::string cell;
  std::string why;  // as a part of a sentence
};

struct CapacityState {
  std::string scenario;           // name
  std::string workload;           // hash: another workload is another question
  std::vector<std::string> slos;  // as written
  std::vector<std::string> axes;
  std::vector<Search> searches;
  std::vector<Skipped> skipped;

  // Adds the searches that follow from those that are over.
  void extend_frontier(double second_start);
  // The search whose turn it is: of those that are not over the one with the fewest trials, so that
  // what drifts on the machine meets all strategies. nullptr: all are over.
  Search* next_search();
  std::size_t trials_made() const;
};

// Judges every trial anew by other bounds; what follows from the trials follows then. A failure: a
// bound that no trial can be held against, or a file without figures.
Result<void> judge_anew(CapacityState& state, const std::vector<std::string>& slos);

std::string to_json(const CapacityState& state);
Result<CapacityState> capacity_from_json(std::string_view text, const std::string& origin);

}  // namespace pushbench::study
