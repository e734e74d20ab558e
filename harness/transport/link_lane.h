// When bytes that enter one direction of an emulated link come out of it: arithmetic alone. A line
// passes bits at its rate, one after another (store and forward), so what enters while it is busy
// waits for its turn; a lane adds the trip and keeps the order, as TCP does: what would overtake
// comes out together with what is before it.
#pragma once

#include "harness/base/time.h"

#include <cstddef>
#include <cstdint>

namespace pushbench::transport {

class Line {
 public:
  explicit Line(std::uint64_t bit_per_s = 0) noexcept : bit_per_s_(bit_per_s) {}

  bool limited() const noexcept { return bit_per_s_ != 0; }
  // When the last of `bytes` that arrive at `at` has passed. Calls have to be in the order of `at`.
  TimePoint pass(TimePoint at, std::size_t bytes) noexcept;

 private:
  std::uint64_t bit_per_s_;  // 0: no limit
  TimePoint free_{};
};

class Lane {
 public:
  // What has passed the lines at `passed` comes out after `trip`, never before its predecessor.
  TimePoint release(TimePoint passed, Nanos trip) noexcept;

 private:
  TimePoint last_{};
};

}  // namespace pushbench::transport
