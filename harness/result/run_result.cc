#include "harness/result/run_result.h"

namespace pushbench::result {

std::string_view verdict_name(Verdict verdict) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"valid", "suspect", "invalid"};
  return kNames.at(static_cast<std::size_t>(verdict));
}

std::string_view severity_name(Verdict severity) noexcept {
  return severity == Verdict::kValid ? "note" : verdict_name(severity);
}

std::string CellResult::label() const {
  return repeat == 0 ? name : name + "#" + std::to_string(repeat + 1);
}

}  // namespace pushbench::result
