#include "harness/model/segments.h"

#include <gtest/gtest.h>

namespace pushbench::model {
namespace {

void expect_amount(const Amount& amount, double low, double mean, double high) {
  EXPECT_DOUBLE_EQ(amount.low, low);
  EXPECT_DOUBLE_EQ(amount.mean, mean);
  EXPECT_DOUBLE_EQ(amount.high, high);
}

TEST(Segments, HoldWhatAnEthernetFrameHasRoomFor) {
  EXPECT_EQ(kSegmentData + kSegmentHeads, 1500);
  EXPECT_EQ(data_segments(1), 1);
  EXPECT_EQ(data_segments(1448), 1);
  EXPECT_EQ(data_segments(1449), 2);
  EXPECT_EQ(data_segments(0), 0);
}

// Counted by TCP_INFO on loopback of one kernel: 1 + 1 for a push of one segment, 4 + 1 for 5,200
// bytes, 46 + 2 for 65,536.
TEST(Segments, APushIsDataAndItsAcknowledgement) {
  expect_amount(run_segments(100, false), 1.5, 2, 2);
  expect_amount(run_segments(5200, false), 4.5, 5, 8);
  expect_amount(run_segments(65536, false), 47, 48, 92);
  expect_amount(run_segments(100, true), 1, 1, 2);
}

// 3 a poll when the next is more than 40 ms away, 2 back to back.
TEST(Segments, OfAPoll) {
  AskedRuns runs{.requests = 10,
                 .request_bytes = 60,
                 .empty_answers = 10,
                 .empty_bytes = 90,
                 .full_answers = {}};
  expect_amount(asked_segments(runs), 25, 30, 40);
  runs.asks_again_soon = true;
  expect_amount(asked_segments(runs), 20, 20, 40);
}

// 4 a cycle when parked before and after, 3 when the next question follows at once.
TEST(Segments, OfALongPoll) {
  AskedRuns runs{.requests = 10,
                 .request_bytes = 80,
                 .slow_share = 1,
                 .asks_again_soon = true,
                 .full_answers = {}};
  runs.full_answers = answer_segments(300, runs).times(10);
  EXPECT_DOUBLE_EQ(asked_segments(runs).mean, 30);
  runs.asks_again_soon = false;
  runs.full_answers = answer_segments(300, runs).times(10);
  EXPECT_DOUBLE_EQ(asked_segments(runs).mean, 40);
}

// SYN, SYN-ACK, ACK, question, ACK, answer, ACK, and four to end; at least 3 + 2 + 3 and one
// acknowledgement.
TEST(Segments, OfAPollWithItsOwnConnection) {
  const AskedRuns runs{.requests = 1,
                       .request_bytes = 80,
                       .new_connections = true,
                       .empty_answers = 1,
                       .empty_bytes = 110,
                       .full_answers = {}};
  expect_amount(asked_segments(runs), 8.5, 11, 11);
}

}  // namespace
}  // namespace pushbench::model
