#include "harness/wire/plain_head.h"

#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/wire/test_cases.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::wire {
namespace {

// A field that is never plain and changes nothing: what it stands in goes the thorough way.
constexpr std::string_view kThoroughField = "Proxy-Connection: close\r\n";

struct Both {
  std::string longer;  // what the thorough way read
  bool plain = false;
  RequestHead quick;
  Parsed parsed = Parsed::kNeedMore;
  RequestHead thorough;
};

// The same head the short way and, with that field as its last, the thorough one.
void read_both(const std::string& bytes, Both& both) {
  both.plain = parse_plain_head(bytes, both.quick);
  both.longer = bytes;
  if (const auto end = bytes.find("\r\n\r\n"); end != std::string::npos) {
    both.longer.insert(end + 2, kThoroughField);
  }
  std::string_view input = both.longer;
  both.parsed = parse_request_head(input, both.thorough);
}

auto fields_of(const RequestHead& head) {
  return std::vector<std::string>{std::string(head.method),
                                  std::string(head.target),
                                  std::string(head.host),
                                  std::string(head.origin),
                                  std::string(head.if_none_match),
                                  std::string(head.last_event_id),
                                  std::string(head.content_type),
                                  std::string(head.authorization),
                                  std::string(head.websocket_key),
                                  std::string(head.websocket_version),
                                  std::string(head.websocket_extensions),
                                  std::string(head.accept_encoding),
                                  head.has_origin ? "has origin" : "",
                                  head.upgrade_websocket ? "upgrade" : "",
                                  head.expect_continue ? "expect" : "",
                                  head.keep_alive ? "keep" : "",
                                  head.http10 ? "1.0" : "",
                                  head.body.chunked ? "chunked" : "",
                                  head.body.until_close ? "until close" : "",
                                  std::to_string(head.body.length.value_or(99))};
}

void expect_same(const std::string& bytes) {
  Both both;
  read_both(bytes, both);
  if (!both.plain) {
    return;
  }
  ASSERT_EQ(both.parsed, Parsed::kItem) << printable(bytes) << ": " << both.thorough.refuse_reason;
  ASSERT_EQ(fields_of(both.quick), fields_of(both.thorough)) << printable(bytes);
  ASSERT_EQ(both.quick.size + kThoroughField.size(), both.thorough.size) << printable(bytes);
}

bool is_plain(const std::string& bytes) {
  RequestHead head;
  return parse_plain_head(bytes, head);
}

const std::vector<std::string>& usual_heads() {
  static const std::vector<std::string> kHeads{
      "GET /poll/t?after=12 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n",
      "GET /poll/t HTTP/1.1\r\nhost:a\r\nIf-None-Match: \"12\"  \r\nConnection: close\r\n\r\n",
      "HEAD / HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0 (X11)\r\nAccept: */*\r\n"
      "Connection: keep-alive\r\n\r\n",
      "POST /publish/t HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
      "Authorization: Bearer x\r\nContent-Length: 128\r\n\r\nbody",
      "GET /ws/t HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Origin: http://a\r\n\r\n",
      "GET /sse/t HTTP/1.1\r\nHost: [::1]:80\r\nLast-Event-ID: 7\r\nX-Other:\r\n"
      "X-Caf: caf\xC3\xA9\r\n\r\nGET / HTTP/1.1\r\n"};
  return kHeads;
}

TEST(PlainHead, UsualHeadsAreTakenAndReadAlike) {
  for (const auto& bytes : usual_heads()) {
    EXPECT_TRUE(is_plain(bytes)) << printable(bytes);
    expect_same(bytes);
  }
}

TEST(PlainHead, FillsWhatTheFieldsSay) {
  const auto& bytes = usual_heads()[4];
  RequestHead head;
  ASSERT_TRUE(parse_plain_head(bytes, head));
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.target, "/ws/t");
  EXPECT_EQ(head.host, "a");
  EXPECT_EQ(head.origin, "http://a");
  EXPECT_EQ(head.websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_TRUE(head.upgrade_websocket);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.size, bytes.size());
  EXPECT_EQ(head.target.data(), bytes.data() + 4) << "views, not copies";
}

TEST(PlainHead, LeavesTheRestToTheThoroughWay) {
  const std::string line = "GET / HTTP/1.1\r\n";
  for (const auto& bytes :
       std::vector<std::string>{"",
                                "GET",
                                "GET / HTTP/1.1\r\nHost: a\r\n",
                                "GET / HTTP/1.1\r\nHost: a\r\n\r",
                                "PUT / HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GETX / HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
                                "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET /# HTTP/1.1\r\nHost: a\r\n\r\n",
                                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                                line + "\r\n",
                                line + "Host: a\r\nHost: a\r\n\r\n",
                                line + "Host: a,b\r\n\r\n",
                                line + "Host: a\r\nHost : a\r\n\r\n",
                                line + "Host: a\r\n: b\r\n\r\n",
                                line + "Host: a\r\nA: b\r\n c\r\n\r\n",
                                line + "Host: a\r\nA: b\tc\r\n\r\n",
                                line + "Host: a\r\nA: b\x7F\r\n\r\n",
                                line + "Host: a\r\nA: b\rc\r\n\r\n",
                                line + "Host: a\r\nExpect: 100-continue\r\n\r\n",
                                line + "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                                line + "Host: a\r\nTransfer_Encoding: chunked\r\n\r\n",
                                line + "Host: a\r\ncontent_length: 1\r\n\r\n",
                                line + "Host: a\r\nContent-Length: 01\r\n\r\n",
                                line + "Host: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
                                line + "Host: a\r\nConnection: close, x\r\n\r\n",
                                line + "Host: a\r\nConnection: close\r\nConnection: close\r\n\r\n",
                                line + "Host: a\r\nUpgrade: h2c\r\n\r\n",
                                line + "Host: a\r\nA: " + std::string(5'000, 'x') + "\r\n\r\n"}) {
    RequestHead head;
    EXPECT_FALSE(parse_plain_head(bytes, head)) << printable(bytes);
    EXPECT_EQ(fields_of(head), fields_of(RequestHead{})) << "as it was";
  }
  std::string many = line + "Host: a\r\n";
  for (std::size_t i = 1; i < kMaxHeadFields; ++i) {
    many += "A: b\r\n";
  }
  EXPECT_TRUE(is_plain(many + "\r\n"));
  EXPECT_FALSE(is_plain(many + "A: b\r\n\r\n"));
}

TEST(PlainHead, MalformedRequestsAreNeverTaken) {
  for (const auto* table : {"http_malformed.json", "http_must_reject.json"}) {
    for (const auto& row : read_cases(table)) {
      expect_same(from_base64(row.at("b64")));
    }
  }
}

// One of each kind that the grammar tells apart.
TEST(PlainHead, EveryKindOfByteInEveryPlaceIsReadAlike) {
  using namespace std::string_view_literals;
  constexpr auto kKinds = "\0\t\n\r ,/:_-#\"0aA\x7F\x80"sv;
  for (const auto& good : usual_heads()) {
    for (const char c : kKinds) {
      for (std::size_t at = 0; at < good.find("\r\n\r\n") + 4; ++at) {
        auto bytes = good;
        bytes[at] = c;
        expect_same(bytes);
      }
    }
  }
}

TEST(PlainHead, PiecesInAnyOrderAreReadAlike) {
  constexpr std::string_view kLines[] = {"Host: a",
                                         "HOST:  b:80 ",
                                         "Connection: close",
                                         "connection: Keep-Alive",
                                         "Connection:",
                                         "Upgrade: WebSocket",
                                         "Connection: upgrade",
                                         "Content-Length: 3",
                                         "content-length: 0",
                                         "Content-Length:",
                                         "Origin:",
                                         "Origin: null",
                                         "Last-Event-ID: 1",
                                         "Content-Type: a",
                                         "Transfer-Encoding: chunked",
                                         "Expect: x",
                                         "A",
                                         "A B: c",
                                         "Connection: keep-alive,upgrade",
                                         "Accept: */*",
                                         "Accept-Encoding: gzip",
                                         "Sec-WebSocket-Extensions: a; b",
                                         "If-None-Match: \"1\"",
                                         "Sec-WebSocket-Key: k",
                                         "Host",
                                         "X: \t y",
                                         "Content_Length: 1",
                                         "Connection: close,",
                                         "Connection: a b"};
  Random random(77);
  std::size_t plain = 0;
  for (int round = 0; round < 4'000; ++round) {
    std::string bytes = "GET /x HTTP/1.1\r\nHost: a\r\n";
    for (auto left = random.below(4); left > 0; --left) {
      bytes.append(kLines[random.below(std::size(kLines))]).append("\r\n");
    }
    bytes += "\r\n";
    plain += is_plain(bytes) ? 1U : 0U;
    expect_same(bytes);
  }
  EXPECT_GT(plain, 400U);
  EXPECT_LT(plain, 3'600U);
}

}  // namespace
}  // namespace pushbench::wire
