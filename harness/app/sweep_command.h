// `pushbench sweep`: a scenario at every combination of values for some of its keys, one result a
// point, an index that a later call goes on from, and which strategy wins where.
#pragma once

#include "harness/app/commands.h"
#include "harness/result/metrics.h"

#include <string>
#include <vector>

namespace pushbench::app {

struct SweepArguments {
  std::string scenario;
  std::vector<std::string> vary;  // "events.rate=10/s,100/s"
  std::vector<std::string> by;    // metrics; empty: latency.p99, bytes_per_delivery, server CPU
  std::string out;                // directory; one that holds an unfinished sweep is gone on with
  std::string format = "text";
  RunArguments run;
};
// By name, the usual three without any. A failure names the one that is no metric.
Result<std::vector<const result::Metric*>> sweep_metrics(const std::vector<std::string>& names);

int sweep_command(const SweepArguments& arguments, const Streams& streams);

}  // namespace pushbench::app
