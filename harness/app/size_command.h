// `pushbench size`: how many servers a workload takes with each strategy, and what they cost, from
// closed forms and a cost model. Nothing is run.
#pragma once

#include "harness/app/commands.h"

#include <optional>
#include <string>
#include <vector>

namespace pushbench::app {

struct SizeArguments {
  std::string clients, events_per_client;  // "100000", "0.2/s"
  std::string payload = "128B";
  std::string fan_out = "1";
  std::string rtt = "0ms";
  std::vector<std::string> slo;
  std::string poll_interval;  // empty: as long as the bounds allow, else 1 s
  std::string cores = "4", memory = "8GiB", link = "1Gbit/s";
  std::string headroom = "40%";  // of the processors, left free
  int spare = 1;
  std::string prices, model;  // files
  std::string day;            // "0.2,0.1,…": shares of the peak
  std::vector<std::string> strategies;
  std::string format = "text";
};
int size_command(const SizeArguments& arguments, const Streams& streams);

}  // namespace pushbench::app
