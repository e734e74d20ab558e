// What was run, and where, in one line each: the same words in every report. Pure; the texts are
// raw, each format escapes them.
#pragma once

#include "harness/result/run_result.h"

#include <string>
#include <string_view>

namespace pushbench::reports {

// "1,000 clients, 50 topics, 300 events/s (poisson), 128 B each, 10.0 s measured".
std::string workload_line(const result::RunResult& run);
std::string server_name(const result::RunResult& run);
std::string environment_line(const result::RunResult& run);

inline constexpr std::string_view kOmissionNote =
    "Latency counts from the instant an event was due, not from when it was sent, so a server that "
    "stalls cannot hide it (no coordinated omission).";

}  // namespace pushbench::reports
