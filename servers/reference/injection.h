// Faults that the server commits on purpose, so that a tool which measures it can be held against
// them: `serve --inject delay=20ms,lose=every:10`. A test aid, off by default and refused together
// with an address that is not loopback. They act where an event enters the topic log, so every
// strategy meets the same ones; the only exception is the cut, which every subscriber of the topic
// meets at the event that is cut. `busy` and `header` are no faults but regressions, for those who
// watch for them. What was done is counted in /metrics by name. Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/base/nanos.h"
#include "servers/reference/limits.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pushbench::servers {

// 0: not asked for. "every:K" counts the events of each topic by themselves, from 1.
struct Injection {
  Millis delay{0};              // between the answer to the publisher and the log
  Millis stall{0};              // the loop stands still for so long …
  Millis stall_after{0};        // … so long after the first event
  std::uint64_t rate = 0;       // events a second that enter the log; the others wait their turn
  std::uint64_t lose = 0;       // every K-th event is acknowledged and dropped
  std::uint64_t duplicate = 0;  // … is appended twice
  std::uint64_t reorder = 0;    // … changes places with its successor
  std::uint64_t truncate = 0;  // … reaches every subscriber by half, then the connection is reset
  Nanos busy{0};               // processor time that every delivery costs in addition
  double busy_share = 0;       // the same as a share of what the thread uses anyhow
  std::size_t header = 0;      // bytes of white space in the head of every answer

  bool any() const noexcept {
    return delay.count() > 0 || stall.count() > 0 ||
           rate + lose + duplicate + reorder + truncate > 0 || slows() || header > 0;
  }
  bool slows() const noexcept { return busy.count() > 0 || busy_share > 0; }
};

// Adds what `spec` says, words separated by commas: delay=20ms, stall=1s@3s, rate=5000/s,
// lose=every:10, duplicate=every:10, reorder=every:10, truncate=every:50, busy=500ns or busy=10%,
// header=1. A failure is one sentence.
Result<void> add_injection(std::string_view spec, Injection& to);

}  // namespace pushbench::servers
