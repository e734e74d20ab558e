#include "harness/result/delivery_rules.h"

#include "harness/result/sound_run.h"

#include <gtest/gtest.h>

namespace pushbench::result {
namespace {

std::string caveats_with(Counter counter, std::uint64_t value) {
  return caveats_of_cell([=](CellResult& cell) { cell.counters[counter] = value; });
}

TEST(DeliveryRules, WhatMustBeZero) {
  EXPECT_EQ(caveats_with(Counter::kGaps, 1), "invalid gaps");
  EXPECT_EQ(caveats_with(Counter::kUnpublished, 1), "invalid unpublished");
  EXPECT_EQ(caveats_with(Counter::kPublishRejected, 1), "invalid unpublished");
  EXPECT_EQ(caveats_with(Counter::kDuplicate, 1), "suspect duplicate-events");
  EXPECT_EQ(caveats_with(Counter::kReordered, 1), "suspect reordered-events");
  EXPECT_EQ(caveats_with(Counter::kBeyondWindow, 1), "suspect beyond-window");
  EXPECT_EQ(caveats_with(Counter::kForeign, 1), "suspect foreign-events");
}

TEST(DeliveryRules, WhatCameUncompressedThoughAskedForIsSaid) {
  EXPECT_EQ(caveats_with(Counter::kUncompressed, 1), "suspect uncompressed");
  EXPECT_EQ(text_after([](RunResult& run, CellResult& cell) {
              run.scenario.events.payload.kind = plan::PayloadSpec::Kind::kFile;
              cell.strategy.compression = "gzip";
              cell.counters[Counter::kUncompressed] = 1200;
            }),
            "1,200 of the answers, streams and messages came uncompressed, though gzip was asked "
            "for");
}

TEST(DeliveryRules, CompressedFillerIsANote) {
  EXPECT_EQ(caveats_of_cell([](CellResult& cell) { cell.strategy.compression = "gzip"; }),
            "note compressed-filler");
}

TEST(DeliveryRules, LossesSayHowManyFellIntoGaps) {
  EXPECT_EQ(caveats_of_cell([](CellResult& cell) { lose(cell, 1); }), "invalid lost-events");
  const auto text = [](std::uint64_t in_gap) {
    return text_after([in_gap](RunResult&, CellResult& cell) {
      lose(cell, 12);
      cell.counters[Counter::kLostInGap] = in_gap;
    });
  };
  EXPECT_EQ(text(0), "12 of 20,000 expected deliveries never arrived");
  EXPECT_EQ(text(5),
            "12 of 20,000 expected deliveries never arrived, 5 of them between a cut of a client's "
            "connection and its first event after it");
}

TEST(DeliveryRules, WhatIsStillOnItsWayIsNeitherLostNorDelivered) {
  EXPECT_EQ(caveats_of_cell([](CellResult& cell) {
              cell.counters[Counter::kInFlight] = 3;
              cell.counters[Counter::kDelivered] -= 3;
            }),
            "suspect in-flight");
}

TEST(DeliveryRules, LateIsANoteAndNamesItsBound) {
  const auto make_late = [](RunResult& run, CellResult& cell) {
    cell.counters[Counter::kLate] = 100;
    run.scenario.late = std::chrono::seconds(5);
  };
  EXPECT_EQ(caveats_after(make_late), "note late-events");
  EXPECT_EQ(text_after(make_late), "100 of 20,000 deliveries took longer than 5.00 s");
}

TEST(DeliveryRules, NothingDelivered) {
  const auto deliver = [](std::uint64_t n) {
    return caveats_of_cell([n](CellResult& cell) { lose(cell, 20'000 - n); });
  };
  EXPECT_EQ(deliver(0), "invalid nothing-delivered; invalid lost-events");
  EXPECT_EQ(deliver(1), "invalid lost-events");
}

TEST(DeliveryRules, AccountsThatDoNotBalance) {
  const auto off = [](Counter counter) {
    return caveats_of_cell([counter](CellResult& cell) { cell.counters[counter] += 1; });
  };
  EXPECT_EQ(off(Counter::kExpected), "invalid accounts");
  EXPECT_EQ(off(Counter::kRequestsSent), "invalid accounts");
  EXPECT_EQ(off(Counter::kSocketsOpened), "invalid accounts");
  EXPECT_NE(text_after([](RunResult&, CellResult& cell) {
              cell.counters[Counter::kExpected] += 1;
            }).find("20001 is not 20000"),
            std::string::npos);
}

// Sound has 2,000 sockets: 2 are exactly 0.1 %.
TEST(DeliveryRules, FailedAndCutSockets) {
  const auto cut = [](std::uint64_t n) {
    return caveats_of_cell([n](CellResult& cell) { cut_sockets(cell, Fault::kReset, n); });
  };
  const auto fail = [](std::uint64_t n) {
    return caveats_of_cell([n](CellResult& cell) { fail_connects(cell, Fault::kRefused, n); });
  };
  EXPECT_EQ(cut(1), "suspect failed-sockets");
  EXPECT_EQ(cut(2), "suspect failed-sockets");
  EXPECT_EQ(cut(3), "invalid failed-sockets");
  EXPECT_EQ(fail(2), "suspect failed-sockets");
  EXPECT_EQ(fail(3), "invalid failed-sockets");
}

TEST(DeliveryRules, FailedSocketsNameTheirFaults) {
  EXPECT_EQ(text_after([](RunResult&, CellResult& cell) {
              cut_sockets(cell, Fault::kReset, 3);
              fail_connects(cell, Fault::kTimeout, 1);
            }),
            "1 connects failed and 3 connections were cut, of 2,000 opened: reset 3, timeout 1");
}

// Sound has 1,000 requests: 1 is exactly 0.1 %.
TEST(DeliveryRules, FailedRequestsNameTheirFaults) {
  const auto fail = [](std::uint64_t n) {
    return caveats_of_cell([n](CellResult& cell) { fail_requests(cell, Fault::kHttpStatus, n); });
  };
  EXPECT_EQ(fail(1), "suspect failed-requests");
  EXPECT_EQ(fail(2), "invalid failed-requests");
  EXPECT_EQ(text_after([](RunResult&, CellResult& cell) {
              fail_requests(cell, Fault::kHttpStatus, 2);
              fail_requests(cell, Fault::kBadHead, 1);
            }),
            "3 of 1,000 requests failed: status 2, bad_head 1");
}

TEST(DeliveryRules, ShortagesHaveRulesOfTheirOwn) {
  const auto fail = [](Fault fault) {
    return caveats_of_cell([fault](CellResult& cell) { fail_connects(cell, fault, 1); });
  };
  EXPECT_EQ(fail(Fault::kNoDescriptors), "invalid no-descriptors; suspect failed-sockets");
  EXPECT_EQ(fail(Fault::kNoPorts), "invalid no-ports; suspect failed-sockets");
}

TEST(DeliveryRules, SkippedPolls) {  // of 990 requests
  EXPECT_EQ(caveats_with(Counter::kSkippedPolls, 10), "");
  EXPECT_EQ(caveats_with(Counter::kSkippedPolls, 11), "suspect skipped-polls");
}

TEST(DeliveryRules, UpstreamUnacked) {
  const auto unacked = [](std::uint64_t missing) {
    return caveats_of_cell([missing](CellResult& cell) {
      cell.counters[Counter::kUpstreamSent] = 1000;
      cell.counters[Counter::kUpstreamAcked] = 1000 - missing;
    });
  };
  EXPECT_EQ(unacked(10), "");
  EXPECT_EQ(unacked(11), "suspect upstream-unacked");
}

TEST(DeliveryRules, InterruptedCells) {
  EXPECT_EQ(caveats_of_cell([](CellResult& cell) { cell.finished = false; }), "invalid unfinished");
}

}  // namespace
}  // namespace pushbench::result
