// One known exchange of every strategy, summed by hand from the specifications and compared to the
// byte with what the client side counted against the real server: RFC 9112 heads and chunks, WHATWG
// event stream lines, RFC 6455 frame heads, and the bodies that servers/reference/README.md fixes.
#include "harness/base/check.h"
#include "harness/base/time.h"
#include "harness/transport/collecting_sink.h"
#include "harness/transport/transport.h"
#include "harness/wire/permessage_deflate.h"
#include "harness/wire/sse.h"
#include "servers/reference/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <zlib.h>

#include <exception>
#include <memory>
#include <optional>

namespace pushbench::e2e {
namespace {

using asio::ip::tcp;
using transport::CollectingSink;
using wire::ByteTally;

constexpr std::string_view kDate = "Date: Sat, 21 Nov 2026 01:43:00 GMT\r\n";

std::size_t hex_digits(std::size_t value) {
  std::size_t digits = 1;
  while (value >>= 4U) {
    ++digits;
  }
  return digits;
}

// hex(n) CRLF n bytes CRLF.
std::size_t chunk_overhead(std::size_t n) {
  return hex_digits(n) + 4;
}

std::size_t frame_head(std::size_t n) {
  return n <= 125 ? 2 : n <= 65535 ? 4 : 10;
}

// {"seq":1,"data":"…"} LF around an event without characters to escape.
constexpr std::size_t kLineAround = 7 + 1 + 9 + 2 + 1;
// id: 1 LF, data: …, LF LF.
constexpr std::size_t kSseAround = 6 + 6 + 2;

// "HTTP/1.1 200 OK" with the fields that a poll's answer has.
std::size_t answer_head(std::size_t body) {
  return std::string("HTTP/1.1 200 OK\r\n").size() + kDate.size() +
         std::string(
             "Content-Type: application/x-ndjson\r\nCache-Control: no-store\r\nETag: \"1\"\r\n")
             .size() +
         std::string("Content-Length: \r\n\r\n").size() + std::to_string(body).size();
}

std::size_t empty_head() {
  return std::string("HTTP/1.1 204 No Content\r\n").size() + kDate.size() +
         std::string("Cache-Control: no-store\r\nETag: \"0\"\r\n\r\n").size();
}

std::size_t stream_head(const std::string& type) {
  return std::string("HTTP/1.1 200 OK\r\n").size() + kDate.size() +
         std::string("Content-Type: \r\nCache-Control: no-store\r\nPushbench-Seq: 0\r\n").size() +
         type.size() + std::string("Transfer-Encoding: chunked\r\n\r\n").size();
}

// A server and one client of one strategy on one thread; an event is published by a bare socket.
class Exchange {
 public:
  explicit Exchange(plan::StrategySpec strategy)
      : strategy_(std::move(strategy)), server_(server_loop_, {}) {
    const auto port = server_.listen();
    PUSHBENCH_CHECK(port.has_value());
    endpoint_.address = {asio::ip::address_v4::loopback(), *port};
    endpoint_.host = "127.0.0.1:" + std::to_string(*port);
    shared_.emplace(transport::Shared{
        context_, time_, endpoint_, *transport::find_dialect("native"), strategy_, limits_,
        std::span<char>(buffer_), scratch_, nullptr, nullptr, &inflater_});
    subscription_.emplace(*shared_, sink_, "t", nullptr, 1, 1);
    asio::co_spawn(context_, subscribe(), [this](const std::exception_ptr&) { ended_ = true; });
    run_until([&] { return sink_.subscribed.size() == 1; });
    run_for(std::chrono::milliseconds(20));  // a long-poll client now sends its first held request
  }

  ~Exchange() {
    subscription_->stop();
    run_until([&] { return ended_; });
    server_.stop();
    run_for(std::chrono::milliseconds(50));
  }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  void publish(std::size_t size) {
    const std::string event(size, 'x');
    tcp::socket socket(context_);
    socket.connect(endpoint_.address);
    const std::string request = "POST /publish/t HTTP/1.1\r\nHost: " + endpoint_.host +
                                "\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + event;
    asio::write(socket, asio::buffer(request));
    run_until([&] { return sink_.events.size() == 1; });
    run_for(std::chrono::milliseconds(20));
    EXPECT_EQ(sink_.events.at(0), event);
  }

  const CollectingSink& sink() const { return sink_; }
  const std::string& host() const { return endpoint_.host; }

 private:
  Task<void> subscribe() {
    co_await transport::find_transport(strategy_.strategy)->subscribe(*subscription_);
  }
  template <class Done>
  void run_until(Done done) {
    const TimePoint bound = steady_now() + std::chrono::seconds(20);
    while (!done() && steady_now() < bound) {
      turn();
    }
    EXPECT_TRUE(done());
  }
  void run_for(Nanos span) {
    const TimePoint until = steady_now() + span;
    while (steady_now() < until) {
      turn();
    }
  }
  void turn() {
    server_loop_.run_for(std::chrono::milliseconds(1));
    context_.restart();
    context_.run_for(std::chrono::milliseconds(1));
  }

  plan::StrategySpec strategy_;
  asio::io_context server_context_{1};
  Reactor server_loop_{server_context_};
  asio::io_context context_{1};
  AsioTime time_{context_};
  servers::Server server_;
  transport::Endpoint endpoint_;
  transport::Limits limits_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  std::string scratch_;
  wire::Inflater inflater_;
  CollectingSink sink_;
  std::optional<transport::Shared> shared_;
  std::optional<transport::Subscription> subscription_;
  bool ended_ = false;
};

plan::StrategySpec strategy(const std::string& name, const std::string& encoding = "chunked") {
  plan::StrategySpec spec;
  spec.strategy = name;
  spec.encoding = encoding;
  spec.interval = std::chrono::milliseconds(1500);
  return spec;
}

std::size_t get(const std::string& target, const std::string& host, const std::string& more = "") {
  return ("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n").size();
}

class ExchangeBytes : public ::testing::TestWithParam<std::size_t> {};

TEST_P(ExchangeBytes, WebSocket) {
  const std::size_t s = GetParam();
  Exchange exchange(strategy("websocket"));
  exchange.publish(s);
  const std::size_t up =
      get("/ws/t", exchange.host(),
          "Upgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n");
  // The example answer of RFC 6455 section 1.2, 129 bytes, and our sequence number.
  const std::size_t down = 129 + std::string("Pushbench-Seq: 0\r\n").size();
  EXPECT_EQ(exchange.sink().up, (ByteTally{.head = up, .framing = 0, .payload = 0}));
  EXPECT_EQ(exchange.sink().down,
            (ByteTally{.head = down, .framing = frame_head(s), .payload = s}));
}

TEST_P(ExchangeBytes, StreamingChunked) {
  const std::size_t s = GetParam();
  Exchange exchange(strategy("streaming", "chunked"));
  exchange.publish(s);
  const std::size_t line = kLineAround + s;
  EXPECT_EQ(exchange.sink().up,
            (ByteTally{.head = get("/stream/t", exchange.host()), .framing = 0, .payload = 0}));
  EXPECT_EQ(exchange.sink().down, (ByteTally{.head = stream_head("application/x-ndjson"),
                                             .framing = kLineAround + chunk_overhead(line),
                                             .payload = s}));
}

TEST_P(ExchangeBytes, StreamingSse) {
  const std::size_t s = GetParam();
  Exchange exchange(strategy("streaming", "sse"));
  exchange.publish(s);
  const std::size_t event = kSseAround + s;
  EXPECT_EQ(exchange.sink().up,
            (ByteTally{.head = get("/sse/t", exchange.host(), "Accept: text/event-stream\r\n"),
                       .framing = 0,
                       .payload = 0}));
  EXPECT_EQ(exchange.sink().down, (ByteTally{.head = stream_head("text/event-stream"),
                                             .framing = kSseAround + chunk_overhead(event),
                                             .payload = s}));
}

TEST_P(ExchangeBytes, LongPolling) {
  const std::size_t s = GetParam();
  Exchange exchange(strategy("long-polling"));
  exchange.publish(s);
  const std::size_t line = kLineAround + s;
  const std::size_t up =
      get("/poll/t?after=latest", exchange.host()) +
      get("/long-poll/t?after=0&hold=25s", exchange.host()) +
      get("/long-poll/t?after=1&hold=25s", exchange.host());  // already waiting again
  EXPECT_EQ(exchange.sink().up, (ByteTally{.head = up, .framing = 0, .payload = 0}));
  EXPECT_EQ(
      exchange.sink().down,
      (ByteTally{.head = empty_head() + answer_head(line), .framing = kLineAround, .payload = s}));
}

TEST_P(ExchangeBytes, Polling) {
  const std::size_t s = GetParam();
  Exchange exchange(strategy("polling"));
  exchange.publish(s);
  const std::size_t line = kLineAround + s;
  // How many polls found nothing depends on the phase; what each of them costs does not.
  const auto& answers = exchange.sink().answers;
  ASSERT_GE(answers.size(), 2U);
  EXPECT_EQ(answers.back(), 1U);
  const std::size_t empty = answers.size() - 1;
  const std::size_t up = get("/poll/t?after=latest", exchange.host()) +
                         empty * get("/poll/t?after=0", exchange.host());
  EXPECT_EQ(exchange.sink().up, (ByteTally{.head = up, .framing = 0, .payload = 0}));
  EXPECT_EQ(exchange.sink().down, (ByteTally{.head = empty * empty_head() + answer_head(line),
                                             .framing = kLineAround,
                                             .payload = s}));
}

// What zlib itself makes of a text: raw DEFLATE, ended by a flush or for good.
std::size_t deflated(std::string text, int flush) {
  z_stream z{};
  PUSHBENCH_CHECK(deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8,
                               Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, text.size()) + 16, ' ');
  z.next_in = reinterpret_cast<Bytef*>(text.data());
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  PUSHBENCH_CHECK(deflate(&z, flush) >= Z_OK && z.avail_in == 0);
  deflateEnd(&z);
  return out.size() - z.avail_out;
}

constexpr std::string_view kGzipFields = "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n";
const std::string kAcceptGzip = "Accept-Encoding: gzip\r\n";
constexpr std::size_t kGzipHeadSize = 10;  // RFC 1952 section 2.3
constexpr std::size_t kGzipTrailerSize = 8;
constexpr std::size_t kFlushTail = 4;  // that no message carries, RFC 7692 section 7.2.1

plan::StrategySpec compressed(plan::StrategySpec spec, const std::string& how = "gzip") {
  spec.compression = how;
  return spec;
}

std::string event_line(std::size_t size) {
  return "{\"seq\":1,\"data\":\"" + std::string(size, 'x') + "\"}\n";
}

TEST_P(ExchangeBytes, WebSocketCompressed) {
  const std::size_t s = GetParam();
  Exchange exchange(compressed(strategy("websocket"), "permessage-deflate"));
  exchange.publish(s);
  const std::string extension =
      "Sec-WebSocket-Extensions: " + std::string(wire::kDeflateOffer) + "\r\n";
  const std::size_t up =
      get("/ws/t", exchange.host(),
          "Upgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
              extension);
  const std::size_t down = 129 + std::string("Pushbench-Seq: 0\r\n").size() + extension.size();
  const std::size_t message = deflated(std::string(s, 'x'), Z_SYNC_FLUSH) - kFlushTail;
  EXPECT_EQ(exchange.sink().up, (ByteTally{.head = up, .framing = 0, .payload = 0}));
  EXPECT_EQ(exchange.sink().down,
            (ByteTally{.head = down, .framing = frame_head(message), .payload = message}));
}

TEST_P(ExchangeBytes, StreamsCompressed) {
  const std::size_t s = GetParam();
  const std::size_t start = kGzipHeadSize + chunk_overhead(kGzipHeadSize);
  const struct {
    const char* encoding;
    const char* type;
    std::size_t up;
    std::size_t block;
  } cases[] = {{"chunked", "application/x-ndjson", 0, deflated(event_line(s), Z_SYNC_FLUSH)},
               {"sse", "text/event-stream", std::string("Accept: text/event-stream\r\n").size(),
                deflated("id: 1\ndata: " + std::string(s, 'x') + "\n\n", Z_SYNC_FLUSH)}};
  for (const auto& c : cases) {
    Exchange exchange(compressed(strategy("streaming", c.encoding)));
    exchange.publish(s);
    const std::string path = std::string(c.encoding) == "sse" ? "/sse/t" : "/stream/t";
    EXPECT_EQ(exchange.sink().up, (ByteTally{.head = get(path, exchange.host(), kAcceptGzip) + c.up,
                                             .framing = 0,
                                             .payload = 0}));
    EXPECT_EQ(exchange.sink().down, (ByteTally{.head = stream_head(c.type) + kGzipFields.size(),
                                               .framing = start + chunk_overhead(c.block),
                                               .payload = c.block}));
  }
}

TEST_P(ExchangeBytes, LongPollingCompressed) {
  const std::size_t s = GetParam();
  Exchange exchange(compressed(strategy("long-polling")));
  exchange.publish(s);
  const std::size_t blocks = deflated(event_line(s), Z_FINISH);
  const std::size_t around = kGzipHeadSize + kGzipTrailerSize;
  const std::size_t up = get("/poll/t?after=latest", exchange.host(), kAcceptGzip) +
                         get("/long-poll/t?after=0&hold=25s", exchange.host(), kAcceptGzip) +
                         get("/long-poll/t?after=1&hold=25s", exchange.host(), kAcceptGzip);
  EXPECT_EQ(exchange.sink().up, (ByteTally{.head = up, .framing = 0, .payload = 0}));
  EXPECT_EQ(exchange.sink().down,
            (ByteTally{.head = empty_head() + answer_head(around + blocks) + kGzipFields.size(),
                       .framing = around,
                       .payload = blocks}));
}

TEST_P(ExchangeBytes, PollingCompressed) {
  const std::size_t s = GetParam();
  Exchange exchange(compressed(strategy("polling")));
  exchange.publish(s);
  const std::size_t blocks = deflated(event_line(s), Z_FINISH);
  const std::size_t around = kGzipHeadSize + kGzipTrailerSize;
  const auto& answers = exchange.sink().answers;
  ASSERT_GE(answers.size(), 2U);
  const std::size_t empty = answers.size() - 1;
  EXPECT_EQ(
      exchange.sink().down,
      (ByteTally{.head = empty * empty_head() + answer_head(around + blocks) + kGzipFields.size(),
                 .framing = around,
                 .payload = blocks}));
}

INSTANTIATE_TEST_SUITE_P(Payloads,
                         ExchangeBytes,
                         ::testing::Values(0, 1, 39, 125, 126, 1400, 65535, 65536));

// The constants of the literature that the sums above rest on.
TEST(ExchangeConstants, AreThoseOfTheSpecifications) {
  EXPECT_EQ(frame_head(0), 2U);
  EXPECT_EQ(frame_head(125), 2U);
  EXPECT_EQ(frame_head(126), 4U);
  EXPECT_EQ(frame_head(65535), 4U);
  EXPECT_EQ(frame_head(65536), 10U);
  EXPECT_EQ(chunk_overhead(39), std::string("27\r\n\r\n").size());
  EXPECT_EQ(wire::kSseComment.size(), 3U);
  std::string event;
  wire::append_sse_event(event, 7, std::string(39, 'x'));
  EXPECT_EQ(event.size(), 39 + kSseAround);
}

}  // namespace
}  // namespace pushbench::e2e
