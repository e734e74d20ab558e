// Result files on disk. Failures name the path and what the system said. Writing goes to path.tmp,
// is synced and renamed: never a half file under the final name, and an old file stays when the
// disk is full. Reading stops at kMaxResultBytes. Everything that this program writes to a file for
// keeps goes through here.
#pragma once

#include "harness/base/error.h"
#include "harness/result/run_result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace pushbench::result {

inline constexpr std::size_t kMaxResultBytes = 256 * 1024 * 1024;

// Of a run directory the result.json in it.
Result<RunResult> load_result(const std::string& path);
Result<void> write_file(const std::string& path, std::string_view text);
// Behind what others wrote there: all of `text` or, when that fails, nothing. Refuses to make the
// file larger than `most` bytes.
Result<void> append_file(const std::string& path, std::string_view text, std::size_t most);

}  // namespace pushbench::result
