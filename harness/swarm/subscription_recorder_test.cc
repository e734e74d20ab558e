#include "harness/swarm/subscription_recorder.h"

#include "harness/result/accounts.h"
#include "harness/swarm/recorder_rig.h"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

using result::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;

class SubscriptionRecorderTest : public ::testing::Test, protected RecorderRig {
 protected:
  // All that is due of topic 0: 50 events in warm-up, 100 measured.
  static constexpr std::uint64_t kFirst = 50;
  static constexpr std::uint64_t kEnd = 150;
  void arrive(SubscriptionRecorder& sink, std::uint64_t ordinal) {
    sink.on_event(event(2 * ordinal), start + seconds(4));
  }
  result::CellResult settled(SubscriptionRecorder& sink, std::uint64_t young = kEnd) {
    sink.settle(kEnd, young);
    auto out = merged();
    out.counters[Counter::kExpected] = kEnd - kFirst;
    EXPECT_EQ(result::imbalance_of(out), "");
    return out;
  }
};

TEST_F(SubscriptionRecorderTest, CountsLossesHoleByHole) {
  SubscriptionRecorder sink(*recorder, 0);
  sink.on_subscribed(milliseconds(1), start);
  for (std::uint64_t ordinal = 0; ordinal < kEnd - 5; ++ordinal) {
    if (ordinal % 10 != 3) {
      arrive(sink, ordinal);
    }
  }
  arrive(sink, kEnd - 6);  // a duplicate hides nothing
  const auto cell = settled(sink);
  EXPECT_EQ(cell.counters[Counter::kLost], 10U + 5U);
  EXPECT_EQ(cell.counters[Counter::kDuplicate], 1U);
  EXPECT_EQ(cell.counters[Counter::kInFlight], 0U);
}

// What came uncompressed is told of the whole cell, since a stream says so before the window.
TEST_F(SubscriptionRecorderTest, CompressionIsCountedInTheWindowAndItsLackAlways) {
  SubscriptionRecorder sink(*recorder, 0);
  const transport::Spelling spelling{.event_text = 500, .uncompressed = 1};
  sink.on_spelling(spelling);
  recorder->open_window();
  sink.on_spelling(spelling);
  recorder->close_window();
  sink.on_spelling(spelling);
  const auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kEventText], 500U);
  EXPECT_EQ(cell.counters[Counter::kUncompressed], 3U);
}

TEST_F(SubscriptionRecorderTest, AYoungTailIsInFlightWhereTheConnectionIsOpen) {
  for (const bool cut : {false, true}) {
    renew();
    SubscriptionRecorder sink(*recorder, 0);
    sink.on_subscribed(milliseconds(1), start);
    for (std::uint64_t ordinal = kFirst; ordinal < kEnd - 5; ++ordinal) {
      arrive(sink, ordinal);
    }
    if (cut) {
      sink.on_ended();
    }
    const auto cell = settled(sink, kEnd - 3);
    EXPECT_EQ(cell.counters[Counter::kInFlight], cut ? 0U : 3U);
    EXPECT_EQ(cell.counters[Counter::kLost], cut ? 5U : 2U);
  }
}

TEST_F(SubscriptionRecorderTest, KnowsWhatACutCost) {
  SubscriptionRecorder sink(*recorder, 0);
  sink.on_subscribed(milliseconds(1), start);
  for (std::uint64_t ordinal = kFirst; ordinal < kEnd; ++ordinal) {
    if (ordinal == 70) {
      sink.on_ended();
      sink.on_subscribed(milliseconds(1), start);
    }
    if (ordinal == 100) {
      sink.on_gap();
    }
    if ((ordinal < 70 || ordinal >= 74) && (ordinal < 100 || ordinal >= 102) && ordinal != 90) {
      arrive(sink, ordinal);
    }
  }
  const auto cell = settled(sink);
  EXPECT_EQ(cell.counters[Counter::kLost], 7U);
  EXPECT_EQ(cell.counters[Counter::kLostInGap], 6U);
  EXPECT_EQ(cell.counters[Counter::kGaps], 1U);
}

TEST_F(SubscriptionRecorderTest, NobodyEverSubscribedLosesAll) {
  SubscriptionRecorder sink(*recorder, 0);
  EXPECT_EQ(settled(sink, kFirst).counters[Counter::kLost], kEnd - kFirst);
}

TEST_F(SubscriptionRecorderTest, TrafficCountsInTheWindowOnly) {
  SubscriptionRecorder sink(*recorder, 0);
  const wire::Traffic delta{.up = {.head = 10, .framing = 2, .payload = 0},
                            .down = {.head = 5, .framing = 1, .payload = 32}};
  const auto exchange = [&] {
    sink.on_traffic(delta);
    sink.on_request(3);
    sink.on_answer({.events = 0, .bytes = 90, .cursor_digits = 2, .length_digits = 1});
    sink.on_answer({.events = 3, .bytes = 300, .cursor_digits = 4, .length_digits = 3});
    sink.on_spelling({.event_digits = 6,
                      .event_escapes = 5,
                      .chunks = 4,
                      .chunk_digits = 7,
                      .heartbeats = 1,
                      .heartbeat_bytes = 8});
  };
  exchange();
  recorder->open_window();
  exchange();
  sink.on_request(0);
  sink.on_stream_head(5);
  recorder->close_window();
  exchange();
  const auto c = merged().counters;
  EXPECT_EQ(c[Counter::kHeadUp], 10U);
  EXPECT_EQ(c[Counter::kFramingUp], 2U);
  EXPECT_EQ(c[Counter::kHeadDown], 5U);
  EXPECT_EQ(c[Counter::kPayloadDown], 32U);
  EXPECT_EQ(c[Counter::kRequests], 2U);
  EXPECT_EQ(c[Counter::kRequestDigits], 3U);
  EXPECT_EQ(c[Counter::kFirstQuestions], 1U);
  EXPECT_EQ(c[Counter::kStreamHeads], 1U);
  EXPECT_EQ(c[Counter::kAnswers], 2U);
  EXPECT_EQ(c[Counter::kEmptyPolls], 1U);
  EXPECT_EQ(c[Counter::kEmptyPollBytes], 90U);
  EXPECT_EQ(c[Counter::kEmptyDigits], 2U);
  EXPECT_EQ(c[Counter::kFullDigits], 4U + 5U);
  EXPECT_EQ(c[Counter::kLengthDigits], 3U);
  EXPECT_EQ(c[Counter::kEventDigits], 6U);
  EXPECT_EQ(c[Counter::kEventEscapes], 5U);
  EXPECT_EQ(c[Counter::kChunks], 4U);
  EXPECT_EQ(c[Counter::kChunkDigits], 7U);
  EXPECT_EQ(c[Counter::kHeartbeats], 1U);
  EXPECT_EQ(c[Counter::kHeartbeatBytes], 8U);
}

// From the cut to the read that subscribed it again, heads of both directions.
TEST_F(SubscriptionRecorderTest, AReconnectHasItsBytes) {
  SubscriptionRecorder sink(*recorder, 0);
  recorder->open_window();
  const wire::Traffic asked{.up = {.head = 10, .framing = 0, .payload = 0}, .down = {}};
  const wire::Traffic answered{.up = {}, .down = {.head = 7, .framing = 3, .payload = 32}};
  const auto exchange = [&] {
    sink.on_traffic(asked);
    sink.on_subscribed(milliseconds(1), start);
    sink.on_traffic(answered);
    sink.on_traffic(answered);
  };
  exchange();
  EXPECT_EQ(merged().counters[Counter::kReconnectBytes], 0U);
  sink.on_ended();
  exchange();
  EXPECT_EQ(merged().counters[Counter::kReconnectBytes], 17U);
  sink.on_traffic(asked);
  EXPECT_EQ(merged().counters[Counter::kReconnectBytes], 17U);
}

TEST_F(SubscriptionRecorderTest, UpstreamBytesHaveAnAccountOfTheirOwn) {
  SubscriptionRecorder sink(*recorder, 0);
  recorder->open_window();
  sink.on_traffic({.up = {.head = 90, .framing = 0, .payload = 40}, .down = {}});
  sink.on_upstream_sent({.head = 90, .framing = 0, .payload = 40});
  sink.on_traffic({.up = {}, .down = {.head = 70, .framing = 2, .payload = 0}});
  sink.on_upstream_acked(milliseconds(3), {.head = 70, .framing = 2, .payload = 0});
  const auto cell = merged();
  for (const auto counter :
       {Counter::kHeadUp, Counter::kPayloadUp, Counter::kHeadDown, Counter::kFramingDown}) {
    EXPECT_EQ(cell.counters[counter], 0U);
  }
  EXPECT_EQ(cell.counters[Counter::kUpstreamBytesUp], 130U);
  EXPECT_EQ(cell.counters[Counter::kUpstreamBytesDown], 72U);
  EXPECT_EQ(cell.upstream_ack.count(), 1U);
}

// A pong is told as an acknowledgement before its read is settled, and an event that the kernel
// takes in parts is told as sent before its last bytes are.
TEST_F(SubscriptionRecorderTest, UpstreamBytesAreTakenOutWhicheverIsToldFirst) {
  SubscriptionRecorder sink(*recorder, 0);
  recorder->open_window();
  sink.on_upstream_sent({.head = 0, .framing = 16, .payload = 64});
  sink.on_traffic({.up = {.head = 0, .framing = 16, .payload = 64}, .down = {}});
  sink.on_upstream_acked(milliseconds(3), {.head = 0, .framing = 6, .payload = 0});
  sink.on_traffic({.up = {}, .down = {.head = 0, .framing = 6 + 4, .payload = 200}});
  const auto c = merged().counters;
  EXPECT_EQ(c[Counter::kFramingUp], 0U);
  EXPECT_EQ(c[Counter::kPayloadUp], 0U);
  EXPECT_EQ(c[Counter::kFramingDown], 4U);
  EXPECT_EQ(c[Counter::kPayloadDown], 200U);
}

TEST_F(SubscriptionRecorderTest, AConnectThatWeEndedIsNoFailure) {
  SubscriptionRecorder sink(*recorder, 0);
  sink.on_connect_failed(boost::asio::error::operation_aborted);
  EXPECT_EQ(merged().counters[Counter::kSocketsFailed], 0U);
}

TEST_F(SubscriptionRecorderTest, EverySocketEndsInOneAccount) {
  SubscriptionRecorder a(*recorder, 0);
  SubscriptionRecorder b(*recorder, 0);
  a.on_open();
  b.on_open();
  a.on_close(error_code());
  b.on_close(boost::asio::error::eof);
  a.on_connect_failed(boost::asio::error::connection_refused);
  a.on_open();
  a.on_close(Errc::kGoingAway);
  a.on_open();  // and stays so
  a.settle(0, 0);
  b.settle(0, 0);
  const auto cell = merged();
  EXPECT_EQ(result::imbalance_of(cell), "");
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened], 4U);
  EXPECT_EQ(cell.counters[Counter::kSocketsClosedWell], 2U);
  EXPECT_EQ(cell.counters[Counter::kSocketsCut], 1U);
  EXPECT_EQ(cell.counters[Counter::kSocketsOpenAtEnd], 1U);
  EXPECT_EQ(cell.counters[Counter::kSocketsFailed], 1U);
  EXPECT_EQ(cell.counters[Counter::kSocketsPeak], 2U);
  EXPECT_EQ(cell.cut_faults[static_cast<std::size_t>(Fault::kClosed)], 1U);
  EXPECT_EQ(cell.connect_faults[static_cast<std::size_t>(Fault::kRefused)], 1U);
}

TEST_F(SubscriptionRecorderTest, EveryRequestEndsInOneAccount) {
  SubscriptionRecorder poll(*recorder, 0);
  SubscriptionRecorder stream(*recorder, 0);
  poll.on_ask();
  poll.on_answer({.events = 1, .bytes = 9, .cursor_digits = 1, .length_digits = 1});
  poll.on_ask();
  poll.on_request_failed(Errc::kBadStatus);
  poll.on_ask();  // and stays unanswered
  stream.on_ask();
  stream.on_stream_head(1);
  poll.settle(0, 0);
  stream.settle(0, 0);
  const auto cell = merged();
  EXPECT_EQ(result::imbalance_of(cell), "");
  EXPECT_EQ(cell.counters[Counter::kRequestsSent], 4U);
  EXPECT_EQ(cell.counters[Counter::kRequestsAnswered], 2U);
  EXPECT_EQ(cell.counters[Counter::kRequestsFailed], 1U);
  EXPECT_EQ(cell.counters[Counter::kRequestsOpenAtEnd], 1U);
  EXPECT_EQ(cell.request_faults[static_cast<std::size_t>(Fault::kHttpStatus)], 1U);
}

TEST_F(SubscriptionRecorderTest, ASecondSubscribeIsAReconnect) {
  SubscriptionRecorder sink(*recorder, 0);
  EXPECT_FALSE(sink.take_progress());
  sink.on_subscribed(milliseconds(1), start);
  EXPECT_TRUE(sink.take_progress());
  EXPECT_FALSE(sink.take_progress());
  sink.on_subscribed(milliseconds(1), start + seconds(1));
  EXPECT_EQ(merged().counters[Counter::kReconnects], 1U);
  EXPECT_EQ(recorder->live().subscribed, 1U);
  EXPECT_EQ(sink.first_subscribed(), start);
}

TEST_F(SubscriptionRecorderTest, IsSmall) {
  EXPECT_LE(sizeof(SubscriptionRecorder), 184U);
}

// A visit from ordinal 60 to 120: what came before and after is received, and nobody asked for it.
TEST_F(SubscriptionRecorderTest, OwesWhatItsVisitOwes) {
  const plan::Owed owed{.first = 60, .end = 120};
  SubscriptionRecorder sink(*recorder, 0, &owed);
  recorder->open_window();
  sink.on_subscribed(milliseconds(1), start);
  for (std::uint64_t ordinal = 55; ordinal < 125; ++ordinal) {
    if (ordinal != 57 && ordinal != 80 && ordinal != 119 && ordinal != 122) {
      arrive(sink, ordinal);
    }
  }
  sink.on_left();
  sink.settle(kEnd, 100);  // as young as the last ones are, nothing is on its way any more
  auto cell = merged();
  cell.counters[Counter::kExpected] = 60;
  EXPECT_EQ(result::imbalance_of(cell), "");
  EXPECT_EQ(cell.counters[Counter::kReceived], 66U);
  EXPECT_EQ(cell.counters[Counter::kDelivered], 58U);
  EXPECT_EQ(cell.counters[Counter::kLost], 2U);
  EXPECT_EQ(cell.counters[Counter::kInFlight], 0U);
  EXPECT_EQ(cell.counters[Counter::kDuplicate], 0U);
  EXPECT_EQ(recorder->live().left, 1U);
}

TEST_F(SubscriptionRecorderTest, AVisitTooShortOwesNothing) {
  const plan::Owed owed{.first = 90, .end = 90};
  SubscriptionRecorder sink(*recorder, 0, &owed);
  sink.on_subscribed(milliseconds(1), start);
  arrive(sink, 89);
  arrive(sink, 90);
  sink.on_left();
  sink.settle(kEnd, kEnd);
  auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kDelivered], 0U);
  EXPECT_EQ(cell.counters[Counter::kLost], 0U);
}

}  // namespace
}  // namespace pushbench::swarm
