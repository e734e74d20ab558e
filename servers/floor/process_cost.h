// What a process has cost so far, from /proc: processor time of all its threads by the scheduler's
// own nanosecond account (schedstat; utime and stime count clock ticks), and resident memory. Any
// thread. nullopt: there is no such process, or the kernel does not say.
#pragma once

#include "harness/base/time.h"

#include <cstdint>
#include <optional>

namespace pushbench::servers::floor {

std::optional<Nanos> process_cpu(int pid);
std::optional<std::uint64_t> resident_bytes(int pid);
// Of this process, from its own clock, which is exact at every instant.
Nanos own_cpu() noexcept;

}  // namespace pushbench::servers::floor
