#include "harness/wire/http_syntax.h"

#include <gtest/gtest.h>

namespace pushbench::wire {
namespace {

TEST(HttpSyntax, Words) {
  EXPECT_TRUE(same_word("WebSocket", "websocket"));
  EXPECT_FALSE(same_word("websocket", "websockets"));
  EXPECT_FALSE(same_word("@", "`")) << "only letters have a case";
  EXPECT_TRUE(lists_word("keep-alive, \tUpgrade ", "upgrade"));
  EXPECT_TRUE(lists_word("close", "close"));
  EXPECT_TRUE(lists_word(",, close", "close"));
  EXPECT_FALSE(lists_word("not-close, closed", "close"));
  EXPECT_FALSE(lists_word("", "close"));
}

TEST(HttpSyntax, Versions) {
  EXPECT_TRUE(is_http_version("HTTP/1.1"));
  EXPECT_TRUE(is_http_version("HTTP/9.9"));
  for (const auto* text :
       {"", "HTTP/1", "http/1.1", "HTTP/01.1", "HTTP/1.10", "HTTP/1,1", "HTTP/a.1"}) {
    EXPECT_FALSE(is_http_version(text)) << text;
  }
}

TEST(HttpSyntax, Hosts) {
  for (const auto* text : {"localhost", "localhost:8080", "127.0.0.1:1", "[::1]", "[::1]:65535",
                           "a.b-c_d~e", "%41", "host:"}) {
    EXPECT_TRUE(is_host(text)) << text;
  }
  for (const auto* text :
       {"", ":80", "user@host", "host/path", "a,b", "a b", "host:80:80", "host:x", "host:123456",
        "[::1", "[]", "[::g]", "[::1]x", "::1", "a\"", "h?q", "h#f", "h\\", "\xC3\xA9"}) {
    EXPECT_FALSE(is_host(text)) << text;
  }
}

TEST(HttpSyntax, Targets) {
  for (const auto* text : {"/", "/a/b?c=d&e=%20", "//x", "/a:b@c", "http://h", "HTTP://h:80/x?y",
                           "https://[::1]/", "/?q={a|b}"}) {
    EXPECT_TRUE(is_target(text)) << text;
  }
  for (const auto* text :
       {"",        "*",         "a",           "a/b",         "?x",        "ftp://h/", "http:/h",
        "http://", "http:///x", "http://u@h/", "http://h,i/", "/a#b",      "/a b",     "/a\\b",
        "/\"",     "/<",        "/>",          "/\x7F",       "/\xC3\xA9", "/\t",      "h:80"}) {
    EXPECT_FALSE(is_target(text)) << text;
  }
  EXPECT_EQ(absolute_authority("http://h:1/x"), "h:1");
  EXPECT_EQ(absolute_authority("https://h?x"), "h");
  EXPECT_FALSE(absolute_authority("/x"));
}

TEST(HttpSyntax, AcceptedCodings) {
  for (const auto* value : {"gzip", "GZIP", "deflate, gzip", "gzip, deflate, br, zstd", "gzip;q=1",
                            "gzip ; q=0.001", "br;q=0, gzip;q=0.5", "*", "identity, *;q=0.1"}) {
    EXPECT_TRUE(accepts_coding(value, "gzip")) << value;
  }
  for (const auto* value :
       {"", "identity", "gzip;q=0", "gzip;q=0.000", "*, gzip;q=0", "*;q=0", "gzipped",
        "gzip;q=", "gzip;q=2", "gzip;q=0.0001", "gzip;x=1", "gzip;", "gzip;q=1x", "br"}) {
    EXPECT_FALSE(accepts_coding(value, "gzip")) << value;
  }
}

}  // namespace
}  // namespace pushbench::wire
