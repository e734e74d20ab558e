// What a cell of a scenario will show, before it runs: the closed forms of the strategies (their
// headers hold formulas and sources) applied to its workload. Latency is what the strategy itself
// makes events wait and the way down; the time that a processor needs is not in it. Counts and
// bytes are those of the measure window. Where they are random (Poisson arrivals, drawn sizes) they
// come with an interval: mean ± `deviations` standard deviations of the number of events. A server
// limit (answers cut at 1 MiB, slow readers) is taken not to be reached. What events compress to is
// up to their text: of a cell that compresses nothing is predicted that depends on bytes. Pure.
#pragma once

#include "harness/model/exchange_bytes.h"
#include "harness/model/intervals.h"
#include "harness/model/load.h"
#include "harness/model/totals.h"
#include "harness/plan/scenario.h"

#include <string>
#include <vector>

namespace pushbench::model {

struct Prediction {
  std::string cell;
  Latency latency;
  double requests_per_s = 0;  // of all clients
  Range requests_per_delivery;
  double empty_share = 0;          // of the answers; 0 where nothing is asked
  double events_per_response = 0;  // of those that hold any; 0 where nothing is asked
  Exchanges exchanges;             // expected in the measure window, all subscriptions
  double deliveries = 0;           // expected in the measure window
  Bytes per_delivery;
  Range bytes_per_delivery;
  Range bytes;  // both directions in the measure window, upstream events not included
  Range segments_per_delivery;  // both directions, upstream events included, as the kernel counts
  Range ip_bytes_per_delivery;  // the same
  double sockets = 0;    // held on the client's side, upstream ones included; by Little's law when
                         // every poll has a connection of its own: rate × its lifetime
  double time_wait = 0;  // rate × min(60 s, elapsed), at the side that closes first; an upper bound
                         // where the kernel has a bucket limit or uses ports again
  Ranges metrics;             // all of it by the names of the metrics table
  double upstream_bytes = 0;  // both directions of one upstream event; 0 without
};

// REQUIRES: !cell.polls_at_once(). Bytes and segments of a cell that compresses are 0 and not among
// the metrics. predict_all() leaves both kinds of cells out.
Prediction predict(const plan::Scenario& scenario,
                   const plan::StrategySpec& cell,
                   const Assumptions& assumptions = {});
std::vector<Prediction> predict_all(const plan::Scenario& scenario,
                                    const Assumptions& assumptions = {});

}  // namespace pushbench::model
