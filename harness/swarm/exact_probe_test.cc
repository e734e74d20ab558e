#include "harness/swarm/exact_probe.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <optional>

namespace pushbench::swarm {
namespace {

std::optional<ExactCounts> probe(asio::io_context& context, std::uint16_t port) {
  const transport::Endpoint endpoint{
      .address = {asio::ip::address_v4::loopback(), port}, .host = "127.0.0.1", .prefix = ""};
  plan::StrategySpec cell;
  cell.strategy = "websocket";
  std::optional<ExactCounts> out;
  auto probing = probe_exactly(context, endpoint, *transport::find_dialect("native"), cell,
                               std::string(kProbeTopic));
  asio::co_spawn(context, std::move(probing),
                 [&out](const std::exception_ptr& thrown, ExactCounts counts) {
                   EXPECT_FALSE(thrown);
                   out = std::move(counts);
                 });
  context.run();
  return out;
}

// What it measures is held against the real server in e2e; here: that it comes to an end.
TEST(ExactProbe, NobodyThereGivesNothing) {
  asio::io_context context(1);
  asio::ip::tcp::acceptor closed(context, {asio::ip::address_v4::loopback(), 0});
  const auto port = closed.local_endpoint().port();
  closed.close();
  const auto counts = probe(context, port);
  ASSERT_TRUE(counts);
  EXPECT_TRUE(counts->empty());
}

TEST(ExactProbe, SilenceEndsAtItsBound) {
  asio::io_context context(1);
  const asio::ip::tcp::acceptor mute(context, {asio::ip::address_v4::loopback(), 0});
  const TimePoint begin = steady_now();
  const auto counts = probe(context, mute.local_endpoint().port());
  ASSERT_TRUE(counts);
  EXPECT_TRUE(counts->empty());
  EXPECT_GE(steady_now() - begin, kProbeBound);
}

}  // namespace
}  // namespace pushbench::swarm
