#include "harness/swarm/thread_cost.h"

#include <fmt/format.h>

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pthread.h>
#include <sstream>

namespace pushbench::swarm {
namespace {

constexpr std::uint64_t kShortSliceNs = 100'000;  // the least that the kernel takes

void pin(int thread, const std::vector<int>& cpus) {
  if (cpus.empty()) {
    return;
  }
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) {
    CPU_SET(static_cast<std::size_t>(cpu), &set);
  }
  static_cast<void>(sched_setaffinity(thread, sizeof set, &set));
}

}  // namespace

std::optional<ThreadCost> parse_schedstat(const std::string& text) {
  std::istringstream in(text);
  ThreadCost cost;
  if (!(in >> cost.cpu_ns >> cost.wait_ns)) {
    return std::nullopt;
  }
  return cost;
}

ThreadCost this_thread_cost() {
  std::ifstream file("/proc/thread-self/schedstat");
  std::string line;
  std::getline(file, line);
  return parse_schedstat(line).value_or(ThreadCost{});
}

std::uint64_t waited_for_strangers(const ThreadCost& sum,
                                   std::size_t threads,
                                   std::size_t processors) noexcept {
  if (processors == 0 || threads <= processors) {
    return sum.wait_ns;
  }
  const std::uint64_t for_siblings = sum.cpu_ns * (threads - processors) / processors;
  return sum.wait_ns - std::min(sum.wait_ns, for_siblings);
}

void name_this_thread(const std::string& name) {
  pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
}

void prefer_short_waits() {
  // struct sched_attr of linux/sched/types.h, which glibc 2.36 does not declare.
  struct Attributes {
    std::uint32_t size = sizeof(Attributes);
    std::uint32_t policy = 0;  // SCHED_OTHER
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = kShortSliceNs;
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
  } attributes;
  attributes.nice = getpriority(PRIO_PROCESS, 0);
  syscall(SYS_sched_setattr, 0, &attributes, 0U);
}

void pin_process(int pid, const std::vector<int>& cpus) {
  std::error_code ec;
  const std::filesystem::directory_iterator threads(fmt::format("/proc/{}/task", pid), ec);
  for (const auto& thread : threads) {
    pin(std::atoi(thread.path().filename().c_str()), cpus);
  }
}

void pin_this_thread(const std::vector<int>& cpus) {
  pin(0, cpus);
}

std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) {
        cpus.push_back(cpu);
      }
    }
  }
  return cpus;
}

}  // namespace pushbench::swarm
