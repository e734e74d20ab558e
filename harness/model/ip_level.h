// What the exchanges of a cell weigh on IP level: segments of both directions and their heads, from
// the rules of segments.h. An emulated link lies above the kernel, whose clock alone decides when
// an acknowledgement travels by itself. Pure.
#pragma once

#include "harness/model/event_bytes.h"
#include "harness/model/exchange_bytes.h"
#include "harness/model/load.h"
#include "harness/model/segments.h"

namespace pushbench::model {

// The exchanges of a window; `asking`: how they follow each other, all zero for a push.
struct Exchanged {
  const plan::StrategySpec& cell;
  const Place& place;
  const Asking& asking;
  const Exchanges& exchanges;
  const EventBytes& event;
  double deliveries = 0;
  double batch = 1;  // events that fall due together for one client
};
Amount segments_of(const Exchanged& what);

// Of one event sent upstream: question, answer, and an acknowledgement of that.
Amount upstream_segments();

// Data, heads of 52 bytes, and 8 more on SYN and SYN-ACK of a connection for every poll.
double ip_bytes(double data, double segments, double opened);

}  // namespace pushbench::model
