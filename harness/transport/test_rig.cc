#include "harness/transport/test_rig.h"

#include "harness/transport/link_hub.h"
#include "harness/wire/chunk.h"
#include "harness/wire/event_line.h"
#include "harness/wire/sse.h"
#include "harness/wire/websocket.h"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <exception>
#include <utility>

namespace pushbench::transport {
namespace {

constexpr std::string_view kDate = "Date: Sat, 21 Nov 2026 01:43:00 GMT\r\n";
constexpr std::size_t kAcceptSize = 28;  // base64 of a SHA-1
constexpr std::string_view kAcceptMark = "{accept}";

std::string line(std::uint64_t seq, std::string_view event) {
  std::string out;
  wire::append_event_line(out, seq, event);
  return out;
}

std::string chunk_head(std::size_t size) {
  std::string out;
  wire::append_chunk_head(out, size);
  return out;
}

std::string frame(std::string_view event) {
  std::string out;
  wire::append_frame(out, wire::Opcode::kText, event);
  return out;
}

Exchange poll_exchange(std::string name, plan::StrategySpec strategy, std::string target) {
  const std::string first = line(6, kEvents[0]);
  const std::string second = line(7, kEvents[1]);
  Exchange made;
  made.name = std::move(name);
  made.request = fmt::format("GET {} HTTP/1.1\r\nHost: peer.test\r\n{}\r\n", target,
                             strategy.new_connection ? "Connection: close\r\n" : "");
  const std::string head = fmt::format(
      "HTTP/1.1 200 OK\r\n{}Content-Type: application/x-ndjson\r\nCache-Control: "
      "no-store\r\nETag: \"7\"\r\nContent-Length: {}\r\n\r\n",
      kDate, first.size() + second.size());
  made.strategy = std::move(strategy);
  made.parts = {head, first, second, ""};
  return made;
}

std::string stream_head(std::string_view type) {
  return fmt::format(
      "HTTP/1.1 200 OK\r\n{}Content-Type: {}\r\nCache-Control: no-store\r\n"
      "Pushbench-Seq: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
      kDate, type);
}

Exchange stream_exchange(const std::string& encoding) {
  const bool sse = encoding == "sse";
  std::vector<std::string> items;
  for (std::size_t i = 0; i < kEvents.size(); ++i) {
    std::string item = line(6 + i, kEvents[i]);
    if (sse) {
      item.clear();
      wire::append_sse_event(item, 6 + i, kEvents[i]);
    }
    items.push_back(item);
  }
  Exchange made;
  made.name = "streaming_" + encoding;
  made.strategy = strategy_of("streaming", encoding);
  made.request = sse ? "GET /sse/room HTTP/1.1\r\nHost: peer.test\r\nAccept: "
                       "text/event-stream\r\nLast-Event-ID: 5\r\n\r\n"
                     : "GET /stream/room?after=5 HTTP/1.1\r\nHost: peer.test\r\n\r\n";
  made.parts = {stream_head(sse ? "text/event-stream" : "application/x-ndjson"),
                chunk_head(items[0].size()) + items[0],
                "\r\n" + chunk_head(items[1].size()) + items[1], "\r\n"};
  made.streams = true;
  return made;
}

std::vector<Exchange> make_exchanges() {
  plan::StrategySpec fresh = strategy_of("polling");
  fresh.new_connection = true;
  Exchange websocket;
  websocket.name = "websocket";
  websocket.strategy = strategy_of("websocket");
  websocket.parts = {upgrade_answer(), frame(kEvents[0]), frame(kEvents[1]), ""};
  websocket.streams = true;
  return {poll_exchange("polling", strategy_of("polling"), "/poll/room?after=5"),
          poll_exchange("polling_new_connection", fresh, "/poll/room?after=5"),
          poll_exchange("long_polling", strategy_of("long-polling"),
                        "/long-poll/room?after=5&hold=25s"),
          stream_exchange("chunked"),
          stream_exchange("sse"),
          websocket};
}

}  // namespace

plan::StrategySpec strategy_of(std::string strategy, std::string encoding) {
  plan::StrategySpec spec;
  spec.strategy = std::move(strategy);
  spec.encoding = std::move(encoding);
  return spec;
}

std::string http_answer(const std::string& status,
                        const std::string& fields,
                        const std::string& body) {
  return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, fields, body.size(),
                     body);
}

std::string no_content(std::uint64_t cursor) {
  return fmt::format("HTTP/1.1 204 No Content\r\n{}Cache-Control: no-store\r\nETag: \"{}\"\r\n\r\n",
                     kDate, cursor);
}

std::string upgrade_answer(const std::string& fields) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: {accept}\r\n" +
         fields + "\r\n";
}

std::string Exchange::answer() const {
  return parts[0] + parts[1] + parts[2] + parts[3];
}

std::size_t Exchange::head_size() const {
  const bool mark = parts[0].find(kAcceptMark) != std::string::npos;
  return parts[0].size() + (mark ? kAcceptSize - kAcceptMark.size() : 0);
}

std::size_t Exchange::events_within(std::size_t bytes) const {
  const std::size_t first = head_size() + parts[1].size();
  return bytes < first ? 0 : bytes < first + parts[2].size() ? 1 : 2;
}

const std::vector<Exchange>& exchanges() {
  static const std::vector<Exchange> kMade = make_exchanges();
  return kMade;
}

Rig::Rig(RigOptions options_in, std::vector<Script> scripts)
    : options(std::move(options_in)),
      peer(std::make_unique<ScriptedPeer>(context, std::move(scripts))),
      endpoint{peer->address(), "peer.test", ""},
      buffer(options.read_buffer) {
  shared.emplace(Shared{context, time, endpoint, *find_dialect("native"), options.strategy,
                        options.limits, buffer, scratch, make_links(),
                        options.link ? nullptr : &reactor, &inflater});
  subscription.emplace(*shared, sink, "room", nullptr, 1, 1);
  subscription->cursor.seq = options.cursor;
}

LinkHub* Rig::make_links() {
  if (!options.link) {
    return nullptr;
  }
  const auto late = [this](Nanos by) { link_errors.push_back(by); };
  links = std::make_unique<LinkHub>(context, time, *options.link, LinkHub::Share(), late);
  asio::co_spawn(context, links->run(),
                 [](const std::exception_ptr& error) { EXPECT_FALSE(error); });
  return links.get();
}

void Rig::stop_links() {
  if (links) {
    links->stop();
  }
}

Rig::~Rig() {
  subscription->stop();
  stop_links();
  peer->stop();
  settle();
}

void Rig::spawn(Task<error_code> coroutine, std::optional<error_code>& into) {
  into.reset();
  const auto done = [&into](const std::exception_ptr& error, error_code ec) {
    EXPECT_FALSE(error);
    into = ec;
  };
  asio::co_spawn(context, std::move(coroutine), done);
}

void Rig::start() {
  const Transport* transport = find_transport(options.strategy.strategy);
  ASSERT_NE(transport, nullptr);
  spawn(transport->subscribe(*subscription), result);
}

void Rig::run(Task<error_code> coroutine) {
  std::optional<error_code> own;
  spawn(std::move(coroutine), own);
  ASSERT_TRUE(until([&own] { return own.has_value(); }));
  result = own;
}

bool Rig::until(const std::function<bool()>& reached) {
  const TimePoint give_up = steady_now() + kPatience;
  while (!reached()) {
    if (steady_now() > give_up) {
      return false;
    }
    turn();
  }
  return true;
}

void Rig::turn() {
  context.restart();
  context.poll();
  reactor.poll();
}

void Rig::settle() {
  for (int round = 0; round < 20; ++round) {
    turn();
  }
}

void Rig::finish() {
  subscription->stop();
  stop_links();
  settle();
  std::uint64_t got_bytes = 0;
  std::uint64_t sent_bytes = 0;
  for (const auto& seen : peer->seen()) {
    got_bytes += seen->got.size();
    sent_bytes += seen->sent;
  }
  EXPECT_EQ(sink.opened, sink.closes.size());
  EXPECT_EQ(sink.up.total(), got_bytes);
  EXPECT_LE(sink.down.total(), sent_bytes);
  const std::size_t ended =
      sink.answers.size() + sink.stream_heads.size() + sink.request_failures.size();
  EXPECT_GE(sink.asked, ended);
  EXPECT_EQ(sink.asked - ended, subscription->asked ? 1U : 0U);
}

}  // namespace pushbench::transport
