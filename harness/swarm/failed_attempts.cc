#include "harness/swarm/failed_attempts.h"

#include "harness/base/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::swarm {

using result::Counter;

std::string failed_attempts(const result::CellResult& cell) {
  result::FaultCounts faults = cell.connect_faults;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    faults[i] += cell.cut_faults[i];
  }
  const auto worst = std::max_element(faults.begin(), faults.end());
  const auto attempts =
      cell.counters[Counter::kSocketsFailed] + cell.counters[Counter::kSocketsCut];
  return attempts == 0 ? "nothing was answered"
                       : fmt::format("{} attempts failed, most of them: {}", attempts,
                                     fault_words(static_cast<Fault>(worst - faults.begin())));
}

Failure nobody_could_subscribe(const result::CellResult& cell,
                               const std::string& host,
                               const std::string& dialect) {
  return could_not_run(
      fmt::format("{}: none of {} clients could subscribe to {}; {}. Is it the right address, and "
                  "does the server speak the {} dialect?",
                  cell.name, cell.clients, host, failed_attempts(cell), dialect));
}

result::Caveat not_all_subscribed(const std::string& cell,
                                  std::uint64_t subscribed,
                                  std::uint64_t subscriptions) {
  return {.id = "not-all-subscribed",
          .severity = result::Verdict::kInvalid,
          .cell = cell,
          .text = fmt::format("only {} of {} subscriptions were up when publishing began",
                              human_count(static_cast<double>(subscribed)),
                              human_count(static_cast<double>(subscriptions))),
          .remedy = "use fewer clients or a longer ramp, and look at the faults of the sockets"};
}

}  // namespace pushbench::swarm
