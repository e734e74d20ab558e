#include "harness/wire/websocket.h"

#include "harness/base/random.h"
#include "harness/base/text.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>
#include <vector>

namespace pushbench::wire {
namespace {

using namespace std::string_view_literals;
using Role = MessageReader::Role;

constexpr std::uint32_t kKey = 0x04030201;

struct FramesHeard {
  Opcode opcode;
  std::string data;
  std::uint16_t close_code;
  std::size_t framing;
  bool operator==(const FramesHeard&) const = default;
};

struct FramesOutcome {
  std::vector<FramesHeard> heard;
  std::vector<std::size_t> carried;
  Parsed last = Parsed::kNeedMore;
  error_code error;
  std::uint16_t close_code = 0;
  bool operator==(const FramesOutcome&) const = default;
};

void feed(MessageReader& reader, std::string_view piece, FramesOutcome& outcome) {
  std::string bytes(piece);
  std::span<char> input(bytes);
  Message message;
  Inflater inflater;
  while ((outcome.last = reader.next(input, message, &inflater)) == Parsed::kItem) {
    outcome.heard.push_back(
        {message.opcode, std::string(message.data), message.close_code, message.framing});
    outcome.carried.push_back(message.carried);
  }
}

FramesOutcome finished(const MessageReader& reader, FramesOutcome outcome) {
  outcome.error = reader.error();
  outcome.close_code = reader.close_code();
  return outcome;
}

// Whole, cut in two at every byte, and byte by byte: the same each time.
FramesOutcome read(Role role,
                   std::string_view bytes,
                   MessageLimits limits = {},
                   bool deflate = false) {
  const auto make = [&] {
    MessageReader made(role, limits);
    if (deflate) {
      made.take_compressed();
    }
    return made;
  };
  MessageReader reader = make();
  FramesOutcome whole;
  feed(reader, bytes, whole);
  whole = finished(reader, whole);
  for (std::size_t at = 0; at <= bytes.size(); ++at) {
    MessageReader cut = make();
    FramesOutcome outcome;
    feed(cut, bytes.substr(0, at), outcome);
    feed(cut, bytes.substr(at), outcome);
    EXPECT_EQ(finished(cut, outcome), whole) << printable(bytes) << " cut at " << at;
  }
  MessageReader slow = make();
  FramesOutcome outcome;
  for (const char& byte : bytes) {
    feed(slow, {&byte, 1}, outcome);
  }
  EXPECT_EQ(finished(slow, outcome), bytes.empty() ? outcome : whole) << printable(bytes);
  return whole;
}

std::string frame(Opcode opcode, std::string_view payload, bool final = true) {
  std::string out;
  append_frame(out, opcode, payload);
  out[0] = static_cast<char>(out[0] & (final ? 0xFF : 0x7F));
  return out;
}

std::string masked(Opcode opcode, std::string_view payload, bool final = true) {
  std::string out;
  append_frame(out, opcode, payload, kKey);
  out[0] = static_cast<char>(out[0] & (final ? 0xFF : 0x7F));
  return out;
}

void expect_refused(Role role, std::string_view bytes, Errc error, std::uint16_t code) {
  const auto outcome = read(role, bytes);
  EXPECT_EQ(outcome.last, Parsed::kError) << printable(bytes);
  EXPECT_EQ(outcome.error, error) << printable(bytes);
  EXPECT_EQ(outcome.close_code, code) << printable(bytes);
}

TEST(WebSocket, HeadSizes) {
  const struct {
    std::size_t payload, head;
  } cases[] = {{0, 2}, {1, 2}, {125, 2}, {126, 4}, {65'535, 4}, {65'536, 10}};
  for (const auto& c : cases) {
    const std::string payload(c.payload, 'x');
    EXPECT_EQ(frame_head_size(c.payload, false), c.head);
    EXPECT_EQ(frame_head_size(c.payload, true), c.head + 4);
    for (const bool mask : {false, true}) {
      auto bytes = mask ? masked(Opcode::kText, payload) : frame(Opcode::kText, payload);
      ASSERT_EQ(bytes.size(), c.payload + c.head + (mask ? 4 : 0));
      MessageReader reader(mask ? Role::kServer : Role::kClient);
      std::span<char> input(bytes);
      Message message;
      ASSERT_EQ(reader.next(input, message), Parsed::kItem);
      EXPECT_EQ(message.data, payload);
      EXPECT_EQ(message.framing, c.head + (mask ? 4 : 0));
      EXPECT_EQ(message.data.data(), bytes.data() + message.framing) << "handed out in place";
      EXPECT_TRUE(input.empty());
      EXPECT_EQ(reader.next(input, message), Parsed::kNeedMore);
    }
  }
}

// RFC 6455 section 5.7, byte for byte.
TEST(WebSocket, ExamplesOfTheSpecification) {
  EXPECT_EQ(frame(Opcode::kText, "Hello"), "\x81\x05Hello");
  std::string out;
  append_frame(out, Opcode::kText, "Hello", 0x3D21FA37);  // 37 fa 21 3d on the wire
  EXPECT_EQ(out, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  const auto parts = read(Role::kClient, "\x01\x03Hel\x80\x02lo");
  EXPECT_EQ(parts.heard, (std::vector<FramesHeard>{{Opcode::kText, "Hello", 0, 4}}));
  EXPECT_EQ(frame(Opcode::kPing, "Hello"), "\x89\x05Hello");
  EXPECT_EQ(frame(Opcode::kBinary, std::string(256, 'x')).substr(0, 4), "\x82\x7E\x01\x00"sv);
  EXPECT_EQ(frame(Opcode::kBinary, std::string(65'536, 'x')).substr(0, 10),
            "\x82\x7F\x00\x00\x00\x00\x00\x01\x00\x00"sv);
}

TEST(WebSocket, MaskingFollowsTheDefinition) {
  std::string text(70, '\0');
  std::iota(text.begin(), text.end(), '\x01');
  const std::string key("\x11\x22\x33\x44");
  std::uint32_t mask = 0;
  std::memcpy(&mask, key.data(), sizeof mask);
  for (std::size_t offset = 0; offset < 9; ++offset) {
    for (std::size_t size = 0; size <= text.size(); ++size) {
      auto data = text.substr(0, size);
      apply_mask(data, mask, offset);
      for (std::size_t at = 0; at < size; ++at) {
        ASSERT_EQ(data[at], static_cast<char>(text[at] ^ key[(at + offset) % 4]));
      }
    }
  }
}

TEST(WebSocket, FragmentsWithControlFramesBetween) {
  const auto bytes = masked(Opcode::kText, "one ", false) + masked(Opcode::kPing, "p") +
                     masked(Opcode::kContinuation, "", false) + masked(Opcode::kPong, "") +
                     masked(Opcode::kContinuation, "two") + masked(Opcode::kBinary, "\xFF");
  const auto outcome = read(Role::kServer, bytes);
  EXPECT_EQ(outcome.heard, (std::vector<FramesHeard>{{Opcode::kPing, "p", 0, 6},
                                                     {Opcode::kPong, "", 0, 6},
                                                     {Opcode::kText, "one two", 0, 18},
                                                     {Opcode::kBinary, "\xFF", 0, 6}}));
  EXPECT_EQ(outcome.last, Parsed::kNeedMore);
}

TEST(WebSocket, EmptyAndManyFramesInOneInput) {
  const auto outcome =
      read(Role::kClient, frame(Opcode::kText, "") + frame(Opcode::kText, "a") +
                              frame(Opcode::kBinary, "", false) + frame(Opcode::kContinuation, ""));
  EXPECT_EQ(outcome.heard, (std::vector<FramesHeard>{{Opcode::kText, "", 0, 2},
                                                     {Opcode::kText, "a", 0, 2},
                                                     {Opcode::kBinary, "", 0, 4}}));
}

TEST(WebSocket, ProtocolErrorsOfAnyFrame) {
  for (const auto bytes : {
           "\xC1\x00"sv,
           "\xA1\x00"sv,
           "\x91\x00"sv,  // reserved bits
           "\x83\x00"sv,
           "\x87\x00"sv,
           "\x8B\x00"sv,
           "\x8F\x00"sv,  // unknown opcodes
           "\x89\x7E\x00\x7E"sv,
           "\x88\x7F"sv,  // control frame over 125 bytes
           "\x09\x00"sv,
           "\x08\x00"sv,
           "\x0A\x00"sv,  // control frame in parts
           "\x80\x00"sv,
           "\x00\x00"sv,  // continues nothing
           "\x81\x7E\x00\x7D"sv,
           "\x81\x7E\x00\x00"sv,  // not the shortest length
           "\x81\x7F\x00\x00\x00\x00\x00\x00\xFF\xFF"sv,
           "\x82\x7F\x80\x00\x00\x00\x00\x00\x00\x00"sv,  // 2^63
           "\x81\x80\x01\x02\x03\x04"sv,                  // a client refuses masks
           "\x01\x01x\x81\x01y"sv,
           "\x01\x01x\x02\x01y"sv,  // a message inside another
       }) {
    expect_refused(Role::kClient, bytes, Errc::kBadFrame, kCloseProtocolError);
  }
  expect_refused(Role::kServer, "\x81\x00"sv, Errc::kBadFrame, kCloseProtocolError);
  expect_refused(Role::kServer, "\x89\x01x"sv, Errc::kBadFrame, kCloseProtocolError);
  expect_refused(Role::kServer, "\x82\xFF\x80\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04"sv,
                 Errc::kBadFrame, kCloseProtocolError);
}

TEST(WebSocket, AnErrorStays) {
  MessageReader reader(Role::kClient);
  FramesOutcome outcome;
  feed(reader, "\x83\x00", outcome);
  feed(reader, frame(Opcode::kText, "x"), outcome);
  EXPECT_EQ(outcome.last, Parsed::kError);
  EXPECT_TRUE(outcome.heard.empty());
}

TEST(WebSocket, CloseFrames) {
  const auto empty = read(Role::kClient, frame(Opcode::kClose, ""));
  EXPECT_EQ(empty.heard, (std::vector<FramesHeard>{{Opcode::kClose, "", 1005, 2}}));
  EXPECT_EQ(empty.last, Parsed::kEnd);
  for (unsigned code = 0; code < 65'536; code += code < 5'100 ? 1 : 1'009) {
    const bool valid = (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
                       (code >= 3000 && code <= 4999);
    std::string bytes;
    append_close(bytes, static_cast<std::uint16_t>(code), "why");
    MessageReader reader(Role::kClient);
    FramesOutcome outcome;
    feed(reader, bytes, outcome);
    EXPECT_EQ(outcome.last, valid ? Parsed::kEnd : Parsed::kError) << code;
    EXPECT_EQ(reader.close_code(), valid ? 0 : kCloseProtocolError) << code;
    if (valid) {
      EXPECT_EQ(
          outcome.heard,
          (std::vector<FramesHeard>{{Opcode::kClose, "why", static_cast<std::uint16_t>(code), 4}}));
    }
  }
  expect_refused(Role::kClient, frame(Opcode::kClose, "\x03"), Errc::kBadFrame,
                 kCloseProtocolError);
  expect_refused(Role::kClient, frame(Opcode::kClose, "\x03\xE8\xFF"), Errc::kBadText,
                 kCloseBadData);
}

TEST(WebSocket, NothingIsReadBehindAClose) {
  std::string bytes;
  append_close(bytes, kCloseGap,
               "{\"oldest\":18446744073709551615,\"newest\":18446744073709551615}", kKey);
  bytes += masked(Opcode::kText, "late");
  const auto outcome = read(Role::kServer, bytes);
  ASSERT_EQ(outcome.heard.size(), 1U);
  EXPECT_EQ(outcome.heard[0].close_code, kCloseGap);
  EXPECT_EQ(outcome.last, Parsed::kEnd);
}

TEST(WebSocketDeath, ACloseReasonHasABound) {
  std::string out;
  append_close(out, kCloseNormal, std::string(123, 'x'));
  EXPECT_EQ(out.size(), 2U + kMaxControlPayload);
  EXPECT_DEATH(append_close(out, kCloseNormal, std::string(124, 'x')), "reason");
}

TEST(WebSocket, TextMustBeUtf8) {
  expect_refused(Role::kClient, frame(Opcode::kText, "ab\xFF"), Errc::kBadText, kCloseBadData);
  expect_refused(Role::kClient, frame(Opcode::kText, "\xED\xA0\x80"), Errc::kBadText,
                 kCloseBadData);
  expect_refused(Role::kClient,
                 frame(Opcode::kText, "\xC3", false) + frame(Opcode::kContinuation, "x"),
                 Errc::kBadText, kCloseBadData);
  // A character may be cut by a frame's end.
  const auto cut = read(Role::kClient,
                        frame(Opcode::kText, "\xC3", false) + frame(Opcode::kContinuation, "\xA9"));
  ASSERT_EQ(cut.heard.size(), 1U);
  EXPECT_EQ(cut.heard[0].data, "\xC3\xA9");
  EXPECT_EQ(read(Role::kClient, frame(Opcode::kBinary, "\xFF")).heard.size(), 1U);
}

TEST(WebSocket, MessagesAreBounded) {
  const MessageLimits limits{8, 3};
  EXPECT_EQ(read(Role::kClient, frame(Opcode::kText, "12345678"), limits).heard.size(), 1U);
  const auto check = [&](const std::string& bytes, std::uint16_t code) {
    const auto outcome = read(Role::kClient, bytes, limits);
    EXPECT_EQ(outcome.error, Errc::kLimit);
    EXPECT_EQ(outcome.close_code, code);
  };
  check(frame(Opcode::kText, "123456789"), kCloseTooBig);
  check(frame(Opcode::kText, "12345", false) + frame(Opcode::kContinuation, "6789"), kCloseTooBig);
  // Refused by the head alone: nothing is kept of what is announced too big.
  check(std::string("\x82\x7F\x00\x00\x00\x01\x00\x00\x00\x00"sv), kCloseTooBig);
  const auto first = frame(Opcode::kText, "1", false);
  const auto more = frame(Opcode::kContinuation, "2", false);
  const auto last = frame(Opcode::kContinuation, "3");
  EXPECT_EQ(read(Role::kClient, first + more + last + first + last, limits).heard.size(), 2U);
  check(first + more + more + last, kClosePolicy);
}

TEST(WebSocket, CompressedMessages) {
  // RFC 7692 section 7.2.3: "Hello" in one frame, in two, and with a last block.
  const std::string_view kSingle = "\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"sv;
  const std::string_view kFragments = "\x41\x03\xf2\x48\xcd\x80\x04\xc9\xc9\x07\x00"sv;
  const std::string_view kStored = "\xc1\x0b\x00\x05\x00\xfa\xff\x48\x65\x6c\x6c\x6f\x00"sv;
  const std::string_view kWithLastBlock = "\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00"sv;
  for (const auto bytes : {kSingle, kFragments, kStored, kWithLastBlock}) {
    const auto outcome = read(Role::kClient, bytes, {}, true);
    ASSERT_EQ(outcome.heard.size(), 1U) << printable(bytes);
    EXPECT_EQ(outcome.heard[0].data, "Hello");
    EXPECT_EQ(outcome.heard[0].framing + outcome.carried[0], bytes.size());
    EXPECT_NE(outcome.carried[0], 5U);
  }
}

TEST(WebSocket, ACompressedMessageBesideOthers) {
  Deflater deflater;
  std::string bytes = frame(Opcode::kText, "plain");
  append_compressed(bytes, Opcode::kText, deflater.message("packed packed packed"));
  append_compressed(bytes, Opcode::kBinary, deflater.message(""));
  bytes += frame(Opcode::kPing, "!");
  const auto outcome = read(Role::kClient, bytes, {}, true);
  ASSERT_EQ(outcome.heard.size(), 4U);
  EXPECT_EQ(outcome.heard[0].data, "plain");
  EXPECT_EQ(outcome.carried[0], 5U);
  EXPECT_EQ(outcome.heard[1].data, "packed packed packed");
  EXPECT_LT(outcome.carried[1], outcome.heard[1].data.size());
  EXPECT_EQ(outcome.heard[2].data, "");
  EXPECT_EQ(outcome.carried[2], 1U);
  EXPECT_EQ(outcome.heard[3].data, "!");
}

TEST(WebSocket, CompressionThatIsNotAllowed) {
  Deflater deflater;
  std::string packed;
  append_compressed(packed, Opcode::kText, deflater.message("text"));
  EXPECT_EQ(read(Role::kClient, packed).close_code, kCloseProtocolError);  // not negotiated
  const auto refused = [](std::string_view bytes, MessageLimits limits = {}) {
    return read(Role::kClient, bytes, limits, true).close_code;
  };
  EXPECT_EQ(refused("\xc9\x00"sv), kCloseProtocolError);              // a ping
  EXPECT_EQ(refused("\x41\x01\xf2\xc0\x00"sv), kCloseProtocolError);  // a continuation
  EXPECT_EQ(refused("\xa1\x00"sv), kCloseProtocolError);              // RSV2
  EXPECT_EQ(refused("\xc1\x02\xff\xff"sv), kCloseBadData);            // not DEFLATE
  EXPECT_EQ(refused("\xc1\x03\xf2\x48\xcd"sv), kCloseBadData);        // half of it
  std::string bomb;
  append_compressed(bomb, Opcode::kText, deflater.message(std::string(5'000, 'x')));
  EXPECT_LT(bomb.size(), 100U);
  EXPECT_EQ(refused(bomb, {.max_message = 4'999}), kCloseTooBig);
  EXPECT_EQ(refused(bomb, {.max_message = 5'000}), 0);
  std::string no_text;
  append_compressed(no_text, Opcode::kText, deflater.message("\xff"));
  EXPECT_EQ(refused(no_text), kCloseBadData);
}

TEST(WebSocket, ReadersAreSmall) {
  EXPECT_LE(sizeof(MessageReader), 128U);
}

TEST(WebSocket, RandomTrafficInRandomCuts) {
  Random random(31);
  for (int round = 0; round < 1'000; ++round) {
    std::string bytes;
    std::vector<std::string> sent;
    for (int messages = 0; messages < 5; ++messages) {
      const std::string payload(random.below(random.below(10) == 0 ? 70'000 : 200), 'm');
      append_frame(bytes, Opcode::kText, payload, static_cast<std::uint32_t>(random.next()));
      sent.push_back(payload);
    }
    MessageReader reader(Role::kServer);
    FramesOutcome outcome;
    for (std::size_t at = 0; at < bytes.size();) {
      const auto size = 1 + random.below(random.below(2) == 0 ? 20 : 70'000);
      feed(reader, std::string_view(bytes).substr(at, size), outcome);
      at += size;
    }
    ASSERT_EQ(outcome.heard.size(), sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
      ASSERT_EQ(outcome.heard[i].data, sent[i]);
    }
  }
}

TEST(WebSocket, GarbageGivesTheSameInAnyCut) {
  constexpr std::string_view kLikely =
      "\x00\x01\x02\x80\x81\x82\x88\x89\x8A\x83\x84\x7E\x7F\x03\xE8z"sv;
  Random random(37);
  for (int round = 0; round < 1'000; ++round) {
    std::string bytes;
    for (auto left = random.below(30); left > 0; --left) {
      bytes.push_back(kLikely[random.below(kLikely.size())]);
    }
    const auto outcome = read(round % 2 == 0 ? Role::kServer : Role::kClient, bytes);
    ASSERT_LE(outcome.heard.size(), bytes.size());
  }
}

}  // namespace
}  // namespace pushbench::wire
