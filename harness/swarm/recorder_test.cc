#include "harness/swarm/recorder.h"

#include "harness/wire/stamp.h"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

using result::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint32_t kTag = 77;

class RecorderTest : public ::testing::Test {
 protected:
  RecorderTest() {
    scenario_.topics = 2;
    scenario_.events.rate_per_s = 100;
    scenario_.events.arrival = plan::Arrival::kConstant;
    scenario_.events.payload.size = 32;
    scenario_.phases = {
        .ramp = seconds(1), .warmup = seconds(1), .measure = seconds(2), .drain = seconds(1)};
    recorder_ = std::make_unique<Recorder>(scenario_, cell_, kTag);
    timeline_ = {.cell_start = start_ - seconds(1),
                 .publish_start = start_,
                 .warmup = seconds(1),
                 .measure = seconds(2),
                 .started = true};
    recorder_->start(timeline_);
  }

  std::string event(std::uint64_t index, std::uint32_t tag = kTag, std::size_t size = 32) {
    std::string bytes(size, 'x');
    wire::encode_stamp({.run_tag = tag, .index = index},
                       std::span<char, wire::kStampSize>(bytes.data(), 16));
    return bytes;
  }
  std::uint32_t topic_of(std::uint64_t index) {
    plan::EventPlan events(scenario_);
    for (;;) {
      const auto planned = events.next();
      if (planned->index == index) {
        return planned->topic;
      }
    }
  }
  result::CellResult merged() {
    result::CellResult cell;
    recorder_->merge_into(cell, seconds_);
    return cell;
  }

  plan::Scenario scenario_;
  plan::StrategySpec cell_{.strategy = "websocket"};
  TimePoint start_{std::chrono::hours(5)};
  Timeline timeline_;
  std::unique_ptr<Recorder> recorder_;
  std::vector<SecondPoint> seconds_;
};

TEST_F(RecorderTest, LatencyCountsFromTheDueInstant) {
  SubscriptionRecorder sink(*recorder_, topic_of(150));
  sink.on_event(event(150), start_ + milliseconds(1500) + milliseconds(7));
  const auto cell = merged();
  EXPECT_EQ(cell.latency.count(), 1U);
  EXPECT_EQ(cell.latency.max(), milliseconds(7));
  EXPECT_EQ(cell.counters[Counter::kDelivered], 1U);
  EXPECT_EQ(seconds_[2].received, 1U);
  EXPECT_EQ(seconds_[2].worst_latency_ns, 7'000'000);
}

TEST_F(RecorderTest, WarmupIsNotCountedInTheAudit) {
  SubscriptionRecorder sink(*recorder_, topic_of(50));
  sink.on_event(event(50), start_ + milliseconds(501));
  EXPECT_EQ(merged().counters[Counter::kDelivered], 0U);
  EXPECT_TRUE(merged().latency.empty());
}

TEST_F(RecorderTest, DuplicatesAndReorderingHaveCountsOfTheirOwn) {
  const std::uint32_t topic = topic_of(150);
  SubscriptionRecorder sink(*recorder_, topic);
  const TimePoint now = start_ + seconds(2);
  sink.on_event(event(150), now);
  sink.on_event(event(154), now);
  sink.on_event(event(152), now);
  sink.on_event(event(152), now);
  sink.on_event(event(150), now);
  const auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kDelivered], 3U);
  EXPECT_EQ(cell.counters[Counter::kReordered], 1U);
  EXPECT_EQ(cell.counters[Counter::kDuplicate], 2U);
  EXPECT_EQ(cell.latency.count(), 3U);
}

TEST_F(RecorderTest, ForeignEventsAreNotDeliveries) {
  SubscriptionRecorder sink(*recorder_, topic_of(150));
  const TimePoint now = start_ + seconds(2);
  sink.on_event("no stamp at all, but long enough", now);
  sink.on_event(event(150, kTag + 1), now);  // another run
  sink.on_event(event(151), now);            // the other topic
  sink.on_event(event(150, kTag, 31), now);  // cut short
  sink.on_event(event(1'000'000), now);      // never planned
  const auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kForeign], 5U);
  EXPECT_EQ(cell.counters[Counter::kDelivered], 0U);
}

TEST_F(RecorderTest, LateIsDeliveredAndCounted) {
  scenario_.late = milliseconds(100);
  recorder_ = std::make_unique<Recorder>(scenario_, cell_, kTag);
  recorder_->start(timeline_);
  SubscriptionRecorder sink(*recorder_, topic_of(150));
  sink.on_event(event(150), start_ + milliseconds(1500) + milliseconds(101));
  EXPECT_EQ(merged().counters[Counter::kLate], 1U);
  EXPECT_EQ(merged().counters[Counter::kDelivered], 1U);
}

TEST_F(RecorderTest, TrafficCountsInTheWindowOnly) {
  SubscriptionRecorder sink(*recorder_, 0);
  const wire::Traffic delta{.up = {.head = 10, .framing = 2, .payload = 0},
                            .down = {.head = 5, .framing = 1, .payload = 32}};
  sink.on_traffic(delta);
  sink.on_request();
  recorder_->open_window();
  sink.on_traffic(delta);
  sink.on_request();
  sink.on_answer(0);
  sink.on_answer(3);
  recorder_->close_window();
  sink.on_traffic(delta);
  const auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kHeadUp], 10U);
  EXPECT_EQ(cell.counters[Counter::kFramingUp], 2U);
  EXPECT_EQ(cell.counters[Counter::kHeadDown], 5U);
  EXPECT_EQ(cell.counters[Counter::kPayloadDown], 32U);
  EXPECT_EQ(cell.counters[Counter::kRequests], 1U);
  EXPECT_EQ(cell.counters[Counter::kAnswers], 2U);
  EXPECT_EQ(cell.counters[Counter::kEmptyPolls], 1U);
}

TEST_F(RecorderTest, UpstreamBytesHaveAnAccountOfTheirOwn) {
  SubscriptionRecorder sink(*recorder_, 0);
  recorder_->open_window();
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

TEST_F(RecorderTest, AConnectThatWeEndedIsNoFailure) {
  SubscriptionRecorder sink(*recorder_, 0);
  sink.on_connect_failed(boost::asio::error::operation_aborted);
  EXPECT_EQ(merged().counters[Counter::kSocketsFailed], 0U);
}

TEST_F(RecorderTest, EverySocketEndsInOneAccount) {
  SubscriptionRecorder a(*recorder_, 0);
  SubscriptionRecorder b(*recorder_, 0);
  a.on_open();
  b.on_open();
  a.on_close(error_code());
  b.on_close(boost::asio::error::eof);
  a.on_connect_failed(boost::asio::error::connection_refused);
  a.on_open();
  a.on_close(Errc::kGoingAway);
  const auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kSocketsOpened], 3U);
  EXPECT_EQ(cell.counters[Counter::kSocketsClosedWell], 2U);
  EXPECT_EQ(cell.counters[Counter::kSocketsCut], 1U);
  EXPECT_EQ(cell.counters[Counter::kSocketsFailed], 1U);
  EXPECT_EQ(cell.counters[Counter::kSocketsPeak], 2U);
  EXPECT_EQ(cell.faults[static_cast<std::size_t>(Fault::kClosed)], 1U);
  EXPECT_EQ(cell.faults[static_cast<std::size_t>(Fault::kRefused)], 1U);
}

TEST_F(RecorderTest, ASecondSubscribeIsAReconnect) {
  SubscriptionRecorder sink(*recorder_, 0);
  EXPECT_FALSE(sink.take_progress());
  sink.on_subscribed(milliseconds(1));
  EXPECT_TRUE(sink.take_progress());
  EXPECT_FALSE(sink.take_progress());
  sink.on_subscribed(milliseconds(1));
  EXPECT_EQ(merged().counters[Counter::kReconnects], 1U);
  EXPECT_EQ(recorder_->live().subscribed, 1U);
}

TEST_F(RecorderTest, WorkersMergeToTheSum) {
  Recorder other(scenario_, cell_, kTag);
  other.start(timeline_);
  SubscriptionRecorder a(*recorder_, topic_of(150));
  SubscriptionRecorder b(other, topic_of(150));
  a.on_event(event(150), start_ + milliseconds(1501));
  b.on_event(event(150), start_ + milliseconds(1503));
  result::CellResult cell;
  recorder_->merge_into(cell, seconds_);
  other.merge_into(cell, seconds_);
  EXPECT_EQ(cell.counters[Counter::kDelivered], 2U);
  EXPECT_EQ(cell.latency.count(), 2U);
  EXPECT_EQ(seconds_[2].received, 2U);
  EXPECT_EQ(seconds_[2].worst_latency_ns, 3'000'000);
}

}  // namespace
}  // namespace pushbench::swarm
