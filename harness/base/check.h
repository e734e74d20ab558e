// PUSHBENCH_CHECK: an invariant of our own code, on in release builds too. It is never for the
// outside world: bad input is a Failure, a network failure is an error_code. A broken invariant
// prints the expression and its place, then aborts, because results computed after it cannot be
// believed.
#pragma once

namespace pushbench {

[[noreturn]] void check_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace pushbench

#define PUSHBENCH_CHECK(expression)                     \
  (static_cast<bool>(expression) ? static_cast<void>(0) \
                                 : ::pushbench::check_failed(#expression, __FILE__, __LINE__))
