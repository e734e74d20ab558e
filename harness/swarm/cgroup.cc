#include "harness/swarm/cgroup.h"

#include "harness/swarm/process.h"

#include <algorithm>
#include <sstream>
#include <vector>

namespace pushbench::swarm {
namespace {

namespace fs = std::filesystem;

// "QUOTA PERIOD" in microseconds; "max" and negative quotas are no limit.
std::optional<double> parse_quota(const std::string& text) {
  std::istringstream in(text);
  double quota = 0;
  double period = 0;
  const bool limited = static_cast<bool>(in >> quota >> period) && quota > 0 && period > 0;
  return limited ? std::optional(quota / period) : std::nullopt;
}

std::optional<double> quota_in(const fs::path& group) {
  const auto now = parse_quota(text_of_file(group / "cpu.max"));
  return now ? now
             : parse_quota(text_of_file(group / "cpu.cfs_quota_us") + " " +
                           text_of_file(group / "cpu.cfs_period_us"));
}

bool has_word(const std::string& list, const std::string& word) {
  std::istringstream in(list);
  for (std::string one; std::getline(in, one, ',');) {
    if (one == word) {
      return true;
    }
  }
  return false;
}

// Where a hierarchy with the cpu controller may be mounted. A line is "ID:CONTROLLERS:PATH", with
// no controllers for v2.
std::vector<fs::path> mounts_of(const std::string& controllers, const fs::path& root) {
  if (controllers.empty()) {
    return {root, root / "unified"};
  }
  return has_word(controllers, "cpu") ? std::vector<fs::path>{root / controllers, root / "cpu"}
                                      : std::vector<fs::path>();
}

}  // namespace

std::optional<double> cpu_quota(const std::string& membership, const fs::path& root) {
  std::optional<double> least;
  std::istringstream in(membership);
  for (std::string line; std::getline(in, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) {
      continue;
    }
    const auto mounts = mounts_of(line.substr(first + 1, second - first - 1), root);
    for (const auto& mount : mounts) {
      fs::path group = fs::path(line.substr(second + 1)).relative_path();
      for (bool top = false; !top; group = group.parent_path()) {
        top = group.empty();
        if (const auto quota = quota_in(mount / group)) {
          least = std::min(least.value_or(*quota), *quota);
        }
      }
    }
  }
  return least;
}

std::optional<double> cpu_quota() {
  return cpu_quota(text_of_file("/proc/self/cgroup"), "/sys/fs/cgroup");
}

}  // namespace pushbench::swarm
