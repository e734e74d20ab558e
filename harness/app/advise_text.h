// The answer of `pushbench advise` for people and for scripts (schema "pushbench.advice/1"). Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/study/verification.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::app {

// One strategy, measured beside what was predicted; a value that was not measured is absent.
struct Verified {
  std::string family;
  std::string metric;
  double predicted = 0;
  std::optional<double> measured;
  std::string unit;  // "ns", "bytes", "requests"
};

struct AdviceView {
  study::Needs needs;
  study::Advice advice;
  std::string model;       // its origin
  study::CostModel costs;  // the model itself
  study::ServerKind kind;  // whose share is told
  std::vector<Verified> verified;
  // Of a run; nothing was measured: none was asked for, or the server's process is not known.
  double run_clients = 0;  // at most, of a strategy
  double compression = 1;
  std::vector<study::Measured> measured;
  study::Agreement agreement;
};

std::string advice_text(const AdviceView& view);
std::string advice_json(const AdviceView& view);

inline constexpr std::string_view kAdviceSchema = "pushbench.advice/1";
// That a text is what advice_json() writes, with all that a page works with. `origin` names it in
// messages.
Result<void> check_advice(std::string_view text, const std::string& origin);

}  // namespace pushbench::app
