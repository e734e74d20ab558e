#include "harness/app/step_summary.h"

#include "harness/result/result_file.h"
#include "reports/summary.h"

#include <fmt/format.h>

#include <cstdlib>
#include <span>

namespace pushbench::app {

void add_step_summary(const result::RunResult& run, const Streams& streams) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || *path == '\0') {
    return;
  }
  const auto kept =
      result::append_file(path, reports::render_summary(std::span(&run, 1)), kStepSummaryBytes);
  if (!kept) {
    say(streams.err, fmt::format("pushbench: no step summary: {}\n", kept.error().text));
  }
}

}  // namespace pushbench::app
