#include "servers/reference/http.h"

#include "harness/wire/test_cases.h"
#include "servers/reference/strategy.h"
#include "servers/reference/test_peer.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace pushbench::servers {
namespace {

std::map<std::string, std::string> malformed_requests(const std::string& host) {
  std::map<std::string, std::string> requests;
  for (const auto& entry : wire::read_cases("http_malformed.json")) {
    std::string bytes = wire::from_base64(entry.at("b64"));
    static constexpr std::string_view kHost = "127.0.0.1:8080";
    for (std::size_t at = bytes.find(kHost); at != std::string::npos; at = bytes.find(kHost)) {
      bytes.replace(at, kHost.size(), host);
    }
    requests[wire::text_of(entry.at("id"))] = std::move(bytes);
  }
  return requests;
}

boost::json::array expected_answers() {
  std::ifstream file(PUSHBENCH_SOURCE_DIR "/servers/reference/testdata/http_answers.json");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return boost::json::parse(text).at("cases").as_array();
}

struct Seen {
  int status = 0;
  const char* state = "silent";
};

Seen try_case(std::uint16_t port, const std::string& bytes) {
  Peer peer(port);
  peer.send(bytes);
  const std::string answer = peer.answer(Millis(120));
  Seen seen;
  if (answer.size() > 12) {
    seen.status = std::stoi(answer.substr(9, 3));
  }
  peer.rest(Millis(seen.status == 0 ? 1 : 30));
  seen.state = peer.closed() ? "closed" : seen.status == 0 ? "silent" : "open";
  return seen;
}

TEST(Http, MalformedRequestsAreAnsweredAsTheyMust) {
  TestServer server;
  const auto requests = malformed_requests(server.host());
  std::size_t tried = 0;
  for (const auto& expected : expected_answers()) {
    const std::string id = wire::text_of(expected.at("id"));
    const auto request = requests.find(id);
    ASSERT_NE(request, requests.end()) << id;
    const Seen seen = try_case(server.port(), request->second);
    const auto& allowed = expected.at(seen.state).as_array();
    EXPECT_TRUE(std::any_of(allowed.begin(), allowed.end(),
                            [&](const auto& status) { return status.as_int64() == seen.status; }))
        << id << " answered " << seen.status << ", then " << seen.state;
    ++tried;
  }
  EXPECT_GE(tried, 100U);
  Peer peer(server.port());
  EXPECT_TRUE(peer.ask(get("/healthz")).starts_with("HTTP/1.1 200 "));
}

TEST(Http, RequestsMayComeByteByByte) {
  TestServer server;
  Peer peer(server.port());
  for (const char byte : post("/publish/t", "slow") + get("/poll/t?after=0")) {
    peer.send({&byte, 1});
  }
  EXPECT_TRUE(peer.answer().starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.answer().ends_with("{\"seq\":1,\"data\":\"slow\"}\n"));
}

TEST(Http, PipelinedRequestsAreAnsweredInOrder) {
  TestServer server;
  Peer peer(server.port());
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests += post("/publish/t", std::to_string(i)) + get("/poll/t?after=" + std::to_string(i));
  }
  peer.send(requests);
  for (int i = 0; i < 100; ++i) {
    EXPECT_NE(peer.answer().find("ETag: \"" + std::to_string(i + 1) + "\""), std::string::npos);
    EXPECT_TRUE(peer.answer().ends_with("\"data\":\"" + std::to_string(i) + "\"}\n"));
  }
}

TEST(Http, AHalfClosedClientGetsItsAnswers) {
  TestServer server;
  Peer peer(server.port());
  peer.send(post("/publish/t", "a") + get("/poll/t?after=0"));
  peer.half_close();
  EXPECT_TRUE(peer.answer().starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.answer().ends_with("{\"seq\":1,\"data\":\"a\"}\n"));
  EXPECT_EQ(peer.rest(), "");
  EXPECT_TRUE(peer.closed());
}

TEST(Http, ChunkedBodiesAreCollected) {
  TestServer server;
  Peer peer(server.port());
  peer.send(
      "POST /publish/t HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nab\r\n");
  EXPECT_TRUE(peer.silent(Millis(50)));
  peer.send("3;x=y\r\ncde\r\n0\r\nX-Trailer: t\r\n\r\n" + get("/poll/t"));
  EXPECT_TRUE(peer.answer().starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.answer().ends_with("{\"seq\":1,\"data\":\"abcde\"}\n"));
}

TEST(Http, BodiesAreBounded) {
  ServerOptions options;
  options.limits.max_event = 1000;
  TestServer server(options);
  Peer fits(server.port());
  EXPECT_TRUE(fits.ask(post("/publish/t", std::string(1000, 'x'))).starts_with("HTTP/1.1 204 "));
  Peer declared(server.port());
  EXPECT_TRUE(
      declared.ask(post("/publish/t", std::string(1001, 'x'))).starts_with("HTTP/1.1 413 "));
  EXPECT_EQ(declared.rest(), "");
  EXPECT_TRUE(declared.closed());
  Peer chunked(server.port());
  chunked.send("POST /publish/t HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11; ++i) {
    chunked.send("64\r\n" + std::string(100, 'y') + "\r\n");
  }
  EXPECT_TRUE(chunked.answer().starts_with("HTTP/1.1 413 "));
  EXPECT_TRUE(server.counts(Trouble::kBodySize, 2));
}

TEST(Http, HeadsAreBounded) {
  TestServer server;
  Peer line(server.port());
  EXPECT_TRUE(line.ask(get("/" + std::string(9000, 'x'))).starts_with("HTTP/1.1 414 "));
  EXPECT_EQ(line.rest(), "");
  Peer head(server.port());
  EXPECT_TRUE(head.ask(get("/healthz", "X: " + std::string(20'000, 'x') + "\r\n"))
                  .starts_with("HTTP/1.1 431 "));
  Peer fields(server.port());
  std::string many;
  for (int i = 0; i < 200; ++i) {
    many += "X: y\r\n";
  }
  EXPECT_TRUE(fields.ask(get("/healthz", many)).starts_with("HTTP/1.1 431 "));
  // Without an end: refused when the bound is reached, not when memory is.
  Peer endless(server.port());
  endless.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
  endless.send(std::string(20'000, 'x'));
  EXPECT_TRUE(endless.answer().starts_with("HTTP/1.1 431 "));
  EXPECT_TRUE(server.counts(Trouble::kHeadSize, 4));
}

TEST(Http, NarrowerBoundsHoldToo) {
  ServerOptions options;
  options.limits.max_head = 300;
  options.limits.max_request_line = 100;
  TestServer server(options);
  Peer line(server.port());
  EXPECT_TRUE(line.ask(get("/poll/" + std::string(90, 'x'))).starts_with("HTTP/1.1 414 "));
  Peer head(server.port());
  EXPECT_TRUE(head.ask(get("/healthz", "X: " + std::string(300, 'x') + "\r\n"))
                  .starts_with("HTTP/1.1 431 "));
  Peer fits(server.port());
  EXPECT_TRUE(fits.ask(get("/healthz", "X: " + std::string(120, 'x') + "\r\n"))
                  .starts_with("HTTP/1.1 200 "));
}

TEST(Http, ContinueIsSentToThoseWhoWait) {
  TestServer server;
  Peer peer(server.port());
  const std::string head =
      "POST /publish/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
      "Expect: 100-continue\r\n\r\n";
  EXPECT_EQ(peer.ask(head), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(peer.ask("hello").starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.ask(head + "again").starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.ask("POST /publish/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
                       "Expect: miracles\r\n\r\n")
                  .starts_with("HTTP/1.1 417 "));
}

TEST(Http, MethodsAndPaths) {
  TestServer server;
  struct Case {
    const char* line;
    const char* status;
    const char* field;
  };
  const Case cases[] = {
      {"GET /nothing", "404", ""},
      {"GET /poll", "404", ""},
      {"DELETE /poll/t", "405", "Allow: GET, HEAD, OPTIONS\r\n"},
      {"HEAD /long-poll/t", "405", "Allow: GET, OPTIONS\r\n"},
      {"GET /publish/t", "405", "Allow: POST, OPTIONS\r\n"},
      {"TRACE /", "405", "Allow: GET, HEAD, POST, OPTIONS\r\n"},
      {"OPTIONS /sse/t", "204", "Allow: GET, OPTIONS\r\n"},
      {"OPTIONS *", "204", "Allow: GET, HEAD, POST, OPTIONS\r\n"},
      {"GET http://localhost/healthz", "200", ""},
      {"GET /healthz?verbose=1", "400", ""},
      {"GET /metrics?name=x", "400", ""},
      {"GET /?x", "400", ""},
      {"GET /?", "200", ""},
      {"GET http://evil.test/healthz", "400", ""},
  };
  Peer peer(server.port());
  for (const Case& row : cases) {
    const bool head = std::string_view(row.line).starts_with("HEAD");
    peer.send(std::string(row.line) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string answer = head ? peer.until("\r\n\r\n") : peer.answer();
    ASSERT_GT(answer.size(), 12U) << row.line;
    EXPECT_EQ(answer.substr(9, 3), row.status) << row.line;
    EXPECT_NE(answer.find(row.field), std::string::npos) << row.line << "\n" << answer;
  }
}

TEST(Http, AMethodThatNobodyKnowsIs501) {
  TestServer server;
  Peer peer(server.port());
  EXPECT_TRUE(
      peer.ask("BREW /poll/t HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 501 "));
}

TEST(Http, OtherHostsAndOriginsAreRefused) {
  ServerOptions options;
  options.allow_hosts = {"bench.test"};
  options.allow_origins = {"https://app.test"};
  TestServer server(options);
  Peer peer(server.port());
  EXPECT_TRUE(
      peer.ask("GET /poll/t HTTP/1.1\r\nHost: evil.test\r\n\r\n").starts_with("HTTP/1.1 421 "));
  EXPECT_TRUE(
      peer.ask("GET /poll/t HTTP/1.1\r\nHost: bench.test:1\r\n\r\n").starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(peer.ask("GET http://evil.test/poll/t HTTP/1.1\r\nHost: evil.test\r\n\r\n")
                  .starts_with("HTTP/1.1 421 "));
  for (const char* path : {"/sse/t", "/stream/t", "/poll/t"}) {
    for (const char* origin : {"null", "http://evil.test", "http://localhost.evil.test"}) {
      const std::string field = std::string("Origin: ") + origin + "\r\n";
      EXPECT_TRUE(peer.ask(get(path, field)).starts_with("HTTP/1.1 403 ")) << path << origin;
    }
  }
  Peer publisher(server.port());
  EXPECT_TRUE(publisher
                  .ask("POST /publish/t HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.test\r\n"
                       "Content-Length: 1\r\n\r\nx")
                  .starts_with("HTTP/1.1 403 "));
  EXPECT_TRUE(
      peer.ask(get("/poll/t", "Origin: https://app.test\r\n")).starts_with("HTTP/1.1 204 "));
  EXPECT_TRUE(server.counts(Trouble::kOrigin, 10));
  EXPECT_TRUE(server.counts(Trouble::kHost, 2));
}

TEST(Http, EveryRowOfTheCountersHasAName) {
  const auto names = endpoint_names();
  ASSERT_EQ(names.size(), kMaxEndpoints);
  EXPECT_EQ(names[0], "polling");
  EXPECT_EQ(names[strategies().size()], "publish");
  EXPECT_EQ(names[kOtherEndpoint], "other");
}

}  // namespace
}  // namespace pushbench::servers
