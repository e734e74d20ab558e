// The workload of a cell at a given number of events, and what its closed forms come to in the
// measure window: exchanges, bytes, segments. predict.h puts intervals around it. Pure.
#pragma once

#include "harness/model/event_bytes.h"
#include "harness/model/exchange_bytes.h"
#include "harness/model/load.h"
#include "harness/model/segments.h"
#include "harness/model/slices.h"
#include "harness/plan/scenario.h"

#include <string_view>

namespace pushbench::model {

struct Assumptions {
  plan::Nanos one_way{};  // between server and client, on top of the scenario's link
  plan::Nanos
      processing{};  // turnaround: of one exchange, from question to next question, both ends
  double host_length = 15;              // of the Host field: "127.0.0.1:43210"
  std::string_view topic_prefix = "t";  // a topic's name is this and its number
  double deviations = 2.576;            // 99 % of a normal distribution lie within
};

// `scale` times the planned rate. Of a slice: the window is its part of the measure phase, under
// its own load, and events are as long as those of the whole.
struct Case {
  const plan::Scenario& scenario;
  const plan::StrategySpec& cell;
  const Assumptions& assumptions;
  double scale = 1;
  const Slice* slice = nullptr;
  const EventBytes* event = nullptr;  // with `slice`

  Arrivals arrivals() const;
  double one_way() const;
  double turnaround() const;
  double warmup() const;
  double window() const;
  double published() const;      // to each topic before the window
  double subscriptions() const;  // where their number changes, the most
  double busy() const;           // from a poll's first packet to its answer
  Place place() const;
};

struct Totals {
  Asking asking;
  Exchanges exchanges;
  EventBytes event;
  double deliveries = 0;
  Bytes bytes;
  Amount segments;  // upstream events included
  Amount ip_bytes;
};
// Where the load changes: the sum over its slices, and of latencies the mean by deliveries.
Totals totals_of(const Case& c);

// Sockets of a cell, by Little's law where every poll has one of its own.
double sockets_of(const Case& c, const Asking& asking);

// All topics of a scenario have names of one length.
double topic_length(const plan::Scenario& scenario, std::string_view prefix);

}  // namespace pushbench::model
