#include "harness/swarm/recorder.h"

#include "harness/swarm/recorder_rig.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

using result::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;

class RecorderTest : public ::testing::Test, protected RecorderRig {};

TEST_F(RecorderTest, LatencyCountsFromTheDueInstant) {
  SubscriptionRecorder sink(*recorder, topic_of(150));
  sink.on_event(event(150), due(150) + milliseconds(7));
  const auto cell = merged();
  EXPECT_EQ(cell.latency.count(), 1U);
  EXPECT_EQ(cell.latency.max(), milliseconds(7));
  EXPECT_EQ(cell.counters[Counter::kDelivered], 1U);
  EXPECT_EQ(figures.seconds[2].received, 1U);
  EXPECT_EQ(figures.seconds[2].latency_sum_ns, 7'000'000);
  EXPECT_EQ(figures.seconds[2].worst_latency_ns, 7'000'000);
  ASSERT_GT(figures.latencies.size(), 2U);
  EXPECT_EQ(figures.latencies.at(2).count(), 1U);
  EXPECT_TRUE(figures.latencies.at(1).empty());
}

TEST_F(RecorderTest, LatencyFromSentStandsBesideIt) {
  SubscriptionRecorder sink(*recorder, topic_of(150));
  sent.put(150, milliseconds(1502));
  sink.on_event(event(150), due(150) + milliseconds(7));
  sink.on_event(event(152), due(152) + milliseconds(7));  // nothing noted
  const auto cell = merged();
  EXPECT_EQ(cell.latency.count(), 2U);
  EXPECT_EQ(cell.latency_from_sent.count(), 1U);
  EXPECT_EQ(cell.latency_from_sent.max(), milliseconds(5));
}

// The first receiver may be quicker than the publisher's note; the others of the event are not.
TEST_F(RecorderTest, ANoteThatComesAfterTheFirstReceiverServesTheOthers) {
  SubscriptionRecorder first(*recorder, topic_of(150));
  SubscriptionRecorder second(*recorder, topic_of(150));
  first.on_event(event(150), due(150) + milliseconds(1));
  sent.put(150, milliseconds(1502));
  second.on_event(event(150), due(150) + milliseconds(7));
  first.on_event(event(152), due(152));
  EXPECT_EQ(merged().latency_from_sent.count(), 1U);
  EXPECT_EQ(merged().latency.count(), 3U);
}

TEST_F(RecorderTest, WarmupIsNotCountedInTheAudit) {
  SubscriptionRecorder sink(*recorder, topic_of(50));
  sink.on_event(event(50), due(50) + milliseconds(1));
  EXPECT_EQ(merged().counters[Counter::kDelivered], 0U);
  EXPECT_TRUE(merged().latency.empty());
}

TEST_F(RecorderTest, DuplicatesAndReorderingHaveCountsOfTheirOwn) {
  SubscriptionRecorder sink(*recorder, topic_of(150));
  const TimePoint now = start + seconds(2);
  for (const std::uint64_t index : {150U, 154U, 152U, 152U, 150U}) {
    sink.on_event(event(index), now);
  }
  const auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kDelivered], 3U);
  EXPECT_EQ(cell.counters[Counter::kReordered], 1U);
  EXPECT_EQ(cell.counters[Counter::kDuplicate], 2U);
  EXPECT_EQ(cell.latency.count(), 3U);
}

TEST_F(RecorderTest, ForeignEventsAreNotDeliveries) {
  SubscriptionRecorder sink(*recorder, topic_of(150));
  const TimePoint now = start + seconds(2);
  sink.on_event("no stamp at all, but long enough", now);
  sink.on_event(event(150, kTag + 1), now);  // another run
  sink.on_event(event(151), now);            // the other topic
  sink.on_event(event(150, kTag, 31), now);  // cut short
  sink.on_event(event(1'000'000), now);      // never planned
  sink.on_event(event(250), now);            // before it was due
  sink.on_event("~", now);
  const auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kForeign], 7U);
  EXPECT_EQ(cell.counters[Counter::kDelivered], 0U);
}

TEST_F(RecorderTest, LateIsDeliveredAndCounted) {
  scenario.late = milliseconds(100);
  renew();
  SubscriptionRecorder sink(*recorder, topic_of(150));
  sink.on_event(event(150), due(150) + milliseconds(101));
  EXPECT_EQ(merged().counters[Counter::kLate], 1U);
  EXPECT_EQ(merged().counters[Counter::kDelivered], 1U);
}

// Older than what the worker remembers of the plan: whether it is a first copy nobody can tell.
TEST_F(RecorderTest, AnEventBeyondTheWindowOfThePlanIsNotDelivered) {
  scenario.events.rate_per_s = 100'000;
  renew();
  const auto last = counts.published - 1;
  SubscriptionRecorder sink(*recorder, topic_of(last));
  sink.on_event(event(last), start + seconds(4));
  const auto measured = (counts.published - counts.measured) + 1;
  sink.on_event(event(measured), start + seconds(60));
  EXPECT_EQ(merged().counters[Counter::kDelivered], 1U);
  EXPECT_EQ(merged().counters[Counter::kBeyondWindow] + merged().counters[Counter::kReordered], 1U);
}

TEST_F(RecorderTest, TheLinksOwnErrorIsThatOfTheWindow) {
  recorder->record_link_error(milliseconds(9));
  recorder->open_window();
  recorder->record_link_error(Nanos(2'000));
  recorder->close_window();
  recorder->record_link_error(milliseconds(9));
  const auto cell = merged();
  EXPECT_EQ(cell.link_error.count(), 1U);
  EXPECT_LT(cell.link_error.max(), milliseconds(1));
}

TEST_F(RecorderTest, WorkersMergeToTheSum) {
  const auto other = make();
  SubscriptionRecorder a(*recorder, topic_of(150));
  SubscriptionRecorder b(*other, topic_of(150));
  a.on_event(event(150), due(150) + milliseconds(1));
  b.on_event(event(150), due(150) + milliseconds(3));
  result::CellResult cell;
  recorder->merge_into(cell, figures);
  other->merge_into(cell, figures);
  EXPECT_EQ(cell.counters[Counter::kDelivered], 2U);
  EXPECT_EQ(cell.latency.count(), 2U);
  EXPECT_EQ(figures.seconds[2].received, 2U);
  EXPECT_EQ(figures.seconds[2].worst_latency_ns, 3'000'000);
  EXPECT_EQ(figures.latencies.at(2).count(), 2U);
  stats::Histogram spreads;
  figures.fan_out->record_spreads({2, 2}, spreads);
  EXPECT_EQ(spreads.max(), milliseconds(2));
}

TEST_F(RecorderTest, ClientsAreTakenOnce) {
  ClientFigures one;
  one.record(milliseconds(4));
  recorder->record_client(one, start);
  recorder->record_client(ClientFigures(), start);  // nothing reached it
  const auto cell = merged();
  EXPECT_EQ(cell.client_p50.count(), 1U);
  EXPECT_EQ(cell.client_p99.max(), milliseconds(4));
  ASSERT_EQ(figures.connects.size(), 1U);
  EXPECT_EQ(figures.connects[0].sum_ns, 4'000'000);
}

TEST_F(RecorderTest, WithoutAnAuditDeliveriesAreCountedAndNoMore) {
  audit = false;
  renew();
  SubscriptionRecorder sink(*recorder, topic_of(150));
  recorder->open_window();
  sink.on_event(event(150), due(150) + milliseconds(7));
  sink.on_event("anything", due(150) + milliseconds(8));
  sink.settle(counts.published, counts.published);
  const auto cell = merged();
  EXPECT_EQ(cell.counters[Counter::kReceived], 2U);
  EXPECT_EQ(figures.seconds[2].received, 2U);
  EXPECT_EQ(figures.seconds[2].timed, 0U);
  EXPECT_TRUE(cell.latency.empty());
  for (const auto counter : {Counter::kDelivered, Counter::kForeign, Counter::kLost}) {
    EXPECT_EQ(cell.counters[counter], 0U);
  }
}

}  // namespace
}  // namespace pushbench::swarm
