#include "harness/app/live_view.h"

#include "harness/result/example_result.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace pushbench::app {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

swarm::Progress live_progress() {
  swarm::Progress progress;
  progress.cell = 1;
  progress.cells = 6;
  progress.name = "websocket";
  progress.phase = "measure";
  progress.elapsed = std::chrono::milliseconds(2500);
  progress.received_per_s = 6400;
  return progress;
}

// What comes until `end` has come, from a request to a view.
std::string fetched(const LiveView& view, const std::string& target, const std::string& end) {
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  const std::string url = view.url();
  const auto colon = url.rfind(':');
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(colon + 1)));
  socket.connect({asio::ip::address_v4::loopback(), port});
  asio::write(socket, asio::buffer("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  std::string answer;
  error_code ec;
  asio::read_until(socket, asio::dynamic_buffer(answer), end, ec);
  return answer;
}

TEST(LiveView, ServesThePageAndWhatHappened) {
  auto started = LiveView::start(0);
  ASSERT_TRUE(started) << started.error().text;
  auto& view = **started;
  const auto page = fetched(view, "/", "</html>");
  EXPECT_THAT(page, AllOf(HasSubstr("Content-Type: text/html"), HasSubstr("data-kind=\"live\"")));

  const auto run = result::example_result();
  view.begin(run.scenario);
  view.update(live_progress());
  view.update(live_progress());  // too soon
  auto done = live_progress();
  done.cell_done = true;
  done.result = &run.cells[0];
  view.update(done);
  view.end(run, "out");
  const auto cells = fetched(view, "/sse/cells?after=0", "report.html");
  EXPECT_THAT(cells, AllOf(HasSubstr("\"kind\": \"begin\""), HasSubstr("latency_p99_ns"),
                           HasSubstr("\"verdict\": \"valid\"")));
  const auto live = fetched(view, "/sse/live?after=0", "\n\n");
  EXPECT_THAT(live, AllOf(HasSubstr("id: 1\n"), HasSubstr("\"elapsed_s\": 2.5")));
  EXPECT_THAT(live, Not(HasSubstr("id: 2\n")));
}

TEST(LiveView, APortThatIsTakenIsNamed) {
  auto first = LiveView::start(0);
  ASSERT_TRUE(first);
  const std::string url = (*first)->url();
  const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  const auto second = LiveView::start(port);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().text, HasSubstr("--live: "));
}

TEST(LiveView, Ports) {
  EXPECT_EQ(live_port("true").value(), 0);
  EXPECT_EQ(live_port("8080").value(), 8080);
  for (const auto* const word : {"", "0", "65536", "80a", "-1"}) {
    const auto port = live_port(word);
    ASSERT_FALSE(port) << word;
    EXPECT_EQ(port.error().code, ExitCode::kUsage);
  }
}

}  // namespace
}  // namespace pushbench::app
