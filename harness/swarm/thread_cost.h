// What a thread of ours cost, from the kernel's scheduler statistics (/proc/thread-self/schedstat:
// nanoseconds on a processor, nanoseconds runnable but waiting for one). Also names and pins
// threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::swarm {

struct ThreadCost {
  std::uint64_t cpu_ns = 0;
  std::uint64_t wait_ns = 0;
  ThreadCost operator-(const ThreadCost& earlier) const noexcept {
    return {cpu_ns - earlier.cpu_ns, wait_ns - earlier.wait_ns};
  }
  ThreadCost& operator+=(const ThreadCost& other) noexcept {
    cpu_ns += other.cpu_ns;
    wait_ns += other.wait_ns;
    return *this;
  }
};

// "cpu_ns wait_ns timeslices"; nullopt when the text is not that.
std::optional<ThreadCost> parse_schedstat(const std::string& text);
ThreadCost this_thread_cost();  // zeros where the kernel has no schedstat

// Of what `threads` waited together (`sum`), that which they cannot have waited for each other.
// Where there are more of them than processors each waits at most for what its siblings used; that
// is no want of a processor, but the queue which one thread would have had in its own loop.
std::uint64_t waited_for_strangers(const ThreadCost& sum,
                                   std::size_t threads,
                                   std::size_t processors) noexcept;

// Asks the scheduler to let this thread run soon after it wakes, by a short time slice
// (sched_setattr(2) with a runtime for a normal thread, Linux 6.12 and later; elsewhere it changes
// nothing). For threads that must be on time and run briefly. Needs no privilege.
void prefer_short_waits();

// At most 15 characters are kept by the kernel.
void name_this_thread(const std::string& name);
// Empty: leave the thread where it is. A processor that is not allowed is left out silently:
// pinning is a wish.
void pin_this_thread(const std::vector<int>& cpus);
void pin_process(int pid, const std::vector<int>& cpus);
std::vector<int> allowed_cpus();

}  // namespace pushbench::swarm
