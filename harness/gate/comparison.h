// What a comparison of two sides found: plain data, enough for every rendering and for the exit
// code. A ratio is head / base. "Worse" is more of what less is better of, and the other way round.
#pragma once

#include "harness/base/error.h"
#include "harness/result/metrics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::gate {

// In the order of their weight. The first three need no statistics and no quiet machine.
enum class Tier : std::uint8_t {
  kExact,   // bytes and requests of known exchanges: any change
  kAudit,   // lost, duplicate, failed …: any that the base has none of
  kModel,   // what closed forms explain of the base and not of the head
  kTiming,  // everything that scatters: interval, rank test and least effect
};
std::string_view tier_name(Tier tier) noexcept;

enum class Found : std::uint8_t { kSame, kBetter, kWorse, kUndecided };

struct Row {
  Tier tier = Tier::kTiming;
  std::string cell;
  std::string metric;                     // its name; "exact.head_down_bytes", "audit.lost"
  const result::Metric* shown = nullptr;  // for its title and unit; null: a plain count
  Found found = Found::kSame;
  bool gates = true;
  std::optional<double> base, head;  // timing: medians of the runs
  std::uint32_t base_runs = 0, head_runs = 0;
  std::optional<double> ratio, low, high;    // timing: Hodges-Lehmann, and its interval
  std::optional<double> p, adjusted_p;       // timing: rank test, and after Holm
  double least_effect = 0;                   // that is held against it, the noise floor included
  bool effect_is_noise = false;              // the noise floor is the larger part of it
  std::optional<std::uint32_t> runs_needed;  // of each side, to decide; absent: no number would
  bool open = false;                         // undecided, and a regression cannot be ruled out
  std::string note;                          // why it is undecided, or what else to know
  std::string accepted;                      // the reason, when the policy accepts it

  bool regression() const { return gates && found == Found::kWorse && accepted.empty(); }
};

// "slower", "faster" for what is timed, "more", "less" for the rest, "changed" in the exact tier,
// "same", "inconclusive".
std::string_view found_name(const Row& row) noexcept;

struct Side {
  std::string name;
  std::uint32_t runs = 0;  // files
  std::string tool;        // "0.1.0 (abc123)", several joined
  std::string server;
};

struct Comparison {
  Side base, head;
  std::string scenario;
  std::string policy, noise;  // where they come from; no noise file: empty
  double significance = 0, confidence = 0;
  std::vector<Row> rows;  // by tier, cell, and place in the policy
  std::vector<std::string> remarks;

  std::size_t regressions() const;
  std::size_t undecided() const;  // gated rows that are open
  // 4 with a regression, 5 when none was found and one cannot be ruled out, else 0.
  ExitCode code() const;
};

// Names of gated rows that are open and whose estimate is worse by at least the least effect: runs
// that are added may prove them. Empty: none, or a regression is proven already.
std::string likely_regressions(const Comparison& comparison);

// "2 regressions: …", the answer in one sentence.
std::string answer_of(const Comparison& comparison);

}  // namespace pushbench::gate
