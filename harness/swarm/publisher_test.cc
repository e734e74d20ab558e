#include "harness/swarm/publisher.h"

#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"
#include "harness/wire/stamp.h"

#include <gtest/gtest.h>

#include <map>

namespace pushbench::swarm {
namespace {

using result::Counter;

Timeline from_now(const plan::Scenario& scenario) {
  return {.cell_start = steady_now(),
          .publish_start = steady_now() + std::chrono::milliseconds(20),
          .warmup = scenario.phases.warmup,
          .measure = scenario.phases.measure,
          .started = true};
}

result::CellResult end(Publisher& publisher) {
  publisher.stop();
  publisher.join();
  result::CellResult cell;
  std::vector<std::uint64_t> by_second;
  publisher.merge_into(cell, by_second);
  return cell;
}

TEST(Publisher, PublishesThePlanInOrderOfEachTopic) {
  std::map<std::string, std::vector<std::uint64_t>> by_topic;
  TinyServer server([&](const std::string& line, const std::string& body) -> std::string {
    const auto stamp = wire::decode_stamp(body);
    EXPECT_TRUE(stamp && stamp->run_tag == 5);
    by_topic[line].push_back(stamp->index);
    return kNoContent;
  });
  const auto scenario = small_scenario();
  const auto plan = small_plan(scenario, server.endpoint());
  Publisher publisher(plan);
  publisher.launch();
  ASSERT_TRUE(wait_for([&] { return publisher.connected(); }));
  publisher.begin(from_now(scenario));
  ASSERT_TRUE(wait_for([&] { return publisher.finished(); }));
  const auto cell = end(publisher);
  EXPECT_EQ(cell.counters[Counter::kPublished], 40U);  // of 50, 10 were warm-up
  EXPECT_EQ(cell.counters[Counter::kUnpublished], 0U);
  EXPECT_EQ(cell.publisher_lag.count(), 40U);
  EXPECT_EQ(cell.publish_ack.count(), 40U);
  ASSERT_EQ(by_topic.size(), 2U);
  for (const auto& [line, indices] : by_topic) {
    EXPECT_EQ(indices.size(), 25U);
    EXPECT_TRUE(std::is_sorted(indices.begin(), indices.end())) << line;
  }
}

TEST(Publisher, DoesNotWaitForAnswers) {
  // A server that never answers must not hold back a single event.
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor silent(context, {boost::asio::ip::address_v4::loopback(), 0});
  transport::Endpoint endpoint;
  endpoint.address = silent.local_endpoint();
  endpoint.host = "127.0.0.1";
  const auto scenario = small_scenario();
  const auto plan = small_plan(scenario, endpoint);
  Publisher publisher(plan);
  publisher.launch();
  ASSERT_TRUE(wait_for([&] { return publisher.connected(); }));
  publisher.begin(from_now(scenario));
  ASSERT_TRUE(wait_for([&] { return publisher.done() == 50; }));
  EXPECT_FALSE(publisher.finished());
  const auto cell = end(publisher);
  EXPECT_EQ(cell.publisher_lag.count(), 40U);
  EXPECT_EQ(cell.counters[Counter::kPublished], 0U);
  EXPECT_EQ(cell.counters[Counter::kUnpublished], 40U);
}

TEST(Publisher, RefusalsAreCounted) {
  TinyServer server([](const std::string&, const std::string&) {
    return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
  });
  const auto scenario = small_scenario();
  const auto plan = small_plan(scenario, server.endpoint());
  Publisher publisher(plan);
  publisher.launch();
  ASSERT_TRUE(wait_for([&] { return publisher.connected(); }));
  publisher.begin(from_now(scenario));
  ASSERT_TRUE(wait_for([&] { return publisher.finished(); }));
  const auto cell = end(publisher);
  EXPECT_EQ(cell.counters[Counter::kPublishRejected], 40U);
  EXPECT_EQ(cell.counters[Counter::kPublished], 0U);
}

}  // namespace
}  // namespace pushbench::swarm
