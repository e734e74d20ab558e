#include "harness/gate/counted_tiers.h"

#include "harness/gate/made_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace pushbench::gate {
namespace {

using testing::HasSubstr;
using Change = std::function<void(CellFacts&, std::size_t)>;

class CountedTiers : public testing::Test {
 protected:
  CountedTiers() : base_(10, made_cell({})), head_(10, made_cell({})) {}
  CellPair pair() const {
    CellPair out{.cell = "websocket", .base = {}, .head = {}};
    for (std::size_t i = 0; i < base_.size(); ++i) {
      out.base.push_back(&base_[i]);
      out.head.push_back(&head_[i]);
    }
    return out;
  }
  static void change(std::vector<CellFacts>& side, const Change& what) {
    for (std::size_t i = 0; i < side.size(); ++i) {
      what(side[i], i);
    }
  }
  std::vector<CellFacts> base_, head_;
};

TEST_F(CountedTiers, OneRowSaysThatAllIsTheSame) {
  const auto exact = exact_rows(pair());
  ASSERT_EQ(exact.size(), 1U);
  EXPECT_EQ(exact[0].found, Found::kSame);
  EXPECT_EQ(exact[0].note, "2 counts agree");
  EXPECT_EQ(audit_rows(pair(), 0.01)[0].found, Found::kSame);
  EXPECT_EQ(model_rows(pair())[0].note, "nothing predicted");
}

TEST_F(CountedTiers, LessThanBeforeIsAChangeOfAnExactCountToo) {
  change(head_, [](CellFacts& cell, std::size_t) { cell.exact["requests"] = 0; });
  const auto rows = exact_rows(pair());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].metric, "exact.requests");
  EXPECT_EQ(rows[0].found, Found::kWorse);
}

TEST_F(CountedTiers, ACountThatOnlyOneSideHasIsAChange) {
  change(head_, [](CellFacts& cell, std::size_t) { cell.exact["pushes"] = 5; });
  const auto rows = exact_rows(pair());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].metric, "exact.pushes");
  EXPECT_FALSE(rows[0].base);
  EXPECT_EQ(rows[0].found, Found::kWorse);
}

TEST_F(CountedTiers, ExactCountsThatScatterInBothSidesAreOpen) {
  const Change scatter = [](CellFacts& cell, std::size_t i) { cell.exact["requests"] = i % 2; };
  change(base_, scatter);
  change(head_, scatter);
  const auto rows = exact_rows(pair());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].found, Found::kUndecided);
  EXPECT_TRUE(rows[0].open);
  EXPECT_THAT(rows[0].note, HasSubstr("differ among themselves"));
}

TEST_F(CountedTiers, AProbeThatFailsInOneRunIsLeftOutAndOneThatFailsInAllIsNot) {
  head_[3].exact.clear();
  EXPECT_EQ(exact_rows(pair())[0].found, Found::kSame);
  change(head_, [](CellFacts& cell, std::size_t) { cell.exact.clear(); });
  const auto rows = exact_rows(pair());
  EXPECT_EQ(rows[0].found, Found::kWorse);
  EXPECT_THAT(rows[0].note, HasSubstr("no run of the head"));
  change(base_, [](CellFacts& cell, std::size_t) { cell.exact.clear(); });
  EXPECT_EQ(exact_rows(pair())[0].found, Found::kSame);
}

TEST_F(CountedTiers, OneLostDeliveryIsARegressionWhereTheBaseHasNone) {
  head_[7].audit["lost"] = 1;
  const auto rows = audit_rows(pair(), 0.01);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].metric, "audit.lost");
  EXPECT_EQ(rows[0].found, Found::kWorse);
  EXPECT_EQ(found_name(rows[0]), "more");
  EXPECT_EQ(rows[0].head, 1);
}

TEST_F(CountedTiers, WhereTheBaseHasTroubleMoreMustBeMoreThanChance) {
  change(base_, [](CellFacts& cell, std::size_t i) { cell.audit["lost"] = i; });
  change(head_, [](CellFacts& cell, std::size_t i) { cell.audit["lost"] = i + 1; });
  EXPECT_EQ(audit_rows(pair(), 0.01)[0].found, Found::kSame);
  change(head_, [](CellFacts& cell, std::size_t i) { cell.audit["lost"] = i + 20; });
  EXPECT_EQ(audit_rows(pair(), 0.01)[0].found, Found::kWorse);
  change(head_, [](CellFacts& cell, std::size_t) { cell.audit["lost"] = 0; });
  EXPECT_EQ(audit_rows(pair(), 0.01)[0].found, Found::kBetter);
}

TEST_F(CountedTiers, WhatLeavesThePredictionInHalfOfTheRunsIsARegression) {
  const Change inside = [](CellFacts& cell, std::size_t) {
    set_metric(cell, "bytes_per_delivery", 132);
    cell.predicted["bytes_per_delivery"] = {.mean = 132, .low = 131, .high = 133};
  };
  change(base_, inside);
  change(head_, inside);
  EXPECT_EQ(model_rows(pair())[0].note, "1 metrics as before");
  for (std::size_t i = 0; i < 4; ++i) {
    set_metric(head_[i], "bytes_per_delivery", 140);
  }
  EXPECT_EQ(model_rows(pair())[0].found, Found::kSame);
  set_metric(head_[4], "bytes_per_delivery", 140);
  const auto rows = model_rows(pair());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].found, Found::kWorse);
  EXPECT_THAT(rows[0].note, HasSubstr("0 of 10 runs of the base and in 5 of 10 of the head"));
  set_metric(base_[0], "bytes_per_delivery", 140);
  EXPECT_EQ(model_rows(pair())[0].found, Found::kSame);
}

TEST_F(CountedTiers, BytesThatNothingExplainsAreARegression) {
  const Change none = [](CellFacts& cell, std::size_t) {
    set_metric(cell, "unexplained_bytes", 0);
  };
  change(base_, none);
  change(head_, [](CellFacts& cell, std::size_t i) {
    set_metric(cell, "unexplained_bytes", i < 6 ? 100 : 0);
  });
  const auto rows = model_rows(pair());
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].metric, "model.unexplained_bytes");
  EXPECT_EQ(rows[0].found, Found::kWorse);
}

}  // namespace
}  // namespace pushbench::gate
