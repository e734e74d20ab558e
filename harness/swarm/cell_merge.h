// The accounts of a cell, from the plan and from what the threads recorded. Pure.
#pragma once

#include "harness/plan/scenario.h"
#include "harness/result/run_result.h"
#include "harness/swarm/recorder.h"

#include <cstdint>
#include <vector>

namespace pushbench::swarm {

// What an audit must find: events of the measure phase with an index below `events_due` (all of the
// plan, or fewer when a run was cut short), and the deliveries they owe. By topic: how many
// ordinals fell due, and which is the first that fell due at `young_from` or later (an offset from
// the start of publishing), so that it may still be on its way.
struct Expectation {
  std::uint64_t events = 0;
  std::uint64_t deliveries = 0;
  std::vector<std::uint64_t> end_by_topic;
  std::vector<std::uint64_t> young_by_topic;
};
Expectation expected_of(const plan::Scenario& scenario,
                        const plan::StrategySpec& cell,
                        std::uint64_t events_due,
                        Nanos young_from = Nanos::max());
std::vector<std::uint64_t> subscribers_by_topic(const plan::Scenario& scenario);

// What the plan asked for, second by second of the cell: events that fell due, of those with an
// index below `events_due`, and clients where their number changes. `began`: publishing, from the
// start of the cell.
void take_plan(result::Series& series,
               const plan::Scenario& scenario,
               std::uint64_t events_due,
               Nanos began,
               std::size_t seconds);

// Halves the series (two seconds become one point) until it has at most result::kMaxSeriesPoints.
void thin(result::Series& series);

// What was expected, beside what the workers counted of it: delivered, lost, in flight.
void close_accounts(result::CellResult& cell, const Expectation& expected, bool audited);

// Fan-out spread and the effect of connect order, from the figures of all workers together. While
// clients come and go nobody can tell of an event whether all have it, so it has no spread.
void take_fairness(result::CellResult& cell,
                   const plan::Scenario& scenario,
                   const CellFigures& figures);

// Workers' and publisher's seconds into the series, and the latencies over time, cut to `length`
// seconds. Series that the caller filled (server, census, plan) are cut or filled to the same
// length.
void merge_series(result::CellResult& cell,
                  std::size_t length,
                  const CellFigures& figures,
                  const std::vector<std::uint64_t>& published);

}  // namespace pushbench::swarm
