// What only WebSocket does: the handshake, frames, pings, closes, upstream over the connection.
#include "harness/transport/websocket.h"

#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"

#include <boost/asio/error.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

using wire::Opcode;

RigOptions websocket(std::optional<std::uint64_t> cursor = {}) {
  return {strategy_of("websocket"), cursor, {}, 16 * 1024};
}

std::string frame(Opcode opcode, std::string_view data) {
  std::string out;
  wire::append_frame(out, opcode, data);
  return out;
}

std::string close_frame(std::uint16_t code, std::string_view reason = {}) {
  std::string out;
  wire::append_close(out, code, reason);
  return out;
}

std::string raw(std::initializer_list<unsigned> bytes) {
  std::string out;
  for (const unsigned byte : bytes) {
    out += static_cast<char>(byte);
  }
  return out;
}

// What the client sent behind its request, unmasked.
std::vector<std::pair<Opcode, std::string>> frames_of(std::string got) {
  got.erase(0, got.find("\r\n\r\n") + 4);
  std::vector<std::pair<Opcode, std::string>> frames;
  wire::MessageReader reader(wire::MessageReader::Role::kServer);
  std::span<char> input(got);
  wire::Message message;
  while (reader.next(input, message) == wire::Parsed::kItem) {
    std::string data(message.data);
    if (message.opcode == Opcode::kClose) {
      data = std::to_string(message.close_code);
    }
    frames.emplace_back(message.opcode, data);
  }
  EXPECT_EQ(reader.error(), error_code());
  return frames;
}

// Opens, plays `bytes` behind the handshake, waits for the end.
void play(Rig& rig) {
  rig.start();
  ASSERT_TRUE(rig.ended());
  rig.settle();
}

TEST(WebSocket, CountsMessagesFromTheHandshake) {
  Rig rig(websocket(),
          {{expect_head(),
            send(upgrade_answer() + frame(Opcode::kText, "a") + frame(Opcode::kBinary, "b")),
            silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 2; }));
  EXPECT_EQ(rig.subscription->cursor.seq, 7U);
  EXPECT_EQ(rig.got().find("after="), std::string::npos);
  rig.finish();
  EXPECT_EQ(frames_of(rig.got()), (std::vector{std::pair{Opcode::kClose, std::string("1000")}}));
}

TEST(WebSocket, FramesOfEverySizeSplitByHand) {
  for (const auto& [size, head] :
       {std::pair{0U, 2U}, {1U, 2U}, {125U, 2U}, {126U, 4U}, {65'535U, 4U}, {65'536U, 10U}}) {
    Rig rig(websocket(), {{expect_head(), send(upgrade_answer()),
                           send(frame(Opcode::kText, std::string(size, 'x'))), silence()}});
    rig.start();
    ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 1; }));
    rig.settle();
    EXPECT_EQ(rig.sink.down.payload, size);
    EXPECT_EQ(rig.sink.down.framing, head);
    EXPECT_EQ(rig.sink.spelling.chunks, 1U);
    EXPECT_EQ(2 + rig.sink.spelling.chunk_digits, head);
    rig.finish();
  }
}

TEST(WebSocket, AnswersPingsEvenBetweenFragments) {
  const std::string fragments =
      raw({0x01, 0x02, 'a', 'b'}) + frame(Opcode::kPing, "hi") + raw({0x80, 0x01, 'c'});
  Rig rig(websocket(), {{expect_head(), send(upgrade_answer()), send_bytewise(fragments)}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.events.size() == 1; }));
  rig.settle();
  EXPECT_EQ(rig.sink.events[0], "abc");
  EXPECT_EQ(rig.sink.down.framing, 2U + 4U + 2U);
  EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
  EXPECT_EQ(rig.sink.up.framing, 6U + 2U);
  EXPECT_EQ(rig.sink.spelling.heartbeats, 1U);
  EXPECT_EQ(rig.sink.spelling.heartbeat_bytes, 4U + 8U);
  EXPECT_EQ(2 * rig.sink.spelling.chunks + rig.sink.spelling.chunk_digits, 2U + 2U);
  EXPECT_EQ(frames_of(rig.got()), (std::vector{std::pair{Opcode::kPong, std::string("hi")}}));
  rig.finish();
}

// A peer that sends on while its pongs are not read: more than the kernel holds in either
// direction. Who stopped reading until the pongs are out would wait for good.
TEST(WebSocket, ReadsOnWhilePongsWaitForRoom) {
  RigOptions options = websocket();
  options.limits.max_outbox = std::size_t{64} * 1024 * 1024;
  std::string pings;
  const std::string ping = frame(Opcode::kPing, std::string(wire::kMaxControlPayload, 'p'));
  for (int i = 0; i < 150'000; ++i) {
    pings += ping;
  }
  Rig rig(options, {{expect_head(), send(upgrade_answer() + pings + frame(Opcode::kText, "last")),
                     silence()}});
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return !rig.sink.events.empty(); }));
  // Then the peer reads, and gets all of them.
  const std::size_t pongs = 150'000 * (wire::kMaxControlPayload + 6);
  ASSERT_TRUE(rig.until([&rig, pongs] { return rig.sink.up.framing >= pongs; }));
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.up.total() == rig.got().size(); }));
  rig.finish();
}

TEST(WebSocket, ClosesMeanWhatTheySayAndAreEchoed) {
  const std::vector<std::pair<std::uint16_t, Errc>> cases{
      {1000, Errc::kGoingAway}, {1001, Errc::kGoingAway}, {1008, Errc::kPolicy},
      {4408, Errc::kPolicy},    {1011, Errc::kBadFrame},  {4000, Errc::kBadFrame}};
  for (const auto& [code, meaning] : cases) {
    Rig rig(websocket(), {{expect_head(), send(upgrade_answer() + close_frame(code)), silence()}});
    play(rig);
    EXPECT_EQ(*rig.result, meaning) << code;
    EXPECT_EQ(frames_of(rig.got()), (std::vector{std::pair{Opcode::kClose, std::to_string(code)}}));
    EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
    rig.finish();
  }
}

TEST(WebSocket, AGapIsToldAndTheNextConnectionGoesOnFromTheOldest) {
  Rig rig(websocket(3),
          {{expect_head(),
            send(upgrade_answer() + close_frame(4410, "{\"oldest\":10,\"newest\":20}")), silence()},
           {expect_head(), silence()}});
  play(rig);
  EXPECT_EQ(*rig.result, Errc::kGoingAway);
  EXPECT_EQ(rig.sink.gaps, 1);
  rig.start();
  ASSERT_TRUE(rig.until([&rig] { return rig.sink.requests == 2; }));
  rig.settle();
  EXPECT_NE(rig.got(1).find("GET /ws/room?after=9 "), std::string::npos);
  rig.finish();
}

TEST(WebSocket, HostileFramesAreFaultsAndAnswered) {
  const std::vector<std::tuple<std::string, Fault, std::string>> cases{
      {raw({0x81, 0x81, 1, 2, 3, 4, 'a' ^ 1U}), Fault::kBadFrame, "1002"},           // masked
      {raw({0x81, 127, 0x80, 0, 0, 0, 0, 0, 0, 0}), Fault::kBadFrame, "1002"},       // 2^63
      {raw({0xc1, 0x01, 'a'}), Fault::kBadFrame, "1002"},                            // RSV1
      {raw({0x83, 0x00}), Fault::kBadFrame, "1002"},                                 // opcode 3
      {raw({0x89, 126, 0, 126}) + std::string(126, 'x'), Fault::kBadFrame, "1002"},  // ping of 126
      {raw({0x81, 0x02, 0xc3, 0x28}), Fault::kBadFrame, "1007"},                     // not UTF-8
      {raw({0x88, 0x02, 0x03, 0xed}), Fault::kBadFrame, "1002"},                     // close 1005
      {raw({0x81, 127, 0, 0, 0, 0, 0x40, 0, 0, 0}), Fault::kLimit, "1009"},          // 1 GiB
  };
  for (const auto& [bytes, fault, code] : cases) {
    Rig rig(websocket(), {{expect_head(), send(upgrade_answer()), send(bytes), silence()}});
    play(rig);
    EXPECT_EQ(fault_of(*rig.result), fault) << rig.result->message();
    EXPECT_TRUE(rig.sink.events.empty());
    EXPECT_EQ(frames_of(rig.got()), (std::vector{std::pair{Opcode::kClose, code}}));
    EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
    rig.finish();
  }
}

class Upstream : public testing::Test {
 protected:
  explicit Upstream(RigOptions options = websocket(), Script more = {silence()}) {
    Script script{expect_head(), send(upgrade_answer())};
    script.insert(script.end(), more.begin(), more.end());
    rig_.emplace(std::move(options), std::vector<Script>{script});
    rig_->start();
    EXPECT_TRUE(rig_->until([this] { return rig_->subscription->ready; }));
    rig_->settle();
  }
  error_code send_event(std::string_view event) {
    rig_->run(send_over_websocket(*rig_->subscription, event, rig_->time.now()));
    return *rig_->result;
  }
  std::optional<Rig> rig_;
};

constexpr std::size_t kSixty = 64 + 6 + 4 + 6;  // masked text of 64 bytes, masked ping of 4
class Acknowledged : public Upstream {
 protected:
  Acknowledged()
      : Upstream(websocket(),
                 {expect_bytes(kSixty + 1), send(frame(Opcode::kPong, raw({0, 0, 0, 0})))}) {}
};

TEST_F(Acknowledged, ByThePongBehindTheEvent) {
  CollectingSink& sink = rig_->sink;
  const std::uint64_t up_before = sink.up.framing;
  const std::uint64_t down_before = sink.down.framing;
  const std::string event(64, 'e');
  ASSERT_EQ(send_event(event), error_code());
  EXPECT_EQ(sink.upstream_sent, std::vector<std::uint64_t>{kSixty});
  EXPECT_EQ(sink.up.payload, 64U);
  EXPECT_EQ(sink.up.framing - up_before, 16U);
  rig_->time.advance(std::chrono::milliseconds(3));
  error_code ec;
  rig_->subscription->stream.write_some(raw({0x8a}), ec);  // the peer waits for one more byte
  ASSERT_TRUE(rig_->until([&sink] { return !sink.upstream_took.empty(); }));
  EXPECT_EQ(sink.upstream_took[0], std::chrono::milliseconds(3));
  EXPECT_EQ(sink.upstream_down, 6U);
  EXPECT_EQ(sink.down.framing - down_before, 6U);
  EXPECT_EQ(rig_->subscription->outbox->unacked(), 0U);
}

TEST_F(Upstream, IsOneTextFrameAndOneCountedPing) {
  ASSERT_EQ(send_event("first"), error_code());
  ASSERT_EQ(send_event("second"), error_code());
  rig_->settle();
  EXPECT_EQ(frames_of(rig_->got()),
            (std::vector<std::pair<Opcode, std::string>>{{Opcode::kText, "first"},
                                                         {Opcode::kPing, raw({0, 0, 0, 0})},
                                                         {Opcode::kText, "second"},
                                                         {Opcode::kPing, raw({0, 0, 0, 1})}}));
  EXPECT_EQ(rig_->sink.up.total(), rig_->got().size());
}

class OnePongForThree : public Upstream {
 protected:
  OnePongForThree()
      : Upstream(websocket(),
                 {expect_bytes(3 * kSixty),
                  send(frame(Opcode::kPong, "????") + frame(Opcode::kPong, raw({0, 0, 0, 2})) +
                       frame(Opcode::kPong, raw({0, 0, 0, 1})))}) {}
};

TEST_F(OnePongForThree, AcknowledgesAllThreeOnce) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(send_event(std::string(64, 'e')), error_code());
  }
  ASSERT_TRUE(rig_->until([this] { return rig_->sink.upstream_took.size() == 3; }));
  rig_->settle();
  EXPECT_EQ(rig_->sink.upstream_took.size(), 3U);
  EXPECT_EQ(rig_->sink.upstream_down, 6U);
}

class Bounded : public Upstream {
 protected:
  static RigOptions tight() {
    RigOptions options = websocket();
    options.limits.max_unacked_upstream = 2;
    options.limits.max_outbox = 1000;
    return options;
  }
  Bounded() : Upstream(tight()) {}
};

TEST_F(Bounded, AcknowledgementsAndOutboxHaveTheirLimits) {
  EXPECT_EQ(send_event(std::string(1000, 'x')), Errc::kLimit);
  EXPECT_EQ(send_event("a"), error_code());
  EXPECT_EQ(send_event("b"), error_code());
  EXPECT_EQ(send_event("c"), Errc::kLimit);
  EXPECT_EQ(rig_->sink.upstream_sent.size(), 2U);
}

TEST_F(Upstream, WithoutAConnectionNothingIsSent) {
  rig_->subscription->stop();
  rig_->settle();
  EXPECT_EQ(send_event("late"), asio::error::not_connected);
  EXPECT_TRUE(rig_->sink.upstream_sent.empty());
}

// More than the kernel takes: the rest waits in the outbox and every byte is counted once.
TEST_F(Upstream, AFullKernelBufferIsWaitedFor) {
  const std::string event(900'000, 'x');
  std::uint64_t events = 0;
  for (; events < 8; ++events) {
    ASSERT_EQ(send_event(event), error_code());
  }
  ASSERT_TRUE(rig_->until([this] { return rig_->got().size() == rig_->sink.up.total(); }));
  EXPECT_EQ(rig_->sink.up.payload, events * event.size());
  EXPECT_EQ(frames_of(rig_->got()).size(), 2 * events);
}

}  // namespace
}  // namespace pushbench::transport
