#include "harness/swarm/lock_step_publisher.h"

#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <vector>

namespace pushbench::swarm {
namespace {

Task<void> publish_all(LockStepPublisher* publisher,
                       std::vector<std::string> events,
                       std::vector<error_code>* ends) {
  ends->push_back(co_await publisher->connect());
  for (const auto& event : events) {
    ends->push_back(co_await publisher->publish("room", event));
  }
}

std::vector<error_code> ends_of(TinyServer& server, std::vector<std::string> events) {
  asio::io_context context(1);
  const auto endpoint = server.endpoint();
  LockStepPublisher publisher(context, endpoint, *transport::find_dialect("native"));
  std::vector<error_code> ends;
  asio::co_spawn(context, publish_all(&publisher, std::move(events), &ends),
                 [](const std::exception_ptr& thrown) { EXPECT_FALSE(thrown); });
  context.run_for(std::chrono::seconds(10));
  return ends;
}

TEST(LockStepPublisher, AwaitsEveryAnswerWhateverItsForm) {
  std::vector<std::string> bodies;
  TinyServer server([&bodies](const std::string& line, const std::string& body) -> std::string {
    EXPECT_EQ(line, "POST /publish/room HTTP/1.1");
    bodies.push_back(body);
    return bodies.size() == 1 ? kNoContent
           : bodies.size() == 2
               ? "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + std::string(9000, 'x')
               : "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
  });
  EXPECT_EQ(ends_of(server, {"a", "b", "c", "d"}), std::vector<error_code>(5));
  EXPECT_EQ(bodies, (std::vector<std::string>{"a", "b", "c", "d"}));
}

TEST(LockStepPublisher, SaysWhatWentWrong) {
  TinyServer refuses([](const std::string&, const std::string&) {
    return std::string("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(ends_of(refuses, {"a"}).back(), Errc::kBadStatus);
  TinyServer babbles(
      [](const std::string&, const std::string&) { return std::string("\1\2\r\n\r\n"); });
  EXPECT_EQ(ends_of(babbles, {"a"}).back(), Errc::kBadHead);
  TinyServer closes([](const std::string&, const std::string&) { return std::string(); });
  EXPECT_TRUE(ends_of(closes, {"a"}).back());
}

}  // namespace
}  // namespace pushbench::swarm
