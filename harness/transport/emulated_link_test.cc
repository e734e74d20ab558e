#include "harness/transport/emulated_link.h"

#include "harness/transport/link_hub.h"
#include "harness/transport/test_rig.h"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>

namespace pushbench::transport {
namespace {

using plan::LinkSpec;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr Nanos kTick = milliseconds(1);
const asio::ip::address kAny;
const LinkSpec kFar{.rtt = milliseconds(100)};

// A stream over a link, in time that the test moves.
class EmulatedLinkTest : public testing::Test {
 protected:
  explicit EmulatedLinkTest(LinkSpec link = kFar, Script script = {silence()})
      : rig_({strategy_of("polling"), {}, {}, 16 * 1024, link}, {std::move(script)}),
        stream_(rig_.context, &rig_.links->access_of(7)) {}
  // Who still waits for the stream ends before it does.
  ~EmulatedLinkTest() override {
    stream_.close();
    turn();
  }

  // How long a wait takes, in steps of kTick; the peer has its turn in between.
  Nanos took(Task<error_code> coroutine) {
    const TimePoint began = rig_.time.now();
    rig_.spawn(std::move(coroutine), ended_);
    for (int tick = 0; tick < 5'000; ++tick) {
      turn();
      if (ended_) {
        break;
      }
      rig_.time.advance(kTick);
    }
    EXPECT_TRUE(ended_);
    return rig_.time.now() - began;
  }
  // Real sockets: what they carry is there after a few turns of the loop.
  void turn() { rig_.settle(); }
  void pass(Nanos time) {
    for (Nanos gone{}; gone < time; gone += kTick) {
      turn();
      rig_.time.advance(kTick);
    }
    turn();
  }
  void connect() {
    took(stream_.connect(rig_.endpoint, kAny));
    ASSERT_EQ(*ended_, error_code());
  }
  std::string read() {
    error_code ec;
    const std::size_t size = stream_.read_some(buffer_, ec);
    read_error_ = ec;
    return std::string(buffer_.data(), size);
  }

  Rig rig_;
  Stream stream_;
  std::optional<error_code> ended_;
  std::array<char, 16 * 1024> buffer_{};
  error_code read_error_;
};

TEST_F(EmulatedLinkTest, AConnectTakesARoundTrip) {
  EXPECT_EQ(took(stream_.connect(rig_.endpoint, kAny)), milliseconds(100));
  EXPECT_EQ(*ended_, error_code());
  EXPECT_TRUE(stream_.is_open());
  EXPECT_NE(stream_.link(), nullptr);
}

TEST_F(EmulatedLinkTest, ThePeerSeesTheConnectHalfWay) {
  rig_.spawn(stream_.connect(rig_.endpoint, kAny), ended_);
  pass(milliseconds(49));
  EXPECT_TRUE(rig_.peer->seen().empty());
  pass(milliseconds(1));
  EXPECT_EQ(rig_.peer->seen().size(), 1U);
  EXPECT_FALSE(ended_);
}

TEST_F(EmulatedLinkTest, ARefusalTakesARoundTripToo) {
  rig_.peer->stop();
  EXPECT_EQ(took(stream_.connect(rig_.endpoint, kAny)), milliseconds(100));
  EXPECT_EQ(*ended_, asio::error::connection_refused);
  EXPECT_FALSE(stream_.is_open());
  EXPECT_EQ(stream_.link(), nullptr);
}

TEST_F(EmulatedLinkTest, ADeadlineEndsAConnectThatIsUnderWay) {
  rig_.spawn(stream_.connect(rig_.endpoint, kAny), ended_);
  pass(milliseconds(20));
  stream_.expire();
  turn();
  ASSERT_TRUE(ended_);
  EXPECT_EQ(*ended_, Errc::kTimeout);
  EXPECT_FALSE(stream_.is_open());
}

TEST_F(EmulatedLinkTest, CloseEndsAConnectThatIsUnderWay) {
  rig_.spawn(stream_.connect(rig_.endpoint, kAny), ended_);
  pass(milliseconds(20));
  stream_.close();
  turn();
  ASSERT_TRUE(ended_);
  EXPECT_EQ(*ended_, asio::error::operation_aborted);
}

TEST_F(EmulatedLinkTest, BytesReachThePeerHalfARoundTripLater) {
  connect();
  error_code ec;
  EXPECT_EQ(stream_.write_some("hello", ec), 5U);
  EXPECT_EQ(stream_.written(), 5U);
  pass(milliseconds(49));
  EXPECT_EQ(rig_.got(), "");
  pass(milliseconds(1));
  EXPECT_EQ(rig_.got(), "hello");
}

TEST_F(EmulatedLinkTest, ACloseSendsWhatWasWrittenAndArrivesBehindIt) {
  connect();
  error_code ec;
  stream_.write_some("goodbye", ec);
  pass(milliseconds(10));
  stream_.close();
  EXPECT_FALSE(stream_.is_open());
  pass(milliseconds(40));
  EXPECT_EQ(rig_.got(), "goodbye");
  EXPECT_FALSE(rig_.seen().closed);
  pass(milliseconds(10));
  EXPECT_TRUE(rig_.seen().closed);
}

TEST_F(EmulatedLinkTest, TheEndOfTheHubLetsEverythingOutAtOnce) {
  connect();
  error_code ec;
  stream_.write_some("goodbye", ec);
  stream_.close();
  rig_.stop_links();
  turn();
  EXPECT_EQ(rig_.got(), "goodbye");
  EXPECT_TRUE(rig_.seen().closed);
}

TEST_F(EmulatedLinkTest, AStreamThatClosesAfterTheHubSendsAtOnce) {
  connect();
  error_code ec;
  stream_.write_some("goodbye", ec);
  rig_.stop_links();
  stream_.close();
  turn();
  EXPECT_EQ(rig_.got(), "goodbye");
  EXPECT_TRUE(rig_.seen().closed);
}

TEST_F(EmulatedLinkTest, ConnectionsAreUsedAgain) {
  for (int i = 0; i < 5; ++i) {
    connect();
    const EmulatedLink* link = stream_.link();
    error_code ec;
    stream_.write_some("x", ec);
    stream_.close();
    pass(milliseconds(60));
    connect();
    EXPECT_EQ(stream_.link(), link);
    stream_.close();
    pass(milliseconds(60));
  }
  EXPECT_EQ(rig_.peer->seen().size(), 10U);
}

TEST_F(EmulatedLinkTest, ExpireEndsAWaitAndTheNextOneUntilArmed) {
  connect();
  rig_.spawn(stream_.readable(), ended_);
  turn();
  stream_.expire();
  turn();
  ASSERT_TRUE(ended_);
  EXPECT_EQ(*ended_, Errc::kTimeout);
  rig_.run(stream_.readable());
  EXPECT_EQ(*rig_.result, Errc::kTimeout);
  stream_.arm();
  rig_.run(stream_.writable());
  EXPECT_EQ(*rig_.result, error_code());
  rig_.run(stream_.readable_or_writable());
  EXPECT_EQ(*rig_.result, error_code());
}

TEST_F(EmulatedLinkTest, CloseEndsAWait) {
  connect();
  rig_.spawn(stream_.readable(), ended_);
  turn();
  stream_.close();
  turn();
  ASSERT_TRUE(ended_);
  EXPECT_EQ(*ended_, asio::error::operation_aborted);
}

// More than may be under way, to a peer that reads: the rest is taken as room comes.
TEST_F(EmulatedLinkTest, AWriterWaitsForRoom) {
  connect();
  const std::string bytes(3 * Flight::kMaxBytes, 'x');
  // A window a trip: the first at once, the others when theirs has come out.
  const Nanos time = took(stream_.write(bytes));
  EXPECT_EQ(*ended_, error_code());
  EXPECT_GE(time, milliseconds(100));
  EXPECT_LE(time, milliseconds(110));
  EXPECT_EQ(stream_.written(), bytes.size());
  pass(milliseconds(60));
  EXPECT_TRUE(rig_.until([&] { return rig_.got().size() == bytes.size(); }));
}

class Talking : public EmulatedLinkTest {
 protected:
  Talking() : EmulatedLinkTest(kFar, {expect_bytes(1), send("hello"), close_now()}) {}
};

TEST_F(Talking, BytesAndEndOfStreamComeHalfARoundTripLate) {
  connect();
  error_code ec;
  stream_.write_some("?", ec);
  pass(milliseconds(50));  // the peer answers and closes
  EXPECT_EQ(rig_.got(), "?");
  const TimePoint answered = rig_.time.now();
  EXPECT_EQ(read(), "");
  EXPECT_EQ(read_error_, asio::error::would_block);
  EXPECT_EQ(stream_.quiet(), error_code());
  EXPECT_EQ(took(stream_.readable()), milliseconds(50));
  EXPECT_EQ(stream_.quiet(), Errc::kBadHead);
  EXPECT_EQ(read(), "hello");
  EXPECT_EQ(stream_.link()->released(), answered + milliseconds(50));
  EXPECT_EQ(took(stream_.readable()), Nanos(0));
  EXPECT_EQ(stream_.quiet(), asio::error::eof);
  EXPECT_EQ(read(), "");
  EXPECT_EQ(read_error_, asio::error::eof);
}

// Bytes that nobody fetches in time are late by the link's own account, not in `released`.
TEST_F(Talking, WhoComesLateIsTheErrorOfTheLink) {
  connect();
  error_code ec;
  stream_.write_some("?", ec);
  pass(milliseconds(130));
  rig_.link_errors.clear();
  EXPECT_EQ(read(), "hello");
  EXPECT_EQ(rig_.time.now() - stream_.link()->released(), milliseconds(30));
  EXPECT_EQ(rig_.link_errors, std::vector<Nanos>{milliseconds(30)});
}

class Resetting : public EmulatedLinkTest {
 protected:
  Resetting() : EmulatedLinkTest(kFar, {expect_bytes(1), reset_now()}) {}
};

TEST_F(Resetting, AResetComesHalfARoundTripLate) {
  connect();
  error_code ec;
  stream_.write_some("?", ec);
  pass(milliseconds(60));
  stream_.write_some("still talking", ec);  // to nobody
  EXPECT_EQ(ec, error_code());
  EXPECT_EQ(took(stream_.readable()), milliseconds(40));
  EXPECT_EQ(read(), "");
  EXPECT_EQ(read_error_, asio::error::connection_reset);
}

// 100 kB at 20 Mbit/s are 40 ms of bits.
class Narrow : public EmulatedLinkTest {
 protected:
  Narrow()
      : EmulatedLinkTest({.rtt = milliseconds(100), .down = 20'000'000, .up = 5'000'000},
                         {expect_bytes(50'000), send(std::string(100'000, 'd')), silence()}) {}
};

TEST_F(Narrow, BytesTakeTheTimeOfTheirBits) {
  connect();
  const std::string up(50'000, 'u');  // 80 ms at 5 Mbit/s
  error_code ec;
  EXPECT_EQ(stream_.write_some(up, ec), up.size());
  pass(milliseconds(90));
  EXPECT_NEAR(static_cast<double>(rig_.got().size()), 25'000, 1'500);
  pass(milliseconds(40));
  EXPECT_EQ(rig_.got().size(), up.size());
  const TimePoint answered = rig_.time.now();
  std::size_t got = 0;
  TimePoint first;
  while (got < 100'000 && took(stream_.readable()) < milliseconds(500)) {
    const std::string piece = read();
    EXPECT_LE(piece.size(), EmulatedLink::kPiece);
    first = got == 0 ? stream_.link()->released() : first;
    got += piece.size();
  }
  EXPECT_EQ(first, answered + milliseconds(50) + Nanos(579'200));
  // How the kernel cut it makes no difference to the last bit, but for a nanosecond a piece.
  EXPECT_NEAR(seconds_of(stream_.link()->released() - answered), 0.090, 0.000'001);
}

class Shaky : public EmulatedLinkTest {
 protected:
  Shaky() : EmulatedLinkTest({.rtt = milliseconds(100), .jitter = milliseconds(10)}) {}
};

TEST_F(Shaky, EveryTripIsWithinItsJitter) {
  Nanos shortest = std::chrono::hours(1);
  Nanos longest{};
  for (int i = 0; i < 200; ++i) {
    const Nanos time = took(stream_.connect(rig_.endpoint, kAny));
    ASSERT_EQ(*ended_, error_code());
    shortest = std::min(shortest, time);
    longest = std::max(longest, time);
    stream_.close();
    pass(milliseconds(60));
  }
  EXPECT_GE(shortest, milliseconds(80));
  EXPECT_LE(shortest, milliseconds(90));  // 200 draws of two trips of ±10 ms
  EXPECT_GE(longest, milliseconds(110));
  EXPECT_LE(longest, milliseconds(121));
}

// Every strategy, as it is, over a link.
class OverALink : public testing::TestWithParam<Exchange> {
 protected:
  static RigOptions options(const LinkSpec& link = kFar) {
    return {GetParam().strategy, 5, {}, 16 * 1024, link};
  }
  // Moves time in steps until `reached`; what it took.
  static Nanos until(Rig& rig, const std::function<bool()>& reached) {
    const TimePoint began = rig.time.now();
    for (int tick = 0; tick < 5'000; ++tick) {
      rig.settle();
      if (reached()) {
        return rig.time.now() - began;
      }
      rig.time.advance(kTick);
    }
    ADD_FAILURE() << "not reached";
    return {};
  }
};

TEST_P(OverALink, TheSameExchangeTwoRoundTripsLater) {
  Rig rig(options(), {{expect_head(), send(GetParam().answer())}, {silence()}});
  const TimePoint began = rig.time.now();
  rig.start();
  EXPECT_EQ(until(rig, [&] { return rig.sink.events.size() == 2; }), milliseconds(200));
  EXPECT_EQ(rig.sink.events, kEvents);
  EXPECT_EQ(rig.sink.received, std::vector<TimePoint>(2, began + milliseconds(200)));
  EXPECT_EQ(rig.sink.subscribed, std::vector<Nanos>{milliseconds(200)});
  EXPECT_EQ(rig.subscription->cursor.seq, 7U);
  EXPECT_TRUE(rig.got().starts_with(GetParam().request)) << rig.got();
  EXPECT_EQ(rig.sink.down.head, GetParam().head_size());
  EXPECT_EQ(rig.sink.down.payload, kPayload);
  for (const Nanos late : rig.link_errors) {
    EXPECT_EQ(late, Nanos(0));  // this time stands still while the machine works
  }
  rig.finish();
  EXPECT_EQ(rig.result, error_code());
}

TEST_P(OverALink, AnAnswerByteByByteIsTheSameAnswer) {
  for (const std::size_t size : {1U, 7U, 16U * 1024U}) {
    RigOptions small = options({.rtt = milliseconds(2), .jitter = milliseconds(1)});
    small.read_buffer = size;
    Rig rig(small, {{expect_head(), send_bytewise(GetParam().answer())}, {silence()}});
    rig.start();
    until(rig, [&] { return rig.sink.events.size() == 2; });
    EXPECT_EQ(rig.sink.events, kEvents);
    EXPECT_EQ(rig.sink.down.head, GetParam().head_size());
    rig.finish();
  }
}

TEST_P(OverALink, ACutIsNeverASuccess) {
  const Exchange& exchange = GetParam();
  Rig rig(options(), {{expect_head(), send(exchange.parts[0] + exchange.parts[1]), close_now()}});
  rig.start();
  EXPECT_EQ(until(rig, [&] { return rig.result.has_value(); }), milliseconds(200));
  EXPECT_EQ(*rig.result, Errc::kTruncated);
  EXPECT_EQ(rig.sink.events.size(), 1U);
  EXPECT_EQ(rig.sink.closes, std::vector{*rig.result});
  rig.finish();
}

TEST_P(OverALink, StopsAtAnyTime) {
  for (int ms = 0; ms < 260; ms += 13) {
    Rig rig(options(), {{expect_head(), send(GetParam().answer()), silence()}});
    rig.start();
    for (int tick = 0; tick < ms; ++tick) {
      rig.settle();
      rig.time.advance(kTick);
    }
    rig.finish();
    EXPECT_EQ(rig.result, error_code()) << ms;
    EXPECT_TRUE(std::all_of(rig.peer->seen().begin(), rig.peer->seen().end(), [](const auto& seen) {
      return seen->closed;
    })) << ms;
  }
}

TEST_P(OverALink, SilenceEndsAtTheDeadline) {
  Rig rig(options(), {{silence()}});
  rig.start();
  until(rig, [&] { return rig.sink.requests == 1; });
  rig.subscription->stream.expire();
  rig.settle();
  ASSERT_TRUE(rig.result);
  EXPECT_EQ(*rig.result, Errc::kTimeout);
  EXPECT_EQ(rig.sink.closes, std::vector<error_code>{Errc::kTimeout});
  rig.finish();
}

INSTANTIATE_TEST_SUITE_P(Transports,
                         OverALink,
                         testing::ValuesIn(exchanges()),
                         [](const auto& row) { return row.param.name; });

// The server closes between two polls: the next one finds that out before it asks.
TEST(PollingOverALink, AnEndThatCameInBetweenIsSeen) {
  plan::StrategySpec spec = strategy_of("polling");
  spec.interval = milliseconds(300);
  Rig rig({spec, 5, {}, 16 * 1024, kFar},
          {{expect_head(), send(no_content(5)), close_now()}, {expect_head(), silence()}});
  rig.start();
  for (int tick = 0; tick < 800 && rig.peer->seen().size() < 2; ++tick) {
    rig.settle();
    rig.time.advance(kTick);
  }
  ASSERT_EQ(rig.peer->seen().size(), 2U);
  EXPECT_EQ(rig.sink.closes, std::vector<error_code>{Errc::kGoingAway});
  EXPECT_FALSE(rig.result);
  rig.finish();
}

TEST(UpstreamOverALink, AnAcknowledgementTakesItsTrips) {
  Rig rig({strategy_of("long-polling"), {}, {}, 16 * 1024, kFar},
          {{expect_head(), expect_bytes(5), send(no_content(0)), expect_head(), expect_bytes(5),
            send(no_content(0)), silence()}});
  HttpUpstream upstream(*rig.subscription);
  for (int i = 0; i < 2; ++i) {
    std::optional<error_code> sent;
    rig.spawn(upstream.send("event", rig.time.now()), sent);
    for (int tick = 0; tick < 500 && !sent; ++tick) {
      rig.settle();
      rig.time.advance(sent ? Nanos(0) : kTick);
    }
    ASSERT_EQ(sent, error_code());
  }
  // The first opens the connection.
  EXPECT_EQ(rig.sink.upstream_took, (std::vector<Nanos>{milliseconds(200), milliseconds(100)}));
  upstream.stop();
  rig.finish();
}

}  // namespace
}  // namespace pushbench::transport
