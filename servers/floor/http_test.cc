#include "servers/floor/http.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::servers::floor {
namespace {

TEST(FirstRequest, TellsPathCursorAndEnd) {
  const std::string bytes = "GET /long-poll/a?hold=1s&after=12 HTTP/1.1\r\nHost: x\r\n\r\nGET";
  const auto request = first_request(bytes);
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->publish);
  EXPECT_FALSE(request->close);
  EXPECT_EQ(request->path, "/long-poll/a");
  EXPECT_EQ(request->after, 12U);
  EXPECT_EQ(request->size, bytes.size() - 3);
}

TEST(FirstRequest, TakesABodyOnceItIsWhole) {
  const std::string bytes = "POST /publish/a HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello";
  EXPECT_FALSE(first_request(bytes.substr(0, bytes.size() - 1)));
  const auto request = first_request(bytes);
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->publish);
  EXPECT_EQ(request->body, "hello");
  EXPECT_EQ(request->size, bytes.size());
}

TEST(FirstRequest, KnowsTheFieldsThatMatter) {
  const auto request =
      first_request("GET /ws/a HTTP/1.1\r\nConnection: close\r\nSec-WebSocket-Key: abc==\r\n\r\n");
  ASSERT_TRUE(request);
  EXPECT_TRUE(request->close);
  EXPECT_EQ(request->websocket_key, "abc==");
  EXPECT_FALSE(request->after);
}

TEST(FirstAnswer, TellsStatusCursorBodyAndEnd) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nETag: \"31\"\r\nContent-Length: 3\r\n\r\nabcHTTP";
  const auto answer = first_answer(bytes);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->seq, 31U);
  EXPECT_EQ(answer->body, "abc");
  EXPECT_EQ(answer->size, bytes.size() - 4);
}

TEST(FirstAnswer, WaitsForAllOfIt) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(first_answer(bytes.substr(0, size))) << size;
  }
}

TEST(FirstAnswer, HasNoBodyWithoutALength) {
  const auto answer = first_answer("HTTP/1.1 204 No Content\r\n\r\nrest");
  ASSERT_TRUE(answer);
  EXPECT_TRUE(is_success(answer->status));
  EXPECT_FALSE(answer->seq);
  EXPECT_EQ(answer->size, answer->head);
  EXPECT_EQ(first_answer("SSH-2.0\r\n\r\n")->status, 0);
}

}  // namespace
}  // namespace pushbench::servers::floor
