// The unit of time of the whole product, apart from the clock (time.h), which knows Asio.
#pragma once

#include <chrono>
#include <cmath>

namespace pushbench {

using Nanos = std::chrono::nanoseconds;

constexpr double seconds_of(Nanos value) noexcept {
  return std::chrono::duration<double>(value).count();
}

// To the nearest; of seconds that an hour, or a year, can have.
inline Nanos nanos_of(double seconds) noexcept {
  return Nanos(std::llround(seconds * 1e9));
}

}  // namespace pushbench
