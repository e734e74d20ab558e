// Rules about the measuring itself: was the tool on time, had it the processor, did it ask for what
// was planned, and are there enough values behind a figure? Pure.
#pragma once

#include "harness/result/rule.h"

#include <span>

namespace pushbench::result {

inline constexpr double kLagFloorNs = 1e6;  // 1 ms
inline constexpr double kLagShare = 0.05;   // of the median latency
inline constexpr double kLagSuspect = 1;    // times what is allowed
// Times what is allowed: as late as the median latency itself, and never below 20 ms. A burst of
// 1,000 answers on one core is 10 ms of work for the clients, which is slow but not wrong.
inline constexpr double kLagInvalid = 20;
inline constexpr double kBusyShare = 0.9;        // of one core, worker threads
inline constexpr double kRunQueueShare = 0.25;   // of the window, for each thread
inline constexpr double kLinkErrorShare = 0.05;  // of a one-way trip, at p99
inline constexpr double kStealShare = 0.01;      // of the machine's processor time
inline constexpr double kUnplannedShare = 0.01;  // of the planned events that were not published
inline constexpr double kBacklogShare = 0.1;     // of the expected deliveries, beyond a poll's wait
inline constexpr std::size_t kLeastDriftPoints = 9;  // seconds, three in each third
inline constexpr double kDriftShare = 0.25;          // of the smaller mean
inline constexpr double kDriftErrors = 5;            // standard errors of the difference

std::span<const CellRule> measure_rules() noexcept;

}  // namespace pushbench::result
