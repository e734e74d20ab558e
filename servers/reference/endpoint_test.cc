#include "servers/reference/endpoint.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

TEST(Endpoint, RowsAreReachedByTheirPaths) {
  for (const Endpoint& endpoint : endpoints()) {
    EXPECT_EQ(endpoint.takes_topic, endpoint.path.size() > 1 && endpoint.path.ends_with('/'))
        << endpoint.name;
    EXPECT_TRUE(endpoint.get != nullptr || endpoint.post != nullptr) << endpoint.name;
  }
}

TEST(Endpoint, PublishNumbersEventsPerTopic) {
  TestServer server;
  Peer peer(server.port());
  const std::string first = "HTTP/1.1 204 No Content\r\nDate: D\r\nETag: \"1\"\r\n\r\n";
  EXPECT_EQ(peer.ask(post("/publish/a", "x")), first);
  EXPECT_EQ(peer.ask(post("/publish/b", "x")), first);
  EXPECT_EQ(peer.ask(post("/publish/a", "")),
            "HTTP/1.1 204 No Content\r\nDate: D\r\nETag: \"2\"\r\n\r\n");
}

TEST(Endpoint, UpstreamIsCountedAndNotFannedOut) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(post("/upstream/t", "four")), "HTTP/1.1 204 No Content\r\nDate: D\r\n\r\n");
  EXPECT_TRUE(peer.ask(get("/poll/t")).starts_with("HTTP/1.1 204 "));
  const Metrics metrics = server.metrics();
  EXPECT_EQ(metrics.upstream_events, 1U);
  EXPECT_EQ(metrics.upstream_bytes, 4U);
  EXPECT_EQ(metrics.published, 0U);
}

TEST(Endpoint, AnEventIsTextWithoutCarriageReturns) {
  TestServer server;
  Peer peer(server.port());
  for (const char* path : {"/publish/t", "/upstream/t"}) {
    for (const char* text : {"a\rb", "a\r\nb", "\xff", "\xc0\xaf", "\xed\xa0\x80"}) {
      EXPECT_TRUE(peer.ask(post(path, text)).starts_with("HTTP/1.1 400 ")) << text;
    }
  }
  EXPECT_TRUE(
      peer.ask(post("/publish/t", std::string("nul \0 and \n", 11))).starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.ask(get("/poll/t")).ends_with("{\"seq\":1,\"data\":\"nul \\u0000 and \\n\"}\n"));
}

TEST(Endpoint, TopicsAndLogsAreBoundedTogether) {
  ServerOptions options;
  options.limits.max_topics = 2;
  options.limits.log_bytes_total = 100 + 2 * kEventOverhead;
  TestServer server(options);
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(post("/publish/a", std::string(60, 'a'))).starts_with("HTTP/1.1 204 "));
  // Refused, it takes no place among the topics either.
  EXPECT_TRUE(peer.ask(post("/publish/x", std::string(50 + kEventOverhead, 'x')))
                  .starts_with("HTTP/1.1 507 "));
  EXPECT_TRUE(peer.ask(post("/publish/b", std::string(40, 'b'))).starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.ask(post("/publish/c", "c")).starts_with("HTTP/1.1 507 "));
  for (const char* path : {"/long-poll/c", "/stream/c", "/sse/c"}) {
    EXPECT_TRUE(peer.ask(get(path)).starts_with("HTTP/1.1 507 ")) << path;
  }
  EXPECT_TRUE(peer.ask(get("/poll/c")).starts_with("HTTP/1.1 204 "));  // needs no topic
  EXPECT_TRUE(server.counts(Trouble::kTopics, 4));
  EXPECT_TRUE(server.counts(Trouble::kLogBytes, 1));
}

TEST(Endpoint, HealthAndMetrics) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_EQ(peer.ask(get("/healthz")),
            "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Cache-Control: no-store\r\nContent-Length: 3\r\n\r\nok\n");
  publish(server, "t", "event");
  const std::string text = peer.ask(get("/metrics"));
  EXPECT_NE(text.find("Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8"),
            std::string::npos);
  for (const char* line :
       {"\npushbench_published_total 1\n", "\npushbench_topics 1\n",
        "\npushbench_accepted_total 2\n", "endpoint=\"healthz\",status=\"200\"} 1\n",
        "\npushbench_subscribers{strategy=\"websocket\"} 0\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
  const std::string log_bytes = std::to_string(5 + kEventOverhead);
  EXPECT_NE(text.find("\npushbench_log_bytes " + log_bytes + "\n"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("# EOF\n"));
}

TEST(Endpoint, RootListsWhatThereIs) {
  TestServer server;
  Peer peer(server.port());
  const std::string text = peer.ask(get("/"));
  for (const Strategy& strategy : strategies()) {
    EXPECT_NE(text.find(std::string(strategy.path) + "{topic}"), std::string::npos);
  }
  EXPECT_EQ(peer.ask(post("/", "dropped")), "HTTP/1.1 204 No Content\r\nDate: D\r\n\r\n");
}

TEST(Endpoint, RootHandsOutAPageWhereThereIsOne) {
  ServerOptions options;
  options.page = "<!doctype html><p>" + std::string(300'000, 'x');
  TestServer server(options);
  Peer peer(server.port());
  const std::string answer = peer.ask(get("/"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n" + options.page)) << answer.size();
  EXPECT_NE(answer.find("Content-Type: text/html; charset=utf-8\r\n"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::servers
