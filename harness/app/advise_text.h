// The answer of `pushbench advise` for people and for scripts (schema "pushbench.advice/1"). Pure.
#pragma once

#include "harness/study/advice.h"

#include <optional>
#include <string>
#include <vector>

namespace pushbench::app {

// One strategy, measured beside what was predicted; a value that was not measured is absent.
struct Verified {
  std::string family;
  std::string metric;
  double predicted = 0;
  std::optional<double> measured;
  std::string unit;  // "ns", "bytes", "requests"
};

struct AdviceView {
  study::Needs needs;
  study::Advice advice;
  std::string model;  // its origin
  std::vector<Verified> verified;
  double verified_clients = 0;
};

std::string advice_text(const AdviceView& view);
std::string advice_json(const AdviceView& view);

}  // namespace pushbench::app
