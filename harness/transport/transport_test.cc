#include "harness/transport/transport.h"

#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"
#include "harness/wire/websocket.h"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <malloc.h>
#include <memory>
#include <set>

namespace pushbench::transport {
namespace {

// Every row of the table of transports keeps these promises, whatever its strategy.
class Contract : public testing::TestWithParam<Exchange> {
 protected:
  static RigOptions options() { return {GetParam().strategy, 5, {}, 16 * 1024}; }
  static bool has_answer(const Rig& rig) {
    return rig.sink.events.size() == 2 && rig.subscription->cursor.seq == 7U;
  }
  // The split of one whole exchange by hand.
  static void expect_split(const Rig& rig) {
    const Exchange& exchange = GetParam();
    const std::size_t extra = exchange.head_size() - exchange.parts[0].size();
    EXPECT_EQ(rig.sink.down.head, exchange.head_size());
    EXPECT_EQ(rig.sink.down.payload, kPayload);
    EXPECT_EQ(rig.sink.down.total(), exchange.answer().size() + extra);
    EXPECT_EQ(rig.sink.down.framing, framing_of(rig.sink.spelling));
  }
  // The grammar of servers/reference/README.md with the numbers that vary put in.
  static std::uint64_t framing_of(const Spelling& spelling) {
    const plan::StrategySpec& strategy = GetParam().strategy;
    const std::uint64_t varying = spelling.event_digits + spelling.event_escapes;
    if (strategy.strategy == "websocket") {
      return 2 * spelling.chunks + spelling.chunk_digits;
    }
    if (strategy.strategy != "streaming") {
      return kEvents.size() * std::string("{\"seq\":,\"data\":\"\"}\n").size() + varying;
    }
    const std::string form =
        strategy.encoding == "sse" ? "id: \ndata: \n\n" : "{\"seq\":,\"data\":\"\"}\n";
    return kEvents.size() * form.size() + varying + 4 * spelling.chunks + spelling.chunk_digits;
  }
  static bool polls() { return !GetParam().streams; }
};

TEST_P(Contract, HappyPathByteForByte) {
  Rig rig(options(), {{expect_head(), send(GetParam().answer())}, {silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return has_answer(rig); }));
  rig.settle();
  EXPECT_EQ(rig.sink.events, kEvents);
  EXPECT_EQ(rig.sink.received[0], rig.time.now());
  EXPECT_EQ(rig.sink.request_digits[0], 1U);
  EXPECT_EQ(rig.sink.stream_heads.size(), polls() ? 0U : 1U);
  EXPECT_TRUE(rig.sink.request_failures.empty());
  if (polls()) {
    const Answer& answer = rig.sink.answered.at(0);
    EXPECT_EQ(answer.bytes, GetParam().request.size() + GetParam().answer().size());
    EXPECT_EQ(answer.cursor_digits, 1U);
    EXPECT_EQ(answer.length_digits, 2U);
  }
  EXPECT_EQ(rig.sink.subscribed.size(), 1U);
  EXPECT_EQ(rig.sink.gaps, 0);
  if (!GetParam().request.empty()) {
    EXPECT_TRUE(rig.got().starts_with(GetParam().request)) << rig.got();
  }
  expect_split(rig);
  rig.finish();
  EXPECT_EQ(rig.result, error_code());
  for (const error_code& ec : rig.sink.closes) {
    EXPECT_EQ(ec, error_code());
  }
}

TEST_P(Contract, AnswerInPiecesIsTheSameAnswer) {
  const std::string answer = GetParam().answer();
  for (std::size_t cut = 1; cut < answer.size() + 20; ++cut) {
    Rig rig(options(), {{expect_head(), send_cut(answer, {cut})}, {silence()}});
    rig.start();
    ASSERT_TRUE(rig.until([&rig] { return has_answer(rig); })) << cut;
    rig.settle();
    EXPECT_EQ(rig.sink.events, kEvents) << cut;
    EXPECT_EQ(rig.sink.subscribed.size(), 1U) << cut;
    expect_split(rig);
    rig.finish();
  }
}

TEST_P(Contract, AnswerByteByByteIsTheSameAnswer) {
  for (const std::size_t size : {1U, 7U, 16U * 1024U}) {
    RigOptions small = options();
    small.read_buffer = size;
    Rig rig(small, {{expect_head(), send_bytewise(GetParam().answer())}, {silence()}});
    rig.start();
    ASSERT_TRUE(rig.until([&rig] { return has_answer(rig); }));
    rig.settle();
    EXPECT_EQ(rig.sink.events, kEvents);
    expect_split(rig);
    rig.finish();
  }
}

TEST_P(Contract, AnswerCutAnywhereIsNeverASuccess) {
  const Exchange& exchange = GetParam();
  const std::size_t size = exchange.head_size() + exchange.answer().size() -
                           exchange.parts[0].size() - exchange.parts[3].size();
  const std::size_t shift = exchange.head_size() - exchange.parts[0].size();
  for (std::size_t n = 0; n < exchange.answer().size() - exchange.parts[3].size(); ++n) {
    if (shift > 0 && n < exchange.parts[0].size()) {
      continue;  // the head of an upgrade is cut below, where its key is known
    }
    Rig rig(options(), {{expect_head(), send(exchange.answer().substr(0, n)), close_now()}});
    rig.start();
    ASSERT_TRUE(rig.ended()) << n;
    EXPECT_EQ(fault_of(*rig.result), Fault::kClosed) << n << rig.result->message();
    const std::size_t crossed = n + shift;
    ASSERT_LT(crossed, size);
    EXPECT_EQ(rig.sink.events.size(), exchange.events_within(crossed)) << n;
    EXPECT_TRUE(rig.sink.answers.empty()) << n;
    const bool taken = !polls() && n >= exchange.parts[0].size();
    EXPECT_EQ(rig.sink.stream_heads.size(), taken ? 1U : 0U) << n;
    EXPECT_EQ(rig.sink.request_failures,
              taken ? std::vector<error_code>() : std::vector{*rig.result})
        << n;
    EXPECT_EQ(rig.subscription->cursor.seq, 5U + exchange.events_within(crossed)) << n;
    EXPECT_EQ(rig.sink.down.total(), crossed) << n;
    EXPECT_EQ(rig.sink.closes, std::vector{*rig.result}) << n;
    rig.finish();
  }
}

TEST_P(Contract, ComesBackBehindTheLastEvent) {
  const Exchange& exchange = GetParam();
  const std::string cut = exchange.parts[0] + exchange.parts[1];
  Rig rig(options(), {{expect_head(), send(cut), close_now()}, {expect_head(), silence()}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  rig.start();
  rig.settle();
  rig.time.advance(exchange.strategy.interval);  // a poll comes back at its schedule
  ASSERT_TRUE(rig.until([&rig] {
    return rig.peer->seen().size() == 2 && rig.got(1).find("\r\n\r\n") != std::string::npos;
  }));
  const std::string expected =
      exchange.strategy.encoding == "sse" ? "Last-Event-ID: 6\r\n" : "after=6";
  EXPECT_NE(rig.got(1).find(expected), std::string::npos) << rig.got(1);
  rig.finish();
  EXPECT_EQ(rig.sink.opened, 2U);
}

TEST_P(Contract, StopsFromEveryState) {
  const std::string answer = GetParam().answer();
  for (std::size_t n = 0; n <= answer.size(); n += 5) {
    Rig rig(options(), {{expect_head(), send(answer.substr(0, n)), silence()}});
    rig.start();
    ASSERT_TRUE(rig.until([&rig, n] {
      return rig.sink.requests > 0 && !rig.peer->seen().empty() && rig.seen().sent >= n;
    }));
    rig.settle();
    rig.finish();
    EXPECT_EQ(rig.result, error_code()) << n;
    EXPECT_EQ(rig.sink.closes, std::vector{error_code()}) << n;
    EXPECT_TRUE(rig.sink.request_failures.empty()) << "we ended it";
  }
}

TEST_P(Contract, StopsBeforeAndWhileConnecting) {
  for (int turns = 0; turns < 3; ++turns) {
    Rig rig(options(), {{silence()}});
    rig.start();
    for (int turn = 0; turn < turns; ++turn) {
      rig.context.poll_one();
    }
    rig.finish();
    ASSERT_TRUE(rig.ended());
    EXPECT_EQ(rig.result, error_code());
    for (const error_code& ec : rig.sink.connect_failures) {
      EXPECT_EQ(ec, asio::error::operation_aborted);
    }
    EXPECT_TRUE(rig.sink.subscribed.empty());
  }
}

TEST_P(Contract, StopsFromWithinAnEvent) {
  Rig rig(options(), {{expect_head(), send(GetParam().answer())}});
  rig.sink.when_event = [&rig] { rig.subscription->stop(); };
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(rig.result, error_code());
  EXPECT_EQ(rig.sink.closes, std::vector{error_code()});
}

TEST_P(Contract, SilenceEndsAtTheDeadline) {
  Rig rig(options(), {{silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 1; }));
  rig.settle();
  EXPECT_FALSE(rig.result);
  const Nanos left = rig.subscription->deadline - rig.time.now();
  const Limits& limits = rig.options.limits;
  const bool held = GetParam().strategy.strategy == "long-polling";
  const bool polls = GetParam().strategy.strategy == "polling";
  EXPECT_EQ(left, held    ? Nanos(std::chrono::seconds(35))
                  : polls ? limits.answer_timeout
                          : limits.connect_timeout);
  rig.subscription->stream.expire();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(*rig.result, Errc::kTimeout);
  EXPECT_EQ(rig.sink.closes, std::vector<error_code>{Errc::kTimeout});
  EXPECT_TRUE(rig.sink.subscribed.empty());
  rig.finish();
}

TEST_P(Contract, NobodyListens) {
  Rig rig(options(), {{silence()}});
  rig.peer->stop();
  rig.settle();
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(fault_of(*rig.result), Fault::kRefused);
  EXPECT_EQ(rig.sink.connect_failures, std::vector{*rig.result});
  EXPECT_EQ(rig.sink.opened, 0U);
  EXPECT_EQ(rig.sink.asked, 0U);
  rig.finish();
}

INSTANTIATE_TEST_SUITE_P(Transports, Contract, testing::ValuesIn(exchanges()), [](const auto& row) {
  return row.param.name;
});

TEST(Transport, EveryRowIsUnderContract) {
  std::set<std::string> covered;
  for (const Exchange& exchange : exchanges()) {
    covered.insert(exchange.strategy.strategy);
  }
  for (const Transport& transport : transports()) {
    EXPECT_TRUE(covered.contains(std::string(transport.strategy))) << transport.strategy;
    EXPECT_EQ(find_transport(transport.strategy), &transport);
    EXPECT_EQ(transport.upstream_on_stream, transport.upstream != nullptr);
  }
  EXPECT_EQ(find_transport("pigeon"), nullptr);
}

// Under a sanitizer the heap counts its own red zones too.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// A server that answers with heads and is silent then; of sockets alone, so that the heap holds
// nothing but clients.
class SilentServer {
 public:
  SilentServer(asio::io_context& context, std::size_t most)
      : acceptor_(context, {asio::ip::address_v4::loopback(), 0}) {
    sockets_.reserve(most);
  }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  ~SilentServer() {
    for (const int socket : sockets_) {
      ::close(socket);
    }
  }
  asio::ip::tcp::endpoint address() const { return acceptor_.local_endpoint(); }
  void accept(std::size_t count) {
    while (sockets_.size() < count) {
      sockets_.push_back(::accept(acceptor_.native_handle(), nullptr, nullptr));
    }
  }
  // To the connections from `first` on, each of which has asked.
  void answer(std::size_t first, const std::string& head) {
    constexpr std::string_view kKey = "Sec-WebSocket-Key: ";
    constexpr std::size_t kKeySize = 24;
    for (; first < sockets_.size(); ++first) {
      std::array<char, 1024> request;
      const auto got = ::recv(sockets_[first], request.data(), request.size(), 0);
      const std::string_view asked(request.data(), static_cast<std::size_t>(std::max(got, 0L)));
      std::string answer = head;
      if (const auto mark = head.find("{accept}"); mark != std::string::npos) {
        const auto key = asked.substr(asked.find(kKey) + kKey.size(), kKeySize);
        answer.replace(mark, 8, wire::websocket_accept(key));
      }
      const auto sent = ::send(sockets_[first], answer.data(), answer.size(), MSG_NOSIGNAL);
      EXPECT_EQ(sent, static_cast<ssize_t>(answer.size()));
    }
  }

 private:
  asio::ip::tcp::acceptor acceptor_;
  std::vector<int> sockets_;
};

// An idle client is three blocks of the heap: a Subscription (256 bytes with what malloc adds),
// what co_spawn keeps (352), and the frame of subscribe() with its parsers. The bound is their sum
// and kStray, whatever happened before it was idle.
struct IdleRow {
  std::string_view exchange;
  std::size_t frames;
};
constexpr std::size_t kStray = 32;  // of the loop and the sink, for each client
constexpr std::size_t kWithoutFrame = 288 + 352;
constexpr IdleRow kIdle[]{
    {"polling", 1415},                 // with all that polling keeps between two polls, and since
    {"polling_new_connection", 1415},  // this server does not answer, in the middle of one
    {"long_polling", 496},
    {"streaming_chunked", 464},
    {"streaming_sse", 528},
    {"websocket", 480},
};

TEST(Transport, AnIdleClientIsSmall) {
  static_assert(sizeof(Subscription) <= 280);
  constexpr std::size_t kClients = 100;
  ASSERT_EQ(std::size(kIdle), exchanges().size());
  for (std::size_t row = 0; row < std::size(kIdle); ++row) {
    const Exchange& exchange = exchanges()[row];
    ASSERT_EQ(exchange.name, kIdle[row].exchange);
    Rig rig({exchange.strategy, 5, {}, 16 * 1024}, {{silence()}});
    SilentServer server(rig.context, kClients + 1);
    rig.endpoint.address = server.address();
    std::vector<std::unique_ptr<Subscription>> clients(kClients + 1);
    std::vector<std::optional<error_code>> results(kClients + 1);
    rig.sink.request_digits.reserve(kClients + 1);
    rig.sink.stream_heads.reserve(kClients + 1);
    rig.sink.subscribed.reserve(kClients + 1);
    const auto idle = [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) {
        clients[i] = std::make_unique<Subscription>(*rig.shared, rig.sink, "room", nullptr, 1, i);
        clients[i]->cursor.seq = 5;
        rig.spawn(find_transport(exchange.strategy.strategy)->subscribe(*clients[i]), results[i]);
      }
      EXPECT_TRUE(rig.until([&] { return rig.sink.requests == to; }));
      server.accept(to);
      if (exchange.streams) {
        server.answer(from, exchange.parts[0]);
        EXPECT_TRUE(rig.until([&] { return rig.sink.subscribed.size() == to; }));
      }
      rig.settle();
    };
    idle(0, 1);  // what is allocated once
    const std::size_t before = ::mallinfo2().uordblks;
    idle(1, kClients + 1);
    const std::size_t each = (::mallinfo2().uordblks - before) / kClients;
    std::printf("%s: %zu bytes an idle client, %zu of them Subscription\n", exchange.name.c_str(),
                each, sizeof(Subscription));
    EXPECT_LE(each, kWithoutFrame + kIdle[row].frames + kStray) << exchange.name;
    for (const auto& client : clients) {
      client->stop();
    }
    rig.settle();
    for (const auto& result : results) {
      EXPECT_EQ(result, error_code());
    }
  }
}
#endif

TEST(Transport, BackoffGrowsStaysInItsBandAndIsJittered) {
  Random random(1);
  Nanos full = std::chrono::milliseconds(100);
  for (std::uint32_t attempt = 0; attempt < 100; ++attempt) {
    std::set<Nanos> seen;
    for (int i = 0; i < 20; ++i) {
      const Nanos delay = backoff(attempt, random);
      EXPECT_LE(delay, full);
      EXPECT_GE(delay, full / 2);
      seen.insert(delay);
    }
    EXPECT_GT(seen.size(), 10U);
    full = std::min<Nanos>(full * 2, std::chrono::seconds(5));
  }
}

}  // namespace
}  // namespace pushbench::transport
