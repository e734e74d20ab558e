// What `advise --verify` runs, and what its figures say of the advice. Run is a part of the
// workload: fewer clients, and where minutes pass between events, time that runs `compression`
// times as fast: rates are multiplied by it; intervals, holds, round trips and the staleness
// allowed are divided by it, so that the events of a poll (rate T) and of a round trip (rate RTT),
// and with them all bytes and requests of a delivery, stay what they are. What was measured is
// taken for the whole in turn: processor time and bytes by the ratio of deliveries a second, memory
// by that of clients, latency by the compression. Processor time that does not grow so is taken off
// first: of the server itself and of pauses between events by the model, of publishing as the run
// measured it. Pure.
#pragma once

#include "harness/result/run_result.h"
#include "harness/study/advice.h"

#include <string>
#include <vector>

namespace pushbench::study {

inline constexpr double kPartClients = 8000;  // at most, and so many …
inline constexpr double kPartEvents = 20'000;  // … that they receive and send these in a second …
inline constexpr double kPartPolls = 15'000;   // … and ask so often …
inline constexpr double kPartConnects = 4000;  // … or, if each poll opens a connection, so often
inline constexpr std::size_t kPartRounds = 3;  // in which every strategy is run once
inline constexpr double kLeastPartClients = 50;
inline constexpr double kLongestStaleness = 1.5;  // s, as it is run
inline constexpr double kLongestPart = 8;         // s, of a measure phase

struct Part {
  Workload workload;
  double compression = 1;
  double rates = 1;    // deliveries a second of the whole, in those of the part
  double clients = 1;  // likewise
};
// As large as one processor of clients can be with this strategy: a server pays less for each of a
// few connections than for each of many, which no cache holds.
Part part_of(const Needs& needs, const plan::StrategySpec& cell);

plan::StrategySpec compressed(plan::StrategySpec cell, double compression);
// Long enough for a p99 and three polls of every client, within kLongestPart.
plan::Scenario scenario_of(const Part& part, const plan::StrategySpec& cell);

// Of runs of the same cell, at least one, the one that stands for all: that with the middle of what
// a delivery took the server, or, where its process is not known, of mean latency.
const result::CellResult& middle_run(const std::vector<result::CellResult>& runs);

// One option, of the whole as the part says it: by the middle run, and the worst latency of all.
struct Measured {
  std::string family;
  double run_clients = 0;  // of the part
  Takes takes;             // memory: user and kernel, of the clients
  Share share;
  double share_low = 0, share_high = 0;  // of all runs
  double latency_p99_s = 0, latency_max_s = 0;
};
// Of runs of a server whose process is known; else nullopt.
std::optional<Measured> measured_of(const Part& part,
                                    const Option& option,
                                    const std::vector<result::CellResult>& runs,
                                    const CostModel& model,
                                    const Needs& needs,
                                    const ServerKind& kind);

// Whether runs say the same as the advice: the strategy that is advised takes at most kTie of the
// least that one which fits was measured to take; none stands before another that it was measured
// to take more than kTie of, unless they were told to tie; what fits keeps the staleness at p99;
// and what was said to be too slow is. More is what no chance explains: of three runs each, all
// took more than all of the other, of which one in twenty is chance.
struct Agreement {
  std::vector<std::string> ranking;         // families by what was measured, those that fit first
  std::vector<std::string> contradictions;  // one sentence each; empty: confirmed
  bool confirmed() const { return contradictions.empty(); }
};
Agreement agreement_of(const Advice& advice,
                       const std::vector<Measured>& measured,
                       const Needs& needs);

}  // namespace pushbench::study
