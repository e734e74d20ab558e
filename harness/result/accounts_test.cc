#include "harness/result/accounts.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

namespace pushbench::result {
namespace {

TEST(Accounts, ExamplesBalance) {
  for (const auto& run : {example_result(), doubtful_result(), minimal_result()}) {
    for (const auto& cell : run.cells) {
      EXPECT_EQ(imbalance_of(cell), "") << cell.label();
    }
  }
}

// Every counter and class that stands in an identity can break it, and is named.
TEST(Accounts, WhatDoesNotComeOutIsSaid) {
  for (const auto counter :
       {Counter::kExpected, Counter::kDelivered, Counter::kLost, Counter::kInFlight,
        Counter::kRequestsSent, Counter::kRequestsAnswered, Counter::kRequestsOpenAtEnd,
        Counter::kSocketsOpened, Counter::kSocketsClosedWell, Counter::kSocketsOpenAtEnd}) {
    auto cell = example_result().cells[0];
    ++cell.counters[counter];
    EXPECT_NE(imbalance_of(cell), "") << counter_name(counter);
  }
  for (const auto member :
       {&CellResult::connect_faults, &CellResult::cut_faults, &CellResult::request_faults}) {
    auto cell = example_result().cells[0];
    ++(cell.*member)[0];
    EXPECT_NE(imbalance_of(cell), "");
  }
}

TEST(Accounts, ADuplicateDoesNotHideALoss) {
  auto cell = example_result().cells[0];
  cell.counters[Counter::kLost] = 3;
  cell.counters[Counter::kDelivered] -= 3;
  cell.counters[Counter::kDuplicate] = 3;
  EXPECT_EQ(imbalance_of(cell), "");
  cell.counters[Counter::kDelivered] += 3;
  EXPECT_EQ(
      imbalance_of(cell),
      "deliveries: expected = delivered + lost + in flight does not hold, 60000 is not 60003");
}

}  // namespace
}  // namespace pushbench::result
