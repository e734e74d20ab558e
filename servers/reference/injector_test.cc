#include "servers/reference/injector.h"

#include "harness/wire/event_line.h"
#include "servers/reference/loop.h"
#include "servers/reference/test_peer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace pushbench::servers {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

ServerOptions injecting(std::string_view spec) {
  ServerOptions options;
  EXPECT_TRUE(add_injection(spec, options.injection).has_value());
  return options;
}

// "1" … "count" to topic t, each acknowledged.
void publish_numbers(TestServer& server, int count) {
  Peer peer(server.port());
  for (int i = 1; i <= count; ++i) {
    const std::string answer = peer.ask(post("/publish/t", std::to_string(i)));
    ASSERT_TRUE(answer.starts_with("HTTP/1.1 204 ")) << answer;
  }
}

std::vector<std::string> events_in(const std::string& body) {
  std::vector<std::string> events;
  std::string scratch;
  wire::EventLine line;
  for (std::size_t start = 0; start < body.size();) {
    const std::size_t end = body.find('\n', start);
    EXPECT_TRUE(
        wire::parse_event_line(std::string_view(body).substr(start, end - start), line, scratch));
    EXPECT_EQ(line.seq, events.size() + 1);
    events.emplace_back(line.data);
    start = end + 1;
  }
  return events;
}

std::vector<std::string> log_of(TestServer& server) {
  Peer peer(server.port());
  const std::string answer = peer.ask(get("/poll/t"));
  return events_in(answer.substr(answer.find("\r\n\r\n") + 4));
}

std::uint64_t injected(TestServer& server, Injected what) {
  return server.metrics().count_of(what);
}

TEST(Injector, EveryThirdEventIsAcknowledgedAndLost) {
  TestServer server(injecting("lose=every:3"));
  publish_numbers(server, 7);
  EXPECT_THAT(log_of(server), ElementsAre("1", "2", "4", "5", "7"));
  EXPECT_EQ(injected(server, Injected::kLost), 2U);
}

TEST(Injector, EverySecondEventComesTwice) {
  TestServer server(injecting("duplicate=every:2"));
  publish_numbers(server, 4);
  EXPECT_THAT(log_of(server), ElementsAre("1", "2", "2", "3", "4", "4"));
  EXPECT_EQ(injected(server, Injected::kDuplicated), 2U);
}

TEST(Injector, EveryThirdEventChangesPlacesWithItsSuccessor) {
  TestServer server(injecting("reorder=every:3"));
  publish_numbers(server, 8);
  EXPECT_THAT(log_of(server), ElementsAre("1", "2", "4", "3", "5", "7", "6", "8"));
  EXPECT_EQ(injected(server, Injected::kReordered), 2U);
}

TEST(Injector, TopicsAreCountedApart) {
  TestServer server(injecting("lose=every:2"));
  publish_numbers(server, 1);
  publish(server, "other", "a");
  EXPECT_THAT(log_of(server), ElementsAre("1"));
  EXPECT_EQ(injected(server, Injected::kLost), 0U);
}

TEST(Injector, WordsWorkTogether) {
  TestServer server(injecting("lose=every:5,duplicate=every:3,reorder=every:2"));
  publish_numbers(server, 5);
  EXPECT_THAT(log_of(server), ElementsAre("1", "3", "3", "2"));
}

TEST(Injector, ADelayedEventIsAcknowledgedFirstAndComesLater) {
  TestServer server(injecting("delay=200ms"));
  Peer reader(server.port());
  reader.ask(get("/stream/t"));
  const TimePoint began = steady_now();
  publish_numbers(server, 2);
  EXPECT_LT(steady_now() - began, Millis(150));
  EXPECT_THAT(reader.until("\"1\"}\n"), HasSubstr("\"seq\":1"));
  EXPECT_GE(steady_now() - began, Millis(200));
  EXPECT_THAT(reader.until("\"2\"}\n"), HasSubstr("\"seq\":2"));
  EXPECT_EQ(injected(server, Injected::kDelayed), 2U);
}

// Ten events a second: one at once, then a tenth of a second each (less the tolerance), in their
// order.
TEST(Injector, EventsAboveALimitedRateWaitTheirTurn) {
  TestServer server(injecting("rate=10/s"));
  Peer reader(server.port());
  reader.ask(get("/stream/t"));
  const TimePoint began = steady_now();
  publish_numbers(server, 5);
  EXPECT_THAT(reader.until("\"5\"}\n"), HasSubstr("\"seq\":5"));
  EXPECT_GE(steady_now() - began, Millis(380));
  EXPECT_THAT(log_of(server), ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_GE(injected(server, Injected::kDelayed), 3U);
}

TEST(Injector, BelowALimitedRateNothingWaits) {
  TestServer server(injecting("rate=1000000/s"));
  publish_numbers(server, 5);
  EXPECT_THAT(log_of(server), ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_EQ(injected(server, Injected::kDelayed), 0U);
}

TEST(Injector, AStallStopsEverythingOnceForItsTime) {
  TestServer server(injecting("stall=300ms@100ms"));
  publish_numbers(server, 1);
  ASSERT_TRUE(
      server.reaches([](const Metrics& now) { return now.count_of(Injected::kStalled) == 1; }));
  const TimePoint began = steady_now();
  publish_numbers(server, 1);
  EXPECT_LT(steady_now() - began, Millis(100));
  EXPECT_EQ(injected(server, Injected::kStalled), 1U);
}

TEST(Injector, AStalledServerAnswersNobody) {
  TestServer server(injecting("stall=400ms@1ms"));
  const TimePoint began = steady_now();
  publish_numbers(server, 1);
  Peer peer(server.port());
  ::poll(nullptr, 0, 50);  // the stall begins within
  peer.ask(get("/healthz"));
  EXPECT_GE(steady_now() - began, Millis(400));
}

// Half of the second event and a reset; the reader comes back with the number that it has.
void expect_cut(TestServer& server, Peer& reader, std::string_view path) {
  publish_numbers(server, 2);
  const std::string got = reader.rest();
  EXPECT_TRUE(reader.closed());
  EXPECT_THAT(got, HasSubstr("1"));
  EXPECT_THAT(got, Not(HasSubstr("\"2\"}")));
  Peer again(server.port());
  again.send(get(std::string(path) + "?after=1"));
  EXPECT_THAT(again.until("2"), HasSubstr("2"));
  EXPECT_FALSE(again.closed());
}

TEST(Injector, AStreamIsCutInTheMiddleOfTheEvent) {
  for (const char* path : {"/stream/t", "/sse/t"}) {
    TestServer server(injecting("truncate=every:2"));
    Peer reader(server.port());
    reader.ask(get(path));
    expect_cut(server, reader, path);
    EXPECT_EQ(injected(server, Injected::kTruncated), 1U);
    EXPECT_EQ(injected(server, Injected::kCut), 1U);
  }
}

TEST(Injector, AnAnswerOnHoldIsCutInTheMiddleOfTheEvent) {
  TestServer server(injecting("truncate=every:2"));
  publish_numbers(server, 1);
  Peer reader(server.port());
  reader.send(get("/long-poll/t?after=1"));
  ASSERT_TRUE(server.reaches([](const Metrics& now) { return now.waiting == 1; }));
  publish(server, "t", "second and some more");
  const std::string got = reader.rest();
  EXPECT_TRUE(reader.closed());
  EXPECT_THAT(got, HasSubstr("sec"));
  EXPECT_THAT(got, Not(HasSubstr("some more")));
  EXPECT_EQ(injected(server, Injected::kCut), 1U);
  Peer again(server.port());
  EXPECT_THAT(again.ask(get("/long-poll/t?after=1")), HasSubstr("some more"));
  EXPECT_EQ(server.metrics().waiting, 0U);
}

// A poll that brings the cut event and earlier ones is cut; the one that asks for it alone is not.
TEST(Injector, APollIsCutInTheMiddleOfTheEventOnce) {
  TestServer server(injecting("truncate=every:3"));
  publish_numbers(server, 4);
  Peer reader(server.port());
  reader.send(get("/poll/t?after=0"));
  const std::string got = reader.rest();
  EXPECT_TRUE(reader.closed());
  EXPECT_THAT(got, HasSubstr("{\"seq\":2,\"data\":\"2\"}\n{\"seq\":3"));
  EXPECT_THAT(got, Not(HasSubstr("\"data\":\"3\"}")));
  Peer again(server.port());
  EXPECT_THAT(again.ask(get("/poll/t?after=2")), HasSubstr("\"data\":\"4\"}"));
  EXPECT_EQ(injected(server, Injected::kCut), 1U);
}

TEST(Injector, WhatIsDoneIsShownInMetricsOnlyWhenAsked) {
  TestServer plain;
  EXPECT_THAT(Peer(plain.port()).ask(get("/metrics")), Not(HasSubstr("injected")));
  TestServer server(injecting("lose=every:1"));
  publish_numbers(server, 3);
  EXPECT_THAT(Peer(server.port()).ask(get("/metrics")),
              HasSubstr("pushbench_injected_total{name=\"lose\"} 3\n"));
}

// Only a lower bound can be told by a clock.
TEST(Injector, ABusyWaitTakesItsTimeForEveryDelivery) {
  TestServer server(injecting("busy=500us"));
  publish_numbers(server, 8);
  const auto began = steady_now();
  Peer reader(server.port());
  EXPECT_THAT(reader.ask(get("/poll/t?after=0")), HasSubstr("\"data\":\"8\"}"));
  EXPECT_GE(steady_now() - began, 8 * std::chrono::microseconds(500));
  EXPECT_EQ(injected(server, Injected::kBusy), 8U);
}

TEST(Injector, ABusyWaitGoesBeforeEveryDeliveryToAStream) {
  TestServer server(injecting("busy=10%"));
  Peer reader(server.port());
  reader.send(get("/stream/t"));
  reader.until("\r\n\r\n");
  publish_numbers(server, 3);
  reader.until("\"data\":\"3\"}");
  EXPECT_EQ(injected(server, Injected::kBusy), 3U);
}

TEST(Injector, AHeaderByteMakesTheHeadOfEveryAnswerLonger) {
  TestServer plain;
  TestServer longer(injecting("header=1"));
  for (const char* path : {"/poll/t", "/healthz", "/nowhere"}) {
    const auto head = [path](TestServer& server) {
      Peer peer(server.port());
      peer.send(get(path));
      return peer.until("\r\n\r\n");
    };
    const auto got = head(longer);
    EXPECT_EQ(got.size(), head(plain).size() + 1) << path;
    EXPECT_THAT(got, HasSubstr("\r\nDate:  ")) << path;
  }
}

TEST(Injector, HeadsFromFilesCannotBeMadeLonger) {
  asio::io_context context;
  Reactor reactor(context);
  ServerOptions options = injecting("header=1");
  options.replays.push_back({.target = "/t", .topic = "t", .head = "", .length = 0});
  Server server(reactor, options);
  const auto port = server.listen();
  ASSERT_TRUE(port.has_error());
  EXPECT_THAT(port.error().text, HasSubstr("--replay"));
}

TEST(Injector, OnlyLoopbackServersInject) {
  asio::io_context context;
  Reactor reactor(context);
  ServerOptions options = injecting("lose=every:1");
  options.address = "0.0.0.0";
  Server server(reactor, options);
  const auto port = server.listen();
  ASSERT_TRUE(port.has_error());
  EXPECT_EQ(port.error().code, ExitCode::kUsage);
  EXPECT_THAT(port.error().text, HasSubstr("--inject"));
}

TEST(Injector, AServerThatHoldsEventsBackStillStops) {
  TestServer server(injecting("delay=30s,stall=30s@30s"));
  publish_numbers(server, 3);
  server.stop();
  EXPECT_TRUE(server.ends_within(Millis(2'000)));
}

}  // namespace
}  // namespace pushbench::servers
