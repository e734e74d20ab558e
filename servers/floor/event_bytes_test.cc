#include "servers/floor/event_bytes.h"

#include <gtest/gtest.h>

namespace pushbench::servers::floor {
namespace {

TEST(EventBytes, AreWhatEveryStrategyWrites) {
  EventBytes bytes;
  bytes.make(6, "before");
  bytes.make(7, "hello");
  EXPECT_EQ(bytes.websocket, "\x81\x05hello");
  EXPECT_EQ(bytes.stream, "6\r\nhello\n\r\n");
  EXPECT_EQ(bytes.sse, "d\r\ndata: hello\n\n\r\n");
  EXPECT_EQ(bytes.answer, "HTTP/1.1 200 OK\r\nETag: \"7\"\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(
      bytes.closing_answer,
      "HTTP/1.1 200 OK\r\nETag: \"7\"\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
  EXPECT_EQ(bytes.published, "HTTP/1.1 204 No Content\r\nETag: \"7\"\r\n\r\n");
}

// The key and the answer of RFC 6455 section 1.3.
TEST(UpgradeHead, AnswersEveryKeyAndKeepsTheLast) {
  UpgradeHead head;
  for (int i = 0; i < 2; ++i) {
    EXPECT_NE(head.answer_to("dGhlIHNhbXBsZSBub25jZQ==").find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"),
              std::string_view::npos);
  }
  EXPECT_EQ(head.answer_to("AAAAAAAAAAAAAAAAAAAAAA==").find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
            std::string_view::npos);
}

}  // namespace
}  // namespace pushbench::servers::floor
