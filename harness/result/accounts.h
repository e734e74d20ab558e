// The three accounts of a cell that must balance, also after faults: what was expected, what was
// asked, what was opened. Each side is counted where it happens, never as a difference, so that a
// sum that does not come out is a fault of the tool or of its figures and is said. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::result {

struct Account {
  std::string_view name;      // "deliveries"
  std::string_view identity;  // "expected = delivered + lost + in flight"
  std::uint64_t whole = 0;    // the left side
  std::uint64_t parts = 0;    // the sum of the right side
  bool balances() const noexcept { return whole == parts; }
};

// Deliveries, requests, failed requests by class, sockets, cut sockets and failed connects by
// class.
std::vector<Account> accounts_of(const CellResult& cell);

// "deliveries: expected 100 = delivered 90 + lost 5 + in flight 4 is off by 1", for all that do not
// balance; empty when all do.
std::string imbalance_of(const CellResult& cell);

}  // namespace pushbench::result
