// Why clients did not get in, in words for a sentence. Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/result/run_result.h"

#include <cstdint>
#include <string>

namespace pushbench::swarm {

// "12 attempts failed, most of them: nobody listens there", by the commonest class of fault among
// failed connects and cut connections; "nothing was answered" when none failed.
std::string failed_attempts(const result::CellResult& cell);

// The sentence for a cell that nobody could subscribe to.
Failure nobody_could_subscribe(const result::CellResult& cell,
                               const std::string& host,
                               const std::string& dialect);

// For a cell in which only some could.
result::Caveat not_all_subscribed(const std::string& cell,
                                  std::uint64_t subscribed,
                                  std::uint64_t subscriptions);

}  // namespace pushbench::swarm
