// The same sums as harness/e2e/exchange_bytes_test.cc makes by hand against the real server: topic
// "t", sequence numbers 0 and 1, one event.
#include "harness/model/exchange_bytes.h"

#include "harness/model/load.h"
#include "harness/model/test_cell.h"
#include "harness/wire/chunk.h"
#include "harness/wire/event_line.h"
#include "harness/wire/sse.h"
#include "harness/wire/websocket.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::model {
namespace {

constexpr std::string_view kHost = "127.0.0.1:43210";
constexpr Place kPlace{.host = kHost.size(), .topic = 1};
constexpr std::string_view kDate = "Date: Sat, 21 Nov 2026 01:43:00 GMT\r\n";

double length(const std::string& text) {
  return static_cast<double>(text.size());
}

double get(const std::string& target, const std::string& more = "") {
  return length("GET " + target + " HTTP/1.1\r\nHost: " + std::string(kHost) + "\r\n" + more +
                "\r\n");
}

std::string answer(const std::string& body_length, const std::string& more = "") {
  return "HTTP/1.1 200 OK\r\n" + std::string(kDate) +
         "Content-Type: application/x-ndjson\r\nCache-Control: no-store\r\nETag: \"1\"\r\n"
         "Content-Length: " +
         body_length + "\r\n" + more + "\r\n";
}

std::string empty(const std::string& more = "") {
  return "HTTP/1.1 204 No Content\r\n" + std::string(kDate) +
         "Cache-Control: no-store\r\nETag: \"0\"\r\n" + more + "\r\n";
}

double stream(const std::string& type) {
  return length("HTTP/1.1 200 OK\r\n" + std::string(kDate) + "Content-Type: " + type +
                "\r\nCache-Control: no-store\r\nPushbench-Seq: 0\r\n"
                "Transfer-Encoding: chunked\r\n\r\n");
}

struct Layers {
  double up, head, framing, payload;
};

void expect_bytes(const plan::StrategySpec& spec, const Exchanges& exchanges, const Layers& sum) {
  const Bytes bytes = bytes_of(spec, kPlace, exchanges);
  EXPECT_EQ(bytes.head_up, sum.up);
  EXPECT_EQ(bytes.framing_up, 0);
  EXPECT_EQ(bytes.payload_up, 0);
  EXPECT_EQ(bytes.head_down, sum.head);
  EXPECT_EQ(bytes.framing_down, sum.framing);
  EXPECT_EQ(bytes.payload_down, sum.payload);
  EXPECT_EQ(bytes.total(), sum.up + sum.head + sum.framing + sum.payload);
}

class ExchangeBytes : public ::testing::TestWithParam<std::size_t> {
 protected:
  std::string event() const { return std::string(GetParam(), 'x'); }
  double size() const { return static_cast<double>(GetParam()); }
  std::string line() const {
    std::string out;
    wire::append_event_line(out, 1, event());
    return out;
  }
};

TEST_P(ExchangeBytes, WebSocket) {
  std::string frame;
  wire::append_frame(frame, wire::Opcode::kText, event());
  expect_bytes(cell_of("websocket"),
               {.opened = 1,
                .opened_digits = 1,
                .event_payload = size(),
                .event_framing = websocket_framing(size(), false)},
               {.up = get("/ws/t",
                          "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                          "Sec-WebSocket-Version: 13\r\n"),
                .head = 129 + length("Pushbench-Seq: 0\r\n"),
                .framing = length(frame) - size(),
                .payload = size()});
}

TEST_P(ExchangeBytes, StreamingChunked) {
  std::string chunk;
  wire::append_chunk(chunk, line());
  expect_bytes(cell_of("streaming"),
               {.opened = 1,
                .opened_digits = 1,
                .event_payload = size(),
                .event_framing = chunked_framing(size(), 1, 0)},
               {.up = get("/stream/t"),
                .head = stream("application/x-ndjson"),
                .framing = length(chunk) - size(),
                .payload = size()});
}

TEST_P(ExchangeBytes, StreamingSse) {
  std::string text;
  wire::append_sse_event(text, 1, event());
  std::string chunk;
  wire::append_chunk(chunk, text);
  expect_bytes(cell_of("streaming", "sse"),
               {.opened = 1,
                .opened_digits = 1,
                .event_payload = size(),
                .event_framing = sse_framing(size(), 1)},
               {.up = get("/sse/t", "Accept: text/event-stream\r\n"),
                .head = stream("text/event-stream"),
                .framing = length(chunk) - size(),
                .payload = size()});
}

TEST_P(ExchangeBytes, LongPolling) {
  expect_bytes(cell_of("long-polling"),
               {.first_questions = 1,
                .requests = 2,
                .request_digits = 2,
                .empty_answers = 1,
                .empty_digits = 1,
                .full_answers = 1,
                .full_digits = 1,
                .length_digits = digits_of(length(line())),
                .event_payload = size(),
                .event_framing = line_framing(1, 0)},
               {.up = get("/poll/t?after=latest") + get("/long-poll/t?after=0&hold=25s") +
                      get("/long-poll/t?after=1&hold=25s"),
                .head = length(empty() + answer(std::to_string(line().size()))),
                .framing = length(line()) - size(),
                .payload = size()});
}

// Three polls with a cursor, the last one with the event; kept alive and not.
TEST_P(ExchangeBytes, Polling) {
  for (const bool closing : {false, true}) {
    auto spec = cell_of("polling");
    spec.new_connection = closing;
    const std::string close = closing ? "Connection: close\r\n" : "";
    expect_bytes(
        spec,
        {.first_questions = 1,
         .requests = 3,
         .request_digits = 3,
         .empty_answers = 3,
         .empty_digits = 3,
         .full_answers = 1,
         .full_digits = 1,
         .length_digits = digits_of(length(line())),
         .event_payload = size(),
         .event_framing = line_framing(1, 0)},
        {.up = get("/poll/t?after=latest", close) + 3 * get("/poll/t?after=0", close),
         .head = 3 * length(empty(close)) + length(answer(std::to_string(line().size()), close)),
         .framing = length(line()) - size(),
         .payload = size()});
  }
}

INSTANTIATE_TEST_SUITE_P(Payloads,
                         ExchangeBytes,
                         ::testing::Values(0, 1, 39, 125, 126, 1400, 65535, 65536));

TEST(LongPollRequest, SpellsItsHold) {
  using std::chrono::milliseconds;
  EXPECT_EQ(long_poll_request(kPlace, 2, milliseconds(90'000)),
            get("/long-poll/t?after=12&hold=90s"));
  EXPECT_EQ(long_poll_request(kPlace, 2, milliseconds(1500)),
            get("/long-poll/t?after=12&hold=1500ms"));
  EXPECT_EQ(long_poll_request(kPlace, 2, std::chrono::microseconds(250'001)),
            get("/long-poll/t?after=12&hold=251ms"));
}

// The constants of the literature.
TEST(ExchangeConstants, AreThoseOfTheSpecifications) {
  EXPECT_EQ(websocket_framing(125, false), 2);
  EXPECT_EQ(websocket_framing(126, false), 4);
  EXPECT_EQ(websocket_framing(65536, false), 10);
  EXPECT_EQ(websocket_framing(20, true), 6);
  EXPECT_EQ(chunk_around(0), 5);   // the last chunk
  EXPECT_EQ(chunk_around(39), 6);  // "27" CRLF, CRLF: body of 50 bytes with the last chunk
  EXPECT_EQ(chunk_around(15), 5);
  EXPECT_EQ(chunk_around(16), 6);
  EXPECT_EQ(sse_comment(), length("3\r\n:\n\n\r\n"));
  EXPECT_EQ(websocket_head(0) - length("Pushbench-Seq: \r\n"), 129);  // RFC 6455 section 1.2
}

TEST(SignsOfLife, CostAPingAndAPongOrAComment) {
  const Bytes ping = bytes_of(cell_of("websocket"), kPlace, {.signs_of_life = 3});
  EXPECT_EQ(ping.framing_up, 3 * 6);
  EXPECT_EQ(ping.framing_down, 3 * 2);
  EXPECT_EQ(bytes_of(cell_of("streaming", "sse"), kPlace, {.signs_of_life = 2}).total(), 16);
  EXPECT_EQ(bytes_of(cell_of("streaming"), kPlace, {.signs_of_life = 2}).total(), 0);
}

TEST(UpstreamBytes, APostOrAMaskedMessageThatIsAskedAfter) {
  const Bytes post = upstream_bytes(cell_of("polling"), kPlace, 64);
  EXPECT_EQ(post.head_up, length("POST /upstream/t HTTP/1.1\r\nHost: " + std::string(kHost) +
                                 "\r\nContent-Type: application/octet-stream\r\n"
                                 "Content-Length: 64\r\n\r\n"));
  EXPECT_EQ(post.head_down, length("HTTP/1.1 204 No Content\r\n" + std::string(kDate) + "\r\n"));
  EXPECT_EQ(post.payload_up, 64);
  const Bytes message = upstream_bytes(cell_of("websocket"), kPlace, 64);
  EXPECT_EQ(message.framing_up, 6 + 6 + 4);
  EXPECT_EQ(message.framing_down, 2 + 4);
  EXPECT_EQ(message.total(), 64 + 22);
}

TEST(Bytes, ScaleInEveryLayer) {
  const Bytes bytes{1, 2, 3, 4, 5, 6};
  EXPECT_EQ(bytes.scaled(2).total(), 42);
  EXPECT_EQ(bytes.scaled(2).framing_down, 10);
}

}  // namespace
}  // namespace pushbench::model
