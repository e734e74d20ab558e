// The unit of time of the whole product, apart from the clock (time.h), which knows Asio.
#pragma once

#include <chrono>

namespace pushbench {

using Nanos = std::chrono::nanoseconds;

constexpr double seconds_of(Nanos value) noexcept {
  return std::chrono::duration<double>(value).count();
}

}  // namespace pushbench
