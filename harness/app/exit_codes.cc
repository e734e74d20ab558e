#include "harness/app/exit_codes.h"

#include "harness/app/commands.h"
#include "harness/base/error.h"

#include <algorithm>
#include <array>

namespace pushbench::app {

int exit_of(const result::RunResult& run, bool strict) {
  const auto any = [&run](auto holds) {
    return std::any_of(run.thresholds.begin(), run.thresholds.end(), holds);
  };
  if (run.verdict == result::Verdict::kInvalid ||
      (strict && run.verdict == result::Verdict::kSuspect) ||
      any([](const auto& threshold) { return !threshold.actual; })) {
    return static_cast<int>(ExitCode::kNotValid);
  }
  return any([](const auto& threshold) { return threshold.crossed; })
             ? static_cast<int>(ExitCode::kThreshold)
             : 0;
}

int worst_of(int a, int b) {
  const auto rank = [](int code) {
    constexpr std::array<int, 7> kOrder{1, 2, 3, 99, 4, 5, 0};
    return code > kSignalExit
               ? -1
               : static_cast<int>(std::find(kOrder.begin(), kOrder.end(), code) - kOrder.begin());
  };
  return rank(a) <= rank(b) ? a : b;
}

int worst_exit_of(const std::vector<result::RunResult>& runs, bool strict) {
  int code = 0;
  for (const auto& run : runs) {
    code = worst_of(code, exit_of(run, strict));
  }
  return code;
}

}  // namespace pushbench::app
