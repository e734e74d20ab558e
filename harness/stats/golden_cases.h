// The committed cases of testdata/golden.json, whose source make_golden.py names.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::stats {

inline boost::json::array golden_cases(std::string_view name) {
  std::ifstream file(PUSHBENCH_SOURCE_DIR "/harness/stats/testdata/golden.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return boost::json::parse(text).at(name).as_array();
}

inline std::vector<double> golden_numbers(const boost::json::value& list) {
  std::vector<double> out;
  for (const auto& value : list.as_array()) {
    out.push_back(value.to_number<double>());
  }
  return out;
}

}  // namespace pushbench::stats
