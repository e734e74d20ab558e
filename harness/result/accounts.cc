#include "harness/result/accounts.h"

#include <fmt/format.h>

#include <numeric>

namespace pushbench::result {
namespace {

std::uint64_t sum(const FaultCounts& faults) {
  return std::accumulate(faults.begin(), faults.end(), std::uint64_t{0});
}

std::uint64_t sum(const CellResult& cell, std::initializer_list<Counter> parts) {
  std::uint64_t total = 0;
  for (const auto part : parts) {
    total += cell.counters[part];
  }
  return total;
}

}  // namespace

std::vector<Account> accounts_of(const CellResult& cell) {
  const auto& c = cell.counters;
  return {
      {"deliveries", "expected = delivered + lost + in flight", c[Counter::kExpected],
       sum(cell, {Counter::kDelivered, Counter::kLost, Counter::kInFlight})},
      {"requests", "sent = answered + failed + open at the end", c[Counter::kRequestsSent],
       sum(cell,
           {Counter::kRequestsAnswered, Counter::kRequestsFailed, Counter::kRequestsOpenAtEnd})},
      {"failed requests", "failed = the sum of their classes", c[Counter::kRequestsFailed],
       sum(cell.request_faults)},
      {"sockets", "opened = closed well + cut + open at the end", c[Counter::kSocketsOpened],
       sum(cell, {Counter::kSocketsClosedWell, Counter::kSocketsCut, Counter::kSocketsOpenAtEnd})},
      {"cut sockets", "cut = the sum of their classes", c[Counter::kSocketsCut],
       sum(cell.cut_faults)},
      {"failed connects", "failed = the sum of their classes", c[Counter::kSocketsFailed],
       sum(cell.connect_faults)},
  };
}

std::string imbalance_of(const CellResult& cell) {
  std::string out;
  for (const auto& account : accounts_of(cell)) {
    if (!account.balances()) {
      out += fmt::format("{}{}: {} does not hold, {} is not {}", out.empty() ? "" : "; ",
                         account.name, account.identity, account.whole, account.parts);
    }
  }
  return out;
}

}  // namespace pushbench::result
