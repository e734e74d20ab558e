#include "harness/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace pushbench {

void check_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "pushbench: broken invariant at %s:%d: %s\n", file, line, expression);
  std::abort();
}

}  // namespace pushbench
