#include "harness/wire/http_outline.h"

#include "harness/wire/http_head.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::wire {
namespace {

TEST(HttpOutline, FindsTheEnd) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const auto bytes = head + "body\n";
  const auto found = outline_request(bytes);
  EXPECT_EQ(found.size, head.size());
  EXPECT_EQ(found.first_line, "GET / HTTP/1.1");
  EXPECT_FALSE(found.refusal);
  for (std::size_t size = 0; size < head.size(); ++size) {
    const auto cut = outline_request(head.substr(0, size));
    EXPECT_EQ(cut.size, 0U) << size;
    EXPECT_FALSE(cut.refusal) << size;
  }
}

TEST(HttpOutline, RefusesAsSoonAsItShows) {
  const struct {
    std::string bytes;
    int status;
  } cases[] = {
      {"\r\n", 400},
      {"\n", 400},
      {" ", 400},
      {"\x16\x03\x01", 400},  // TLS
      {"GET /\r\n", 400},     // HTTP/0.9
      {"GET / HTTP/1.1\n", 400},
      {"GET / HTTP/1.1\rH", 400},
      {"GET / FTP/1.1\r\n", 400},
      {"GET  / HTTP/1.1\r\n", 400},
      {"GET / HTTP/1.1 \r\n", 400},
      {"GET / HTTP/1.1\r\nA: b\n", 400},
      {"GET / HTTP/1.1\r\nA: b\rc", 400},
      {"GET / HTTP/1.1\r\n A: b\r\n", 400},
      {"GET / HTTP/1.1\r\nA: b\r\n\tc\r\n", 400},
      {std::string(33, 'G'), 400},
      {std::string(100'000, 'G'), 400},
      {"GET /" + std::string(kMaxRequestLine, 'x'), 414},
      {"GET /" + std::string(kMaxRequestLine, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"GET / HTTP/1.1\r\nA: " + std::string(kMaxHead, 'x'), 431},
      {"GET / HTTP/1.1\r\n" + std::string(kMaxHead, 'x'), 431},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(outline_request(c.bytes).refusal.status, c.status) << c.bytes.substr(0, 40);
  }
  EXPECT_TRUE(outline_response("HTTX").refusal);
  EXPECT_TRUE(outline_response("http/1.1 200 OK\r\n").refusal);
  EXPECT_FALSE(outline_response("HT").refusal);
  EXPECT_FALSE(outline_response("").refusal);
}

TEST(HttpOutline, LimitsAreInclusive) {
  const std::string front = "GET / HTTP/1.1\r\n";
  std::string fields;
  for (std::size_t i = 0; i < kMaxHeadFields; ++i) {
    fields += "A: b\r\n";
  }
  EXPECT_FALSE(outline_request(front + fields + "\r\n").refusal);
  EXPECT_EQ(outline_request(front + fields + "A: b\r\n\r\n").refusal.status, 431);
  const auto padding = kMaxHead - front.size() - 7;
  EXPECT_EQ(outline_request(front + "A: " + std::string(padding, 'x') + "\r\n\r\n").size, kMaxHead);
  EXPECT_EQ(
      outline_request(front + "A: " + std::string(padding + 1, 'x') + "\r\n\r\n").refusal.status,
      431);
  const auto line = kMaxRequestLine - std::string("GET / HTTP/1.1").size();
  EXPECT_FALSE(outline_request("GET /" + std::string(line, 'x') + " HTTP/1.1\r\n").refusal);
}

}  // namespace
}  // namespace pushbench::wire
