// Golden files of the tests: PUSHBENCH_UPDATE_GOLDEN=1 writes them anew, then read the difference.
#pragma once

#include "harness/result/result_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace pushbench::reports {

inline const std::string kFolder = std::string(PUSHBENCH_SOURCE_DIR) + "/reports/";

inline std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline bool updates_goldens() {
  return std::getenv("PUSHBENCH_UPDATE_GOLDEN") != nullptr;
}

inline void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = kFolder + "golden/" + name;
  if (updates_goldens()) {
    ASSERT_TRUE(result::write_file(path, text));
  }
  const auto golden = content_of(path);
  const auto differs = std::mismatch(golden.begin(), golden.end(), text.begin(), text.end());
  const auto line = 1 + std::count(golden.begin(), differs.first, '\n');
  EXPECT_TRUE(golden == text) << path << ":" << line
                              << " differs; PUSHBENCH_UPDATE_GOLDEN=1 writes it anew";
}

// The table between "<!-- begin NAME -->" and its end in reports/README.md.
inline void expect_section(const std::string& name, const std::string& wanted) {
  const std::string path = kFolder + "README.md";
  std::string readme = content_of(path);
  const std::string begin = "<!-- begin " + name + " -->\n";
  const std::string end = "<!-- end " + name + " -->";
  const auto from = readme.find(begin);
  const auto to = readme.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const auto start = from + begin.size();
  if (updates_goldens()) {
    ASSERT_TRUE(result::write_file(path, readme.replace(start, to - start, wanted)));
    return;
  }
  EXPECT_EQ(readme.substr(start, to - start), wanted)
      << "PUSHBENCH_UPDATE_GOLDEN=1 writes the tables of reports/README.md anew";
}

}  // namespace pushbench::reports
