// The accounts of a cell, from the plan and from what the threads recorded. Pure.
#pragma once

#include "harness/plan/scenario.h"
#include "harness/result/run_result.h"
#include "harness/swarm/recorder.h"

#include <cstdint>
#include <vector>

namespace pushbench::swarm {

// What an audit must find: events of the measure phase with an index below `events_due` (all of the
// plan, or fewer when a run was cut short), and the deliveries they owe.
struct Expectation {
  std::uint64_t events = 0;
  std::uint64_t deliveries = 0;
};
Expectation expected_of(const plan::Scenario& scenario, std::uint64_t events_due);

// Halves the series (two seconds become one point) until it has at most result::kMaxSeriesPoints.
void thin(result::Series& series);

// expected, lost and open-at-end follow from the others: expected = delivered + lost, opened =
// closed well + cut + open at end.
void close_accounts(result::CellResult& cell, const Expectation& expected);

// Workers' and publisher's seconds into the series, cut to `length` seconds. Series that the caller
// filled while it observed (server, TIME_WAIT) are cut or filled to the same length.
void merge_series(result::Series& series,
                  std::size_t length,
                  bool with_server,
                  const std::vector<SecondPoint>& seconds,
                  const std::vector<std::uint64_t>& published);

}  // namespace pushbench::swarm
