#include "harness/app/temporary_folder.h"

#include <system_error>

#include <filesystem>
#include <stdlib.h>
#include <utility>

namespace pushbench::app {

namespace fs = std::filesystem;

Result<TemporaryFolder> TemporaryFolder::make(const std::string& purpose) {
  std::error_code ec;
  TemporaryFolder out;
  std::string name = (fs::temp_directory_path(ec) / ("pushbench-" + purpose + "-XXXXXX")).string();
  if (ec || mkdtemp(name.data()) == nullptr) {
    return could_not_run("cannot make a folder for temporary files; set TMPDIR to one that exists");
  }
  out.path_ = std::move(name);
  return out;
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  if (!path_.empty()) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
}

}  // namespace pushbench::app
