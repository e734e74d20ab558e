// The nearest known word to a mistyped one, for error messages ("did you mean …").
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pushbench {

// Levenshtein distance (insert, delete, replace, each 1), O(|a|·|b|).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word`, or empty when none is within max(2, |word| / 3) edits.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

// ", did you mean 'x'?" or an empty string.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace pushbench
