// How much processor time the control group of this process may use: cpu.max of cgroup v2, or
// cpu.cfs_quota_us of v1 (Documentation/admin-guide/cgroup-v2.rst, sched-bwc.rst). A container with
// two processors and a quota of half a one is throttled in the middle of a measurement.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace pushbench::swarm {

// In processors: 1.5. The least of all groups that this process is in; nullopt: unlimited.
// `membership` is the text of /proc/self/cgroup, `root` where the hierarchies are mounted.
std::optional<double> cpu_quota(const std::string& membership, const std::filesystem::path& root);
std::optional<double> cpu_quota();

}  // namespace pushbench::swarm
