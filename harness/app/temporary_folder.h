// A folder below that of the system's temporary files (TMPDIR), for logs and builds of one command.
// It goes with the object, whatever is in it then.
#pragma once

#include "harness/base/error.h"

#include <string>

namespace pushbench::app {

class TemporaryFolder {
 public:
  // `purpose` is a part of its name. A failure says what to do.
  static Result<TemporaryFolder> make(const std::string& purpose);
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  const std::string& path() const noexcept { return path_; }

 private:
  TemporaryFolder() = default;
  std::string path_;  // empty: nothing to take away
};

}  // namespace pushbench::app
