// What this machine allows and is: limits, sysctls, clock, cores. `pushbench doctor` prints it, a
// result carries it as its environment, and preflight holds a scenario against it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::swarm {

struct Machine {
  std::uint64_t descriptors_soft = 0, descriptors_hard = 0;
  bool own_tables = false;  // a thread may have a table of descriptors of its own
  std::uint32_t ports_low = 0, ports_high = 0;  // net.ipv4.ip_local_port_range
  std::uint32_t somaxconn = 0;
  std::uint32_t max_time_wait = 0;  // net.ipv4.tcp_max_tw_buckets
  std::string tw_reuse;             // net.ipv4.tcp_tw_reuse
  std::string congestion_control;
  std::string clock_source;
  std::string governor;             // empty where there is none
  std::optional<double> cpu_quota;  // of the control group, in processors
  bool socket_census = false;       // the kernel lists sockets (sock_diag)
  std::string kernel, cpu_model;
  std::uint32_t cores = 0;  // that this process may use
  std::uint64_t memory_bytes = 0;
  std::optional<double> load;  // 1 minute

  std::uint32_t ports() const noexcept {
    return ports_high >= ports_low ? ports_high - ports_low + 1 : 0;
  }
};

Machine read_machine();
std::map<std::string, std::string> environment_of(const Machine& machine);

// One line of doctor's report. `mend` is a command, empty when nothing is short.
struct Finding {
  std::string what;
  std::string value;
  bool good = true;
  std::string why;
  std::string mend;
};
std::vector<Finding> examine(const Machine& machine);

}  // namespace pushbench::swarm
