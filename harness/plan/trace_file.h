// Trace files: when events fall due, one instant a line, such as an access log or a market feed
// gives them. A line is a number of seconds from the start of publishing ("12.25", at most nine
// decimals) or an ISO 8601 instant ("2026-11-21T18:30:00.250Z", with an offset such as +01:00 too),
// which counts from the first one of the file; "#" begins a comment, empty lines are passed over.
// Instants must not fall. Publishing takes as long as warm-up and measure: a longer trace is cut
// there, a shorter one begins again, one mean gap after its last event. Only regular files below
// the scenario's folder are read. Pure but for that.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/scenario.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench::plan {

inline constexpr std::size_t kMaxTraceFileBytes = std::size_t{64} * 1024 * 1024;
inline constexpr std::size_t kMaxTraceEvents = 1'000'000;
inline constexpr Nanos kMaxTraceLength = std::chrono::hours(24 * 31);

// A failure's text names file and line.
Result<Trace> load_trace(const std::string& file, const std::string& directory);
Result<Trace> parse_trace(std::string_view text, const std::string& file);

// Events per second over a whole period.
double rate_of(const Trace& trace);

// The most events that fall due within any stretch of this length, beginnings of a new round
// included.
std::uint64_t most_within(const Trace& trace, Nanos length);

}  // namespace pushbench::plan
