// Payload files: one event per line. Only regular files below the scenario's folder are read, so
// that a scenario from elsewhere cannot make a run publish other files of the machine: no absolute
// path, no "..", no symbolic link that leads out.
#pragma once

#include "harness/base/error.h"

#include <cstddef>
#include <string>
#include <vector>

namespace pushbench::plan {

inline constexpr std::size_t kMaxPayloadFileBytes = std::size_t{16} * 1024 * 1024;

// The lines, ready to take the stamp over their first 16 bytes: a character cut by that border is
// filled up with dots, so that the event stays UTF-8. A failure's text names the file and line.
Result<std::vector<std::string>> load_payload_lines(const std::string& file,
                                                    const std::string& directory);

// `file` as a path below `directory`, all links resolved; a failure when it leads elsewhere.
Result<std::string> path_below(const std::string& file, const std::string& directory);

// Reads a regular file of at most `limit` bytes.
Result<std::string> read_small_file(const std::string& path, std::size_t limit);

}  // namespace pushbench::plan
