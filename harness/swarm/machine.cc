#include "harness/swarm/machine.h"

#include "harness/base/descriptors.h"
#include "harness/base/text.h"
#include "harness/swarm/census.h"
#include "harness/swarm/cgroup.h"
#include "harness/swarm/thread_cost.h"

#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/utsname.h>

#include <fstream>
#include <sstream>
#include <thread>

namespace pushbench::swarm {
namespace {

// What doctor asks for: enough for the largest shipped scenario with room to spare.
constexpr std::uint64_t kGoodDescriptors = 10'000;
constexpr std::uint32_t kGoodPorts = 20'000;
constexpr std::uint32_t kGoodSomaxconn = 1'024;
constexpr double kBusyLoadPerCore = 0.5;

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::uint32_t read_number(const std::string& path) {
  std::istringstream in(read_text(path));
  std::uint32_t value = 0;
  in >> value;
  return value;
}

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::uint64_t memory_bytes() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  std::uint64_t kib = 0;
  return file >> key >> kib ? kib * 1024 : 0;
}

Finding descriptors(const Machine& m) {
  return {
      .what = m.own_tables ? "descriptors per thread" : "descriptors per process",
      .value = fmt::format("{} (hard limit)", human_count(static_cast<double>(m.descriptors_hard))),
      .good = m.descriptors_hard >= kGoodDescriptors || m.own_tables,
      .why = "one socket is one descriptor; the soft limit is raised by pushbench itself",
      .mend =
          "ulimit -Hn 65536   # or LimitNOFILE=65536 in the service, nofile in "
          "/etc/security/limits.conf"};
}

Finding ports(const Machine& m) {
  return {.what = "ephemeral ports per address",
          .value = fmt::format("{} ({}-{})", m.ports(), m.ports_low, m.ports_high),
          .good = m.ports() >= kGoodPorts,
          .why = "a new connection for every poll takes a port for up to 60 s (TIME_WAIT)",
          .mend = "sysctl -w net.ipv4.ip_local_port_range='15000 65535'"};
}

Finding backlog(const Machine& m) {
  return {
      .what = "listen backlog (somaxconn)",
      .value = std::to_string(m.somaxconn),
      .good = m.somaxconn >= kGoodSomaxconn,
      .why =
          "connections that arrive together wait there; a short queue drops and retries after 1 s",
      .mend = "sysctl -w net.core.somaxconn=4096"};
}

Finding processors(const Machine& m) {
  return {.what = "processors",
          .value = fmt::format("{} × {}", m.cores, m.cpu_model),
          .good = m.cores >= 2,
          .why = "server and clients need one each, or they measure each other's waiting",
          .mend = "taskset or the container's cpuset: allow at least 2"};
}

Finding clock(const Machine& m) {
  const bool good = m.clock_source == "tsc" || m.clock_source == "kvm-clock" ||
                    m.clock_source.empty() || m.clock_source == "arch_sys_counter";
  return {.what = "clock source",
          .value = m.clock_source.empty() ? "unknown" : m.clock_source,
          .good = good,
          .why = "other clocks cost a system call for every time stamp",
          .mend = "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource"};
}

Finding load(const Machine& m) {
  const double value = m.load.value_or(0);
  return {.what = "load (1 minute)",
          .value = m.load ? fmt::format("{:.2f}", value) : "unknown",
          .good = value <= kBusyLoadPerCore * m.cores,
          .why = "other work on the machine shows up as latency",
          .mend = "stop other work, or wait: uptime"};
}

Finding governor(const Machine& m) {
  const bool slow =
      m.governor == "powersave" || m.governor == "ondemand" || m.governor == "conservative";
  return {.what = "processor governor",
          .value = m.governor.empty() ? "none" : m.governor,
          .good = !slow,
          .why = "a processor that clocks down in quiet times is slow when an event comes",
          .mend = "cpupower frequency-set -g performance"};
}

Finding quota(const Machine& m) {
  return {.what = "processor quota (cgroup)",
          .value = m.cpu_quota ? fmt::format("{:.2f} processors", *m.cpu_quota) : "none",
          .good = !m.cpu_quota || *m.cpu_quota >= m.cores,
          .why = "a group that has used its quota stands still until the next period",
          .mend = "start the container without --cpus, or raise cpu.max of its group"};
}

Finding socket_census(const Machine& m) {
  return {.what = "socket census (sock_diag)",
          .value = m.socket_census ? "available" : "not offered",
          .good = m.socket_census,
          .why = "without it TIME_WAIT, queues, segments and bytes on IP level are not measured",
          .mend = "modprobe tcp_diag   # or a sandbox that allows netlink sockets"};
}

}  // namespace

Machine read_machine() {
  Machine m;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    m.descriptors_soft = limit.rlim_cur;
    m.descriptors_hard = limit.rlim_max;
  }
  std::thread([&m] { m.own_tables = own_descriptor_table(); }).join();
  std::istringstream range(read_text("/proc/sys/net/ipv4/ip_local_port_range"));
  range >> m.ports_low >> m.ports_high;
  m.somaxconn = read_number("/proc/sys/net/core/somaxconn");
  m.max_time_wait = read_number("/proc/sys/net/ipv4/tcp_max_tw_buckets");
  m.tw_reuse = read_text("/proc/sys/net/ipv4/tcp_tw_reuse");
  m.congestion_control = read_text("/proc/sys/net/ipv4/tcp_congestion_control");
  m.clock_source = read_text("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  m.governor = read_text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  m.cpu_quota = cpu_quota();
  m.socket_census = Census::available();
  utsname name{};
  if (uname(&name) == 0) {
    m.kernel = fmt::format("{} {}", name.sysname, name.release);
  }
  m.cpu_model = cpu_model();
  m.cores = static_cast<std::uint32_t>(allowed_cpus().size());
  m.memory_bytes = memory_bytes();
  std::istringstream average(read_text("/proc/loadavg"));
  double value = 0;
  if (average >> value) {
    m.load = value;
  }
  return m;
}

std::map<std::string, std::string> environment_of(const Machine& m) {
  std::map<std::string, std::string> out{
      {"kernel", m.kernel},
      {"cpu", m.cpu_model},
      {"cores", std::to_string(m.cores)},
      {"memory_bytes", std::to_string(m.memory_bytes)},
      {"descriptors_hard", std::to_string(m.descriptors_hard)},
      {"ip_local_port_range", fmt::format("{}-{}", m.ports_low, m.ports_high)},
      {"tcp_tw_reuse", m.tw_reuse},
      {"tcp_congestion_control", m.congestion_control},
      {"clock_source", m.clock_source},
  };
  if (!m.governor.empty()) {
    out.emplace("governor", m.governor);
  }
  if (m.cpu_quota) {
    out.emplace("cpu_quota", fmt::format("{:.2f}", *m.cpu_quota));
  }
  return out;
}

std::vector<Finding> examine(const Machine& m) {
  std::vector<Finding> findings{descriptors(m), ports(m), backlog(m), processors(m),   quota(m),
                                governor(m),    clock(m), load(m),    socket_census(m)};
  findings.push_back({.what = "memory",
                      .value = human_bytes(static_cast<double>(m.memory_bytes)),
                      .why = "",
                      .mend = ""});
  findings.push_back(
      {.what = "congestion control", .value = m.congestion_control, .why = "", .mend = ""});
  findings.push_back(
      {.what = "tcp_tw_reuse",
       .value = m.tw_reuse,
       .why = m.tw_reuse == "2"
                  ? "2: loopback reuses TIME_WAIT ports after 1 s, other networks do not"
                  : "",
       .mend = ""});
  for (auto& finding : findings) {
    if (finding.good) {
      finding.mend.clear();
    }
  }
  return findings;
}

}  // namespace pushbench::swarm
