// A row of a table of formats, by the name that the user gave.
#pragma once

#include "harness/base/error.h"
#include "harness/base/nearest.h"
#include "harness/base/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <vector>

namespace pushbench::app {

// `rows` have a `name` each and outlive what is returned. A failure names `option`, the nearest
// name and all of them.
template <class Rows>
auto format_named(std::string_view option, const std::string& name, const Rows& rows)
    -> Result<decltype(&rows[0])> {
  std::vector<std::string_view> names;
  for (const auto& row : rows) {
    if (row.name == name) {
      return &row;
    }
    names.push_back(row.name);
  }
  return usage(fmt::format("{}: unknown format '{}'{} (formats: {})", option, printable(name),
                           did_you_mean(name, names), fmt::join(names, ", ")));
}

}  // namespace pushbench::app
