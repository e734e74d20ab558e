#include "servers/reference/polling.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

std::string nothing(int status, const char* reason, int newest) {
  return "HTTP/1.1 " + std::to_string(status) + " " + reason +
         "\r\nDate: D\r\nCache-Control: no-store\r\nETag: \"" + std::to_string(newest) +
         "\"\r\n\r\n";
}

std::string events(std::string_view body, int newest, std::string_view status = "200 OK") {
  return std::string("HTTP/1.1 ")
      .append(status)
      .append(
          "\r\nDate: D\r\nContent-Type: application/x-ndjson\r\nCache-Control: no-store\r\n"
          "ETag: \"")
      .append(std::to_string(newest))
      .append("\"\r\nContent-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}

TEST(Polling, AnswersAreThoseOfTheContract) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/poll/t")), nothing(204, "No Content", 0));
  EXPECT_EQ(peer.ask(get("/poll/t?after=0")), nothing(204, "No Content", 0));
  EXPECT_EQ(peer.ask(post("/publish/t", "text of \"it\"\n")),
            "HTTP/1.1 204 No Content\r\nDate: D\r\nETag: \"1\"\r\n\r\n");
  peer.ask(post("/publish/t", ""));
  const std::string first = "{\"seq\":1,\"data\":\"text of \\\"it\\\"\\n\"}\n";
  const std::string second = "{\"seq\":2,\"data\":\"\"}\n";
  EXPECT_EQ(peer.ask(get("/poll/t")), events(first + second, 2));
  EXPECT_EQ(peer.ask(get("/poll/t?after=0")), events(first + second, 2));
  EXPECT_EQ(peer.ask(get("/poll/t?after=1")), events(second, 2));
  EXPECT_EQ(peer.ask(get("/poll/t?after=2")), nothing(204, "No Content", 2));
  EXPECT_EQ(peer.ask(get("/poll/t?after=latest")), nothing(204, "No Content", 2));
}

TEST(Polling, IfNoneMatchOfTheNewestIs304) {
  TestServer server;
  publish(server, "t", "a");
  publish(server, "t", "b");
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/poll/t?after=1", "If-None-Match: \"2\"\r\n")),
            nothing(304, "Not Modified", 2));
  EXPECT_EQ(peer.ask(get("/poll/t?after=1", "If-None-Match: \"1\"\r\n")),
            events("{\"seq\":2,\"data\":\"b\"}\n", 2));
}

TEST(Polling, AGapIsTold) {
  TestServer server(short_log());
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/poll/t?after=3")),
            events("{\"gap\":{\"oldest\":0,\"newest\":0}}\n", 0, "410 Gone"));
  fill_short_log(server);
  const std::string gap = events("{\"gap\":{\"oldest\":10,\"newest\":20}}\n", 20, "410 Gone");
  EXPECT_EQ(peer.ask(get("/poll/t?after=8")), gap);
  EXPECT_EQ(peer.ask(get("/poll/t?after=0")), gap);
  EXPECT_EQ(peer.ask(get("/poll/t?after=21")), gap);
  EXPECT_TRUE(peer.ask(get("/poll/t?after=9")).starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(peer.ask(get("/poll/t")).starts_with("HTTP/1.1 200 "));  // all that the log holds
  EXPECT_TRUE(server.counts(Trouble::kGap, 4));
}

TEST(Polling, ALongAnswerIsCutAndItsCursorIsThatOfItsLastEvent) {
  ServerOptions options;
  options.limits.answer_bytes = 10;
  TestServer server(options);
  for (const char* event : {"1234", "1234", "1234", "a long one of 22 bytes"}) {
    publish(server, "t", event);
  }
  Peer peer(server.port());
  const std::string first = peer.ask(get("/poll/t?after=0"));
  EXPECT_NE(first.find("ETag: \"2\""), std::string::npos) << first;
  EXPECT_NE(peer.ask(get("/poll/t?after=2")).find("ETag: \"3\""), std::string::npos);
  const std::string last = peer.ask(get("/poll/t?after=3"));
  EXPECT_NE(last.find("a long one of 22 bytes"), std::string::npos) << last;
}

TEST(Polling, HeadIsGetWithoutBody) {
  TestServer server;
  publish(server, "t", "a");
  Peer peer(server.port());
  peer.send("HEAD /poll/t HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/poll/t?after=1"));
  const std::string head = peer.until("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 21\r\n"), std::string::npos) << head;
  EXPECT_EQ(peer.answer(), nothing(204, "No Content", 1));
}

TEST(Polling, ACloseIsSaidAndDone) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/poll/t", "Connection: close\r\n")),
            "HTTP/1.1 204 No Content\r\nDate: D\r\nCache-Control: no-store\r\nETag: \"0\"\r\n"
            "Connection: close\r\n\r\n");
  EXPECT_EQ(peer.rest(), "");
  EXPECT_TRUE(peer.closed());
  for (const char* fields : {"", "Connection: keep-alive\r\n"}) {
    Peer old(server.port());
    const std::string answer = old.ask(std::string("GET /poll/t HTTP/1.0\r\n") + fields + "\r\n");
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << fields;
    EXPECT_EQ(old.rest(), "") << fields;
    EXPECT_TRUE(old.closed()) << fields;
  }
}

TEST(Polling, QueriesThatMakeNoSenseAreRefused) {
  TestServer server;
  Peer peer(server.port());
  for (const char* target : {"/poll/t?afer=1", "/poll/t?after=x", "/poll/t?hold=1s", "/poll/",
                             "/poll/a%20b", "/poll/a/b"}) {
    EXPECT_TRUE(peer.ask(get(target)).starts_with("HTTP/1.1 400 ")) << target;
  }
  EXPECT_TRUE(peer.ask(get("/healthz")).starts_with("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace pushbench::servers
