// What `pushbench compare` prints of a comparison: for a terminal, for a pull request, and as JSON
// (schema "pushbench.comparison/1": the rows as they are, ratios as head / base). Pure.
#pragma once

#include "harness/gate/comparison.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::reports {

inline constexpr std::string_view kComparisonSchema = "pushbench.comparison/1";
inline constexpr std::size_t kComparisonWidth = 80;

using RenderComparison = std::string (*)(const gate::Comparison&);

struct ComparisonFormat {
  std::string_view name;
  RenderComparison render;
};
std::span<const ComparisonFormat> comparison_formats() noexcept;

std::string comparison_text(const gate::Comparison& comparison);
std::string comparison_markdown(const gate::Comparison& comparison);
std::string comparison_json(const gate::Comparison& comparison);

}  // namespace pushbench::reports
