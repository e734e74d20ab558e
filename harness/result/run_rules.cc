#include "harness/result/run_rules.h"

#include "harness/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushbench::result {
namespace {

using Value = std::optional<double>;

std::string setting(const RunResult& run, const std::string& key) {
  const auto found = run.environment.find(key);
  return found == run.environment.end() ? "" : found->second;
}

Value slow_build(const RunResult& run) {
  const bool optimised = run.tool_build.find("Release") != std::string::npos ||
                         run.tool_build.find("RelWithDebInfo") != std::string::npos;
  return optimised && run.tool_build.find("sanit") == std::string::npos ? 0 : 1;
}

bool differs(const RunResult& run, const std::string& key) {
  const auto used = setting(run, key);
  return !used.empty() && used != kCongestionControl;
}

// What the kernel says of our own sockets; a server that somebody else started is not ours to set.
Value other_control(const RunResult& run) {
  const bool own = run.server == "own";
  return differs(run, "clients_congestion_control") ||
                 (own && differs(run, "server_congestion_control"))
             ? 1
             : 0;
}

std::string say_control(const RunResult& run, double) {
  const auto used = [&run](const std::string& end) {
    const auto value = setting(run, end + "_congestion_control");
    return value.empty() ? "unknown" : printable(value);
  };
  return fmt::format("the sockets were to use {}; the clients' used {}, the server's {}",
                     kCongestionControl, used("clients"), used("server"));
}

// Worth a word only where sockets waited at all.
Value reused(const RunResult& run) {
  const auto mode = setting(run, "tcp_tw_reuse");
  const bool waited = std::any_of(run.cells.begin(), run.cells.end(), [](const CellResult& cell) {
    return cell.counters[Counter::kTimeWaitPeak] > 0;
  });
  return waited && !mode.empty() && mode != "0" ? 1 : 0;
}

Value slow_governor(const RunResult& run) {
  const auto governor = setting(run, "governor");
  return governor.empty() || governor == "performance" ? 0 : 1;
}

// clang-format off
constexpr auto kRunRules = std::to_array<RunRule>({
  {"partial-run", kInvalid, kNone, "run was interrupted",
   "Run it again and let it finish.",
   [](const RunResult& r) -> Value { return r.partial ? 1 : 0; },
   [](const RunResult&, double) -> std::string { return "the run was stopped before its end"; }},
  {"no-cells", kInvalid, kNone, "run holds no cell",
   "Run it again; look at what was said on standard error.",
   [](const RunResult& r) -> Value { return r.cells.empty() ? 1 : 0; },
   [](const RunResult&, double) -> std::string { return "the run holds no cell"; }},
  {"slow-build", kSuspect, kNone, "pushbench was built for debugging or with sanitizers",
   "Build with CMAKE_BUILD_TYPE=Release and without sanitizers.",
   slow_build,
   [](const RunResult& r, double) {
     return fmt::format("pushbench itself was not built for speed ({})",
                        r.tool_build.empty() ? "unknown build" : r.tool_build);
   }},
  {"congestion-control", kSuspect, kNone, "sockets of ours do not use cubic",
   "Load the kernel's module for it: modprobe tcp_cubic.",
   other_control, say_control},
  {"congestion-control", kNote, kNone, "a server that we did not start does not use cubic",
   "Compare it with servers that use the same congestion control.",
   [](const RunResult& r) -> Value { return differs(r, "server_congestion_control") ? 1 : 0; },
   say_control},
  {"tw-reuse", kNote, kNone, "the kernel may reuse ports that are in TIME_WAIT",
   "For figures of TIME_WAIT that do not depend on it: sysctl net.ipv4.tcp_tw_reuse=0.",
   reused,
   [](const RunResult& r, double) {
     return fmt::format("net.ipv4.tcp_tw_reuse is {}: what is predicted of TIME_WAIT is an upper "
                        "bound", printable(setting(r, "tcp_tw_reuse")));
   }},
  {"governor", kNote, kNone, "the processors' frequency follows the load",
   "For figures of processor time that compare between runs: cpupower frequency-set -g "
   "performance.",
   slow_governor,
   [](const RunResult& r, double) {
     return fmt::format("the frequency governor is {}: processor time at low load is dearer than "
                        "at high load", printable(setting(r, "governor")));
   }},
});
// clang-format on

}  // namespace

std::span<const RunRule> run_rules() noexcept {
  return kRunRules;
}

}  // namespace pushbench::result
