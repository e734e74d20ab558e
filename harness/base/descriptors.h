// How many descriptors this process may have open (getrlimit(2), RLIMIT_NOFILE).
#pragma once

#include <cstdint>

namespace pushbench {

// Raises the soft limit to the hard one; returns what is in force, 0 when it cannot be read. At the
// start of a program, before other threads.
std::uint64_t raise_descriptor_limit() noexcept;

}  // namespace pushbench
