#include "harness/app/result_files.h"

#include "harness/base/text.h"
#include "harness/result/json_io.h"

#include <fmt/format.h>

#include <system_error>

#include <filesystem>

namespace pushbench::app {

Result<std::vector<result::RunResult>> load_runs(const std::vector<std::string>& paths) {
  std::vector<result::RunResult> runs;
  for (const auto& path : paths) {
    auto run = result::load_result(path);
    if (!run) {
      return Failure(printable(run.error().text), run.error().code);
    }
    runs.push_back(std::move(*run));
  }
  return runs;
}

Result<void> write_new_files(const std::vector<std::pair<std::string, std::string>>& files,
                             bool force) {
  std::error_code ec;
  for (const auto& [path, text] : files) {
    if (!force && std::filesystem::exists(path, ec)) {
      return usage(fmt::format("--out: {} exists already; choose another name or add --force",
                               printable(path)));
    }
  }
  for (const auto& [path, text] : files) {
    if (const auto written = result::write_file(path, text); !written) {
      return written.error();
    }
  }
  return {};
}

}  // namespace pushbench::app
