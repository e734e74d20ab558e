#include "harness/swarm/publish_connection.h"

#include "harness/swarm/test_cell.h"
#include "harness/swarm/tiny_server.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <vector>

namespace pushbench::swarm {
namespace {

struct Outcomes final : PublishConnection::Outcome {
  void sent(const plan::PlannedEvent& event, TimePoint) override {
    sent_events.push_back(event.index);
  }
  void answered(const plan::PlannedEvent& event, Nanos took, int status) override {
    EXPECT_GE(took.count(), 0);
    answers.emplace_back(event.index, status);
  }
  void cut(const plan::PlannedEvent& event) override { cuts.push_back(event.index); }
  std::vector<std::uint64_t> sent_events;
  std::vector<std::pair<std::uint64_t, int>> answers;
  std::vector<std::uint64_t> cuts;
};

Task<void> connect_and_serve(PublishConnection* connection, bool* ended) {
  co_await connection->connect();
  co_await connection->serve();
  *ended = true;
}

class PublishConnectionTest : public ::testing::Test {
 protected:
  void start(TinyServer& server) {
    plan_.emplace(small_plan(scenario_, server.endpoint()));
    connection_.emplace(context_, time_, *plan_, outcomes_);
    asio::co_spawn(context_, connect_and_serve(&*connection_, &ended_),
                   [](const std::exception_ptr&) {});
    run_until([&] { return connection_->open(); });
  }
  template <class Done>
  void run_until(Done done) {
    const TimePoint bound = steady_now() + std::chrono::seconds(10);
    while (!done() && steady_now() < bound) {
      context_.restart();
      context_.run_for(std::chrono::milliseconds(1));
    }
    ASSERT_TRUE(done());
  }
  void publish(std::uint64_t from, std::uint64_t to) {
    for (std::uint64_t i = from; i < to; ++i) {
      plan::PlannedEvent event;
      event.index = i;
      ASSERT_TRUE(connection_->offer(event, "0123456789abcdef"));
    }
    connection_->flush();
  }

  plan::Scenario scenario_ = small_scenario();
  asio::io_context context_{1};
  AsioTime time_{context_};
  Outcomes outcomes_;
  std::optional<CellPlan> plan_;
  std::optional<PublishConnection> connection_;
  bool ended_ = false;
};

TEST_F(PublishConnectionTest, PipelinesAndMatchesAnswersInOrder) {
  std::vector<std::string> lines;
  TinyServer server([&](const std::string& line, const std::string& body) -> std::string {
    EXPECT_EQ(body, "0123456789abcdef");
    lines.push_back(line);
    return lines.size() == 2 ? "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno\n"
                             : kNoContent;
  });
  start(server);
  publish(0, 3);
  EXPECT_EQ(outcomes_.sent_events, (std::vector<std::uint64_t>{0, 1, 2}));
  run_until([&] { return outcomes_.answers.size() == 3; });
  EXPECT_EQ(outcomes_.answers[0], (std::pair<std::uint64_t, int>{0, 204}));
  EXPECT_EQ(outcomes_.answers[1], (std::pair<std::uint64_t, int>{1, 413}));
  EXPECT_EQ(outcomes_.answers[2], (std::pair<std::uint64_t, int>{2, 204}));
  EXPECT_EQ(lines[0], "POST /publish/t0 HTTP/1.1");
  EXPECT_EQ(connection_->unanswered(), 0U);
}

TEST_F(PublishConnectionTest, ACutConnectionNamesWhatItOwes) {
  TinyServer server([](const std::string&, const std::string&) { return std::string(); });
  start(server);
  publish(0, 3);
  run_until([&] { return ended_; });
  EXPECT_EQ(outcomes_.cuts, (std::vector<std::uint64_t>{0, 1, 2}));
  EXPECT_TRUE(outcomes_.answers.empty());
  plan::PlannedEvent event;
  EXPECT_FALSE(connection_->offer(event, "0123456789abcdef"));
}

TEST_F(PublishConnectionTest, IsFullAtItsBound) {
  TinyServer server([](const std::string&, const std::string&) { return std::string(); });
  start(server);
  plan::PlannedEvent event;
  for (std::size_t i = 0; i < PublishConnection::kMaxUnanswered; ++i) {
    ASSERT_TRUE(connection_->offer(event, "0123456789abcdef"));
  }
  EXPECT_TRUE(connection_->full());
  EXPECT_FALSE(connection_->offer(event, "0123456789abcdef"));
}

}  // namespace
}  // namespace pushbench::swarm
