// How many descriptors there may be: RLIMIT_NOFILE (getrlimit(2)) bounds a table of descriptors,
// and a process begins with one table for all its threads. A thread that serves very many sockets
// takes a table of its own, so that a process can hold as many of them as it has threads times the
// limit; and no call of that thread counts references for the others' sake. Threads:
// own_descriptor_table() is for the one that wants it.
#pragma once

#include <cstdint>

namespace pushbench {

// Raises the soft limit to the hard one; returns what is in force, 0 when it cannot be read. At the
// start of a program, before other threads.
std::uint64_t raise_descriptor_limit() noexcept;

// What one table may hold, 0 when it cannot be read.
std::uint64_t descriptor_limit() noexcept;

// From here on the calling thread has a table of its own (CLOSE_RANGE_UNSHARE of close_range(2),
// Linux 5.9), with copies of what was open. What is opened after that, on either side, is unknown
// to the other; so a thread closes itself what it opened, and nobody closes it in its stead. False:
// this kernel does not offer it, and the table is still shared.
bool own_descriptor_table() noexcept;

}  // namespace pushbench
