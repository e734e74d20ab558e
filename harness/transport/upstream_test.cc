#include "harness/transport/upstream.h"

#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"

#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

const std::string kTaken = "HTTP/1.1 204 No Content\r\nDate: Sat, 21 Nov 2026 01:43:00 GMT\r\n\r\n";
const std::string kPosted =
    "POST /upstream/room HTTP/1.1\r\nHost: peer.test\r\nContent-Type: application/octet-stream\r\n"
    "Content-Length: 5\r\n\r\nevent";

class HttpUpstreamTest : public testing::Test {
 protected:
  void play(std::vector<Script> scripts) {
    rig_.emplace(RigOptions{strategy_of("polling"), {}, {}, 1024}, std::move(scripts));
    upstream_.emplace(*rig_->subscription);
  }
  error_code send_event(std::string_view event = "event") {
    rig_->run(upstream_->send(event, rig_->time.now()));
    return *rig_->result;
  }
  void TearDown() override {
    upstream_->stop();
    rig_->finish();
  }
  std::optional<Rig> rig_;
  std::optional<HttpUpstream> upstream_;
};

TEST_F(HttpUpstreamTest, PostsOverOneConnection) {
  play({{expect_head(), expect_bytes(5), send(kTaken), expect_head(), expect_bytes(5),
         send(kTaken)}});
  ASSERT_EQ(send_event(), error_code());
  ASSERT_EQ(send_event(), error_code());
  EXPECT_EQ(rig_->got(), kPosted + kPosted);
  const CollectingSink& sink = rig_->sink;
  EXPECT_EQ(sink.opened, 1U);
  EXPECT_EQ(sink.up.payload, 10U);
  EXPECT_EQ(sink.up.head, 2 * (kPosted.size() - 5));
  EXPECT_EQ(sink.down.head, 2 * kTaken.size());
  EXPECT_EQ(sink.upstream_sent, (std::vector<std::uint64_t>(2, kPosted.size())));
  EXPECT_EQ(sink.upstream_down, 2 * kTaken.size());
  EXPECT_EQ(sink.upstream_took.size(), 2U);
  EXPECT_EQ(upstream_->deadline, TimePoint::max());
  EXPECT_EQ(sink.requests, 0U);
}

// One request at a time: an event that waited for the answer before it was late, and says so.
TEST_F(HttpUpstreamTest, TheAcknowledgementCountsFromTheDueInstant) {
  play({{expect_head(), expect_bytes(5), send(kTaken)}});
  const TimePoint due = rig_->time.now();
  rig_->time.advance(std::chrono::seconds(1));
  rig_->run(upstream_->send("event", due));
  ASSERT_EQ(*rig_->result, error_code());
  EXPECT_EQ(rig_->sink.upstream_took, std::vector<Nanos>{std::chrono::seconds(1)});
}

TEST_F(HttpUpstreamTest, OpensAgainAfterTheServerClosed) {
  play({{expect_head(), expect_bytes(5), send(kTaken), close_now()},
        {expect_head(), expect_bytes(5), send(kTaken)}});
  ASSERT_EQ(send_event(), error_code());
  rig_->settle();
  ASSERT_EQ(send_event(), error_code());
  EXPECT_EQ(rig_->sink.opened, 2U);
  EXPECT_EQ(rig_->sink.closes, std::vector<error_code>{Errc::kGoingAway});
}

TEST_F(HttpUpstreamTest, ARefusalIsAStatusFaultAndNoAcknowledgement) {
  play({{expect_head(), expect_bytes(5), send(http_answer("413 Too Large", "", "no\n"))}});
  EXPECT_EQ(fault_of(send_event()), Fault::kHttpStatus);
  EXPECT_TRUE(rig_->sink.upstream_took.empty());
  EXPECT_EQ(rig_->sink.closes, std::vector<error_code>{Errc::kBadStatus});
}

TEST_F(HttpUpstreamTest, AnAnswerCutAnywhereIsNoAcknowledgement) {
  for (std::size_t n = 0; n < kTaken.size(); ++n) {
    play({{expect_head(), expect_bytes(5), send(kTaken.substr(0, n)), close_now()}});
    EXPECT_EQ(fault_of(send_event()), Fault::kClosed) << n;
    EXPECT_TRUE(rig_->sink.upstream_took.empty());
    EXPECT_EQ(rig_->sink.down.total(), n);
  }
}

TEST_F(HttpUpstreamTest, ALargeEventIsSentWhole) {
  const std::string event(4 * 1024 * 1024, 'x');
  play({{expect_head(), expect_bytes(event.size()), send(kTaken)}});
  ASSERT_EQ(send_event(event), error_code());
  EXPECT_EQ(rig_->sink.up.payload, event.size());
  EXPECT_EQ(rig_->sink.up.total(), rig_->got().size());
}

TEST_F(HttpUpstreamTest, SilenceEndsAtTheDeadline) {
  play({{silence()}});
  std::optional<error_code> ended;
  auto sending = upstream_->send("event", rig_->time.now());
  rig_->spawn(std::move(sending), ended);
  ASSERT_TRUE(rig_->until([this] { return !rig_->sink.upstream_sent.empty(); }));
  EXPECT_EQ(upstream_->deadline, rig_->time.now() + rig_->options.limits.answer_timeout);
  upstream_->expire();
  ASSERT_TRUE(rig_->until([&ended] { return ended.has_value(); }));
  EXPECT_EQ(*ended, Errc::kTimeout);
}

TEST_F(HttpUpstreamTest, StopsWhileItWaits) {
  play({{silence()}});
  std::optional<error_code> ended;
  auto sending = upstream_->send("event", rig_->time.now());
  rig_->spawn(std::move(sending), ended);
  ASSERT_TRUE(rig_->until([this] { return !rig_->sink.upstream_sent.empty(); }));
  upstream_->stop();
  ASSERT_TRUE(rig_->until([&ended] { return ended.has_value(); }));
  EXPECT_EQ(*ended, error_code());
  EXPECT_EQ(rig_->sink.closes, std::vector{error_code()});
}

}  // namespace
}  // namespace pushbench::transport
