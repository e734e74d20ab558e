// A client that asks again late: while it was busy elsewhere, more events were published than one
// answer may hold. It gets all of them, once and in order, from the real server.
#include "harness/base/check.h"
#include "harness/base/time.h"
#include "harness/transport/collecting_sink.h"
#include "harness/transport/transport.h"
#include "servers/reference/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <optional>

namespace pushbench::e2e {
namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr std::size_t kMissed = 500;
constexpr std::size_t kSize = 4000;  // 2 MB in all; an answer holds 1 MiB of event text

std::string event(std::size_t number) {
  std::string text = std::to_string(number) + ' ';
  text.resize(kSize, 'x');
  return text;
}

// Server and client have a loop each, so that the client can stand still while the server
// goes on.
class LateReader : public ::testing::TestWithParam<const char*> {
 protected:
  LateReader() {
    strategy_.strategy = GetParam();
    strategy_.interval = milliseconds(50);
    const auto port = server_.listen();
    PUSHBENCH_CHECK(port.has_value());
    endpoint_.address = {asio::ip::address_v4::loopback(), *port};
    endpoint_.host = "127.0.0.1:" + std::to_string(*port);
    shared_.emplace(transport::Shared{client_, time_, endpoint_, *transport::find_dialect("native"),
                                      strategy_, limits_, std::span<char>(buffer_), scratch_});
    subscription_.emplace(*shared_, sink_, "t", nullptr, 1, 1);
    publisher_.connect(endpoint_.address);
  }
  ~LateReader() override {
    subscription_->stop();
    both_until([this] { return !running_; });
  }

  void subscribe() {
    running_ = true;
    asio::co_spawn(client_, run(), [this](const std::exception_ptr&) { running_ = false; });
  }
  Task<void> run() { co_await transport::find_transport(GetParam())->subscribe(*subscription_); }
  void turn_server() { server_loop_.run_for(milliseconds(1)); }
  void turn_client() {
    client_.restart();
    client_.run_for(milliseconds(1));
  }
  template <class Done>
  bool both_until(Done done) {
    const TimePoint bound = steady_now() + std::chrono::seconds(20);
    while (!done() && steady_now() < bound) {
      turn_server();
      turn_client();
    }
    return done();
  }
  // Only the server runs, until it has answered.
  void publish(std::size_t number) {
    const std::string text = event(number);
    const std::string request = "POST /publish/t HTTP/1.1\r\nHost: " + endpoint_.host +
                                "\r\nContent-Length: " + std::to_string(text.size()) + "\r\n\r\n" +
                                text;
    asio::write(publisher_, asio::buffer(request));
    const TimePoint bound = steady_now() + std::chrono::seconds(20);
    std::string answer;
    while (!answer.ends_with("\r\n\r\n") && steady_now() < bound) {
      turn_server();
      std::vector<char> bytes(publisher_.available());
      answer.append(bytes.data(), publisher_.read_some(asio::buffer(bytes)));
    }
    ASSERT_TRUE(answer.starts_with("HTTP/1.1 204 ")) << answer;
  }

  plan::StrategySpec strategy_;
  asio::io_context server_context_{1};
  Reactor server_loop_{server_context_};
  asio::io_context client_{1};
  AsioTime time_{client_};
  servers::Server server_{server_loop_, {}};
  tcp::socket publisher_{client_};
  transport::Endpoint endpoint_;
  transport::Limits limits_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  std::string scratch_;
  transport::CollectingSink sink_;
  std::optional<transport::Shared> shared_;
  std::optional<transport::Subscription> subscription_;
  bool running_ = false;
};

TEST_P(LateReader, GetsEverythingOnceAndInOrder) {
  subscribe();
  ASSERT_TRUE(both_until([this] { return sink_.requests >= 2; }));
  const std::size_t asked = sink_.requests;
  for (std::size_t i = 0; i < kMissed; ++i) {
    publish(i);
  }
  EXPECT_EQ(sink_.requests, asked) << "the client was to stand still";
  EXPECT_TRUE(sink_.events.empty());
  ASSERT_TRUE(both_until([this] { return sink_.events.size() >= kMissed; }));
  publish(kMissed);
  ASSERT_TRUE(both_until([this] { return sink_.events.size() > kMissed; }));
  ASSERT_EQ(sink_.events.size(), kMissed + 1);
  for (std::size_t i = 0; i <= kMissed; ++i) {
    ASSERT_EQ(sink_.events[i], event(i));
  }
  EXPECT_EQ(sink_.gaps, 0);
  EXPECT_EQ(sink_.opened, 1U);
  EXPECT_GE(sink_.requests, asked + 2) << "one answer cannot hold it all";
}

INSTANTIATE_TEST_SUITE_P(Asking, LateReader, ::testing::Values("polling", "long-polling"));

}  // namespace
}  // namespace pushbench::e2e
