#include "servers/floor/load.h"

#include "servers/floor/connections.h"

#include <gtest/gtest.h>

namespace pushbench::servers::floor {
namespace {

class Probe final : public Load {
 public:
  using Load::count_delivery;
  using Load::keep;
  using Load::Load;
  using Load::with_kept;
  void on_bytes(std::uint32_t, std::string_view, TimePoint) override {}
};

TEST(RequestText, IsAsShortAsHttpAllows) {
  EXPECT_EQ(request_text("/poll/x", false), "GET /poll/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  EXPECT_NE(request_text("/ws/x", true).find("\r\nUpgrade: websocket\r\n"), std::string::npos);
}

TEST(Load, OpensByItsMode) {
  ClientOptions options;
  options.path = "/a";
  options.mode = Mode::kLongPoll;
  EXPECT_TRUE(Probe(options, 1).opening().starts_with("GET /a?after=0 "));
  options.mode = Mode::kPollNew;
  EXPECT_NE(Probe(options, 1).opening().find("\r\nConnection: close\r\n"), std::string_view::npos);
  options.mode = Mode::kAccept;
  EXPECT_NE(Probe(options, 1).opening().find("Sec-WebSocket-Key"), std::string_view::npos);
}

TEST(Load, JoinsWhatReadsHaveCut) {
  const ClientOptions options;
  Probe load(options, 1);
  EXPECT_EQ(load.with_kept(1, "ab"), "ab");
  load.keep(1, "ab");
  EXPECT_EQ(load.with_kept(2, "x"), "x");
  EXPECT_EQ(load.with_kept(1, "cd"), "abcd");
  EXPECT_EQ(load.with_kept(1, "ef"), "ef");
}

TEST(Load, IsLiveOnceItsAnswerIsWholeAndGood) {
  ClientOptions options;
  options.path = "/poll/x";
  options.mode = Mode::kPoll;
  options.clients = 1;
  Probe load(options, 1);
  Connections connections(options, load);
  bool live = false;
  EXPECT_EQ(load.on_opened(0, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na", {}, live), "");
  EXPECT_FALSE(live);
  EXPECT_EQ(load.on_opened(0, "brest", {}, live), "rest");
  EXPECT_TRUE(live);
  EXPECT_EQ(load.on_opened(0, "HTTP/1.1 404 Not Found\r\n\r\n", {}, live), "");
  EXPECT_FALSE(live);
  EXPECT_EQ(load.counts().errors, 1U);
}

TEST(Load, LatencyCountsFromTheWindowOn) {
  const ClientOptions options;
  Probe load(options, 1);
  load.count_delivery(Nanos(1000));
  load.begin_window();
  load.count_delivery(Nanos(10));
  EXPECT_EQ(load.counts().deliveries, 2U);
  EXPECT_EQ(load.latency().max(), Nanos(10));
}

}  // namespace
}  // namespace pushbench::servers::floor
