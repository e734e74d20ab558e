#include "harness/swarm/publish_cost.h"

#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <unistd.h>

#include <exception>
#include <optional>
#include <set>

namespace pushbench::swarm {
namespace {

std::optional<std::uint64_t> cost_of(const transport::Endpoint& endpoint, int pid) {
  asio::io_context context(1);
  const plan::Scenario scenario = small_scenario();
  std::optional<std::uint64_t> out;
  asio::co_spawn(context,
                 measure_publish_cost(context, endpoint, *transport::find_dialect("native"),
                                      scenario, std::string(kCostTopic), pid),
                 [&out](const std::exception_ptr& thrown, std::uint64_t cost) {
                   EXPECT_FALSE(thrown);
                   out = cost;
                 });
  context.run();
  return out;
}

// The server is a thread of this process: what is measured is its cost and the publisher's.
TEST(PublishCost, IsTheMeanOverAllEventsOfTheTopic) {
  std::set<std::string> lines;
  TinyServer server([&lines](const std::string& line, const std::string&) {
    lines.insert(line);
    return std::string(kNoContent);
  });
  const TimePoint begin = steady_now();
  const auto cost = cost_of(server.endpoint(), getpid());
  const auto each = static_cast<double>((steady_now() - begin).count()) / kCostEvents;
  ASSERT_TRUE(cost);
  EXPECT_GT(*cost, 1'000U);
  EXPECT_LT(static_cast<double>(*cost), 2 * each);  // two threads take at most twice the time
  EXPECT_EQ(server.requests(), kCostWarmup + kCostEvents);
  EXPECT_EQ(lines, std::set<std::string>{"POST /publish/nobody HTTP/1.1"});
}

TEST(PublishCost, OfAServerThatRefusesIsUnknown) {
  TinyServer server([](const std::string&, const std::string&) {
    return std::string("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(cost_of(server.endpoint(), getpid()), 0U);
  EXPECT_EQ(server.requests(), 1U);
}

TEST(PublishCost, OfAProcessThatIsGoneIsUnknown) {
  TinyServer server([](const std::string&, const std::string&) { return std::string(kNoContent); });
  EXPECT_EQ(cost_of(server.endpoint(), 0), 0U);
}

TEST(PublishCost, SilenceEndsAtItsBound) {
  asio::io_context context(1);
  const asio::ip::tcp::acceptor mute(context, {asio::ip::address_v4::loopback(), 0});
  const transport::Endpoint endpoint{
      .address = mute.local_endpoint(), .host = "127.0.0.1", .prefix = ""};
  const TimePoint begin = steady_now();
  EXPECT_EQ(cost_of(endpoint, getpid()), 0U);
  EXPECT_GE(steady_now() - begin, kCostBound);
}

}  // namespace
}  // namespace pushbench::swarm
