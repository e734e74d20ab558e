// Values that a result spells as words, by a table of both.
#pragma once

#include "harness/base/check.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/result/json_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace pushbench::result {

template <class T>
struct Name {
  T value;
  std::string_view name;
};

// REQUIRES: in the table.
template <class T, std::size_t N>
std::string_view name_of(T value, const std::array<Name<T>, N>& names) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [value](const auto& row) { return row.value == value; });
  PUSHBENCH_CHECK(found != names.end());
  return found->name;
}

// A word that is not in the table fails the reading, with the nearest one.
template <class T, std::size_t N>
T value_of(const JsonView& json, const std::array<Name<T>, N>& names) {
  const std::string text = json.text();
  std::array<std::string_view, N> known;
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i].name == text) {
      return names[i].value;
    }
    known[i] = names[i].name;
  }
  json.fail("is '" + printable(text) + "', which this program does not know" +
            did_you_mean(text, known));
  return names[0].value;
}

}  // namespace pushbench::result
