#include "harness/base/descriptors.h"

#include <linux/close_range.h>
#include <sys/resource.h>
#include <unistd.h>

#include <limits>

namespace pushbench {

std::uint64_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return 0;
  }
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
  return descriptor_limit();
}

std::uint64_t descriptor_limit() noexcept {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

bool own_descriptor_table() noexcept {
#ifdef __SANITIZE_THREAD__
  // ThreadSanitizer tells descriptors by their number alone.
  return false;
#else
  constexpr auto kNone = std::numeric_limits<unsigned>::max();  // nothing is open up there
  return ::close_range(kNone, kNone, CLOSE_RANGE_UNSHARE) == 0;
#endif
}

}  // namespace pushbench
