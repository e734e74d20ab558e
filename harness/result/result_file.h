// Result files on disk. Failures name the path and what the system said. Writing goes to path.tmp,
// is synced and renamed: never a half file under the final name, and an old file stays when the
// disk is full. Reading stops at kMaxResultBytes.
#pragma once

#include "harness/base/error.h"
#include "harness/result/run_result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace pushbench::result {

inline constexpr std::size_t kMaxResultBytes = 256 * 1024 * 1024;

Result<RunResult> load_result(const std::string& path);
Result<void> write_file(const std::string& path, std::string_view text);

}  // namespace pushbench::result
