#include "harness/transport/exchange.h"

#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"

#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

using wire::Parsed;

TEST(HeadReader, SkipsInterimAnswersAndCountsThem) {
  const std::string interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  const std::string all = interim + no_content(5);
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    HeadReader reader;
    wire::ResponseHead head;
    std::uint64_t bytes = 0;
    std::string_view first = std::string_view(all).substr(0, cut);
    EXPECT_EQ(reader.next(first, head, bytes), Parsed::kNeedMore);
    EXPECT_TRUE(first.empty());
    std::string_view second = std::string_view(all).substr(cut);
    ASSERT_EQ(reader.next(second, head, bytes), Parsed::kItem) << cut;
    EXPECT_EQ(head.status, 204);
    EXPECT_EQ(bytes, all.size());
  }
}

TEST(HeadReader, LimitsInterimAnswers) {
  HeadReader reader;
  wire::ResponseHead head;
  std::uint64_t bytes = 0;
  std::string many;
  for (int i = 0; i <= kMaxInterim; ++i) {
    many += "HTTP/1.1 100 Continue\r\n\r\n";
  }
  std::string_view input = many;
  EXPECT_EQ(reader.next(input, head, bytes), Parsed::kError);
  EXPECT_EQ(reader.error(), Errc::kLimit);
}

TEST(HeadReader, AHugeHeadIsALimitInAnyPieces) {
  const std::string huge = "HTTP/1.1 200 OK\r\nX: " + std::string(4 * 1024 * 1024, 'x');
  for (const std::size_t piece : {1000U, 16384U, 65536U}) {
    HeadReader reader;
    wire::ResponseHead head;
    std::uint64_t bytes = 0;
    Parsed parsed = Parsed::kNeedMore;
    for (std::size_t at = 0; at < huge.size() && parsed == Parsed::kNeedMore; at += piece) {
      std::string_view input = std::string_view(huge).substr(at, piece);
      parsed = reader.next(input, head, bytes);
    }
    EXPECT_EQ(parsed, Parsed::kError);
    EXPECT_EQ(reader.error(), Errc::kLimit) << piece;
  }
}

TEST(HeadReader, GarbageIsRefusedAtItsFirstBytes) {
  for (const std::string& garbage : {std::string("\x01\x02"), std::string("SSH-2.0-x\r\n"),
                                     std::string("HTTP/2"), std::string("\n")}) {
    HeadReader reader;
    wire::ResponseHead head;
    std::uint64_t bytes = 0;
    std::string_view input = garbage;
    EXPECT_EQ(reader.next(input, head, bytes), Parsed::kError) << garbage;
    EXPECT_EQ(reader.error(), Errc::kBadHead);
  }
}

// What an answer can be that no client may take for a success, and the class it belongs to. Every
// transport gets every one of them.
struct Bad {
  std::string name;
  std::string answer;
  Fault fault;
};

std::string with_type(std::string_view rest) {
  return "HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nETag: \"5\"\r\n" + std::string(rest);
}

const std::vector<Bad> kBad{
    {"garbage", std::string("\x00\xff\x13\x37 garbage\r\n\r\n", 17), Fault::kBadHead},
    {"unavailable", http_answer("503 Service Unavailable", "", "busy\n"), Fault::kHttpStatus},
    {"moved", http_answer("301 Moved Permanently", "Location: /\r\n", ""), Fault::kHttpStatus},
    {"not_found", http_answer("404 Not Found", "", "no\n"), Fault::kHttpStatus},
    {"html", http_answer("200 OK", "Content-Type: text/html\r\nETag: \"5\"\r\n", "<html>\n"),
     Fault::kBadEvent},
    {"chunk_size", with_type("Transfer-Encoding: chunked\r\n\r\nzz\r\n"), Fault::kBadHead},
    {"both_lengths", with_type("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
     Fault::kBadHead},
    {"two_lengths", with_type("Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
     Fault::kBadHead},
    {"endless_head", "HTTP/1.1 200 OK\r\nX: " + std::string(4 * 1024 * 1024, 'x'), Fault::kLimit},
};

class BadAnswers : public testing::TestWithParam<Exchange> {
 protected:
  static Fault expected(const Bad& bad) {
    const bool upgrade = GetParam().strategy.strategy == "websocket";
    const bool ok = bad.answer.starts_with("HTTP/1.1 200") && bad.fault != Fault::kLimit;
    // To an upgrade any 200 is the wrong status, unless its head is refused before.
    const bool head_first = bad.name == "both_lengths" || bad.name == "two_lengths";
    return upgrade && ok && !head_first ? Fault::kHttpStatus : bad.fault;
  }
  static std::string answer_of(const Bad& bad) {
    std::string answer = bad.answer;
    const std::size_t mark = answer.find("{type}");
    const bool sse = GetParam().strategy.encoding == "sse";
    return mark == std::string::npos
               ? answer
               : answer.replace(mark, 6, sse ? "text/event-stream" : "application/x-ndjson");
  }
};

TEST_P(BadAnswers, EachUnderItsOwnClassAndNoneASuccess) {
  for (const Bad& bad : kBad) {
    Rig rig({GetParam().strategy, 5, {}, 16 * 1024},
            {{expect_head(), send(answer_of(bad)), silence()}});
    rig.start();
    ASSERT_TRUE(rig.ended()) << bad.name;
    EXPECT_EQ(fault_of(*rig.result), expected(bad)) << bad.name << ": " << rig.result->message();
    EXPECT_EQ(rig.sink.closes, std::vector{*rig.result}) << bad.name;
    EXPECT_TRUE(rig.sink.answers.empty()) << bad.name;
    EXPECT_TRUE(rig.sink.events.empty()) << bad.name;
    const bool head_was_good = bad.name == "chunk_size" && GetParam().streams;
    EXPECT_TRUE(rig.sink.subscribed.empty() || head_was_good) << bad.name;
    rig.finish();
  }
}

TEST_P(BadAnswers, ResetIsAReset) {
  Rig rig({GetParam().strategy, 5, {}, 16 * 1024}, {{expect_head(), reset_now()}});
  rig.start();
  ASSERT_TRUE(rig.ended());
  EXPECT_EQ(fault_of(*rig.result), Fault::kReset);
  rig.finish();
}

// Heads whose meaning is in doubt, RFC 9112 sections 2.2, 4, 5.1 and 6.3.
TEST_P(BadAnswers, ResponsesThatMustBeRefused) {
  for (const std::string& answer : {
           std::string("HTTP/1.1 200 OK\r\nFoo : bar\r\nContent-Length: 0\r\n\r\n"),
           std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n"),
           std::string("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
           std::string("HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n"),
           std::string("HTTP/9.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
           std::string("HTTP/1.1 200 OK\nContent-Length: 0\n\n\r\n\r\n"),
           std::string("HTTP/1.1 200 OK\r\nF\x01oo: bar\r\n\r\n"),
           std::string("HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n"),
       }) {
    Rig rig({GetParam().strategy, 5, {}, 16 * 1024}, {{expect_head(), send(answer), silence()}});
    rig.start();
    ASSERT_TRUE(rig.ended()) << answer;
    EXPECT_EQ(fault_of(*rig.result), Fault::kBadHead) << answer << rig.result->message();
    EXPECT_TRUE(rig.sink.subscribed.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Transports,
                         BadAnswers,
                         testing::ValuesIn(exchanges()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace pushbench::transport
