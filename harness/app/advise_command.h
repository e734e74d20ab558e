// `pushbench advise`: which strategy for a workload, from flags or, on a terminal, from questions;
// `--verify` measures a small part of exactly that workload beside what was predicted.
#pragma once

#include "harness/app/commands.h"

#include <cstdio>
#include <string>
#include <vector>

namespace pushbench::app {

struct AdviseArguments {
  // As text with units; an empty one is asked for on a terminal, and else has its default.
  std::string events_per_client, staleness, payload, clients, fan_out, rtt, upstream;
  std::string browsers;            // "modern", "old"
  std::vector<std::string> proxy;  // "buffers", "no-upgrade", "idle=60s"
  std::string model;               // file
  bool verify = false;
  std::string format = "text";
  RunArguments run;  // for --verify
  std::FILE* in = stdin;
};
int advise_command(const AdviseArguments& arguments, const Streams& streams);

}  // namespace pushbench::app
