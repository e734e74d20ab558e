// What planning commands are given on the command line, as text with units, into numbers. A failure
// names the option, what was expected and what came.
#pragma once

#include "harness/base/error.h"
#include "harness/base/nanos.h"
#include "harness/study/cost_model.h"
#include "harness/study/sizing.h"

#include <string>
#include <vector>

namespace pushbench::app {

Result<double> read_count(const std::string& option, const std::string& text);   // at least 1
Result<double> read_rate(const std::string& option, const std::string& text);    // above 0
Result<double> read_size(const std::string& option, const std::string& text);    // bytes, above 0
Result<double> read_memory(const std::string& option, const std::string& text);  // GiB, GB too
Result<double> read_seconds(const std::string& option, const std::string& text);
Result<double> read_share(const std::string& option, const std::string& text);  // 0 to 1
Result<double> read_link(const std::string& option, const std::string& text);   // bytes per second

// "latency.p99 < 50ms": what closed forms can hold. "lost == 0" is taken, since they lose nothing.
Result<study::LatencyBounds> read_bounds(const std::vector<std::string>& slos);

// A file by its path, or the shipped reference constants.
Result<study::CostModel> read_model(const std::string& path);

}  // namespace pushbench::app
