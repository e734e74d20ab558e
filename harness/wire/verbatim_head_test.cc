#include "harness/wire/verbatim_head.h"

#include <gtest/gtest.h>

namespace pushbench::wire {
namespace {

TEST(VerbatimHead, LinesEndAsOnTheWire) {
  for (const char* text :
       {"GET /a//b?c=1 HTTP/1.1\nHost: x\n", "GET /a//b?c=1 HTTP/1.1\nHost: x",
        "GET /a//b?c=1 HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a//b?c=1 HTTP/1.1\nHost: x\n\n"}) {
    const auto head = verbatim_request(text);
    ASSERT_TRUE(head) << text;
    EXPECT_EQ(head->bytes, "GET /a//b?c=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(head->target, "/a//b?c=1");
    EXPECT_EQ(head->characters, 29U);
  }
  const auto answer = verbatim_response("HTTP/1.1 200 OK\nContent-Length: 21\n");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->length, 21U);
  EXPECT_EQ(answer->characters + 6, answer->bytes.size());
}

TEST(VerbatimHead, WhatCannotBeTrustedIsRefused) {
  const std::string long_field = "GET / HTTP/1.1\nHost: x\nCookie: " + std::string(17'000, 'c');
  for (const std::string& text :
       {std::string(), std::string("hello\n"), std::string("GET / HTTP/1.1\n"),
        std::string("POST / HTTP/1.1\nHost: x\n"),
        std::string("GET / HTTP/1.1\nHost: x\nContent-Length: 3\n"),
        std::string("GET / HTTP/1.1\nHost: x\nConnection: close\n"),
        std::string("GET / HTTP/1.1\nHost: x\nA: b\rc\n"),
        std::string("GET / HTTP/1.1\nHost: x\n\nGET / HTTP/1.1\nHost: x\n"),
        std::string("GET / HTTP/1.1\nHost: x\0y\n", 25), long_field}) {
    EXPECT_FALSE(verbatim_request(text)) << text;
  }
  for (const char* text :
       {"HTTP/1.1 204 No Content\n", "HTTP/1.1 200 OK\n",
        "HTTP/1.1 404 Not Found\nContent-Length: 2\n",
        "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n", "HTTP/1.1 200 OK\nContent-Length: 0\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n",
        "HTTP/1.1 200 OK\nContent-Length: 9999999\n", "HTTP/1.x 200 OK\nContent-Length: 2\n"}) {
    EXPECT_FALSE(verbatim_response(text)) << text;
  }
}

}  // namespace
}  // namespace pushbench::wire
