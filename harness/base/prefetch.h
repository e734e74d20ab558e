// Memory that will be touched soon, fetched while something else goes on: among thousands of
// connections nothing of the next one is in a cache, and each line that is missing costs some
// 100 ns, one after the other where a pointer leads to the next. A hint: any address will do, null
// and one of an object that is gone too. Threads: any.
#pragma once

#include <cstddef>

namespace pushbench {

inline void prefetch(const void* object, std::size_t bytes) noexcept {
  constexpr std::size_t kLine = 64;
  for (std::size_t at = 0; at < bytes; at += kLine) {
    __builtin_prefetch(static_cast<const char*>(object) + at);
  }
}

}  // namespace pushbench
