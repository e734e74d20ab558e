#include "harness/wire/http_head.h"

#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/wire/test_cases.h"

#include <gtest/gtest.h>

#include <limits>

namespace pushbench::wire {
namespace {

struct Request {
  Parsed parsed = Parsed::kNeedMore;
  RequestHead head;
  std::string_view rest;
};

Request parse(std::string_view bytes) {
  Request request;
  request.rest = bytes;
  request.parsed = parse_request_head(request.rest, request.head);
  return request;
}

int refusal(const std::string& bytes) {
  const auto request = parse(bytes);
  EXPECT_NE(request.parsed == Parsed::kError, request.parsed == Parsed::kItem) << printable(bytes);
  EXPECT_EQ(request.parsed != Parsed::kError, request.head.refuse_reason.empty());
  return request.parsed == Parsed::kError ? request.head.refuse_status : 0;
}

// A request with the given fields behind a good Host.
int refusal_of_fields(const std::string& fields) {
  return refusal("POST /x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
}

enum class Verdict { kAccepted, kRefused, kCut };

Verdict read_body(BodyReader body, std::string_view rest) {
  for (;;) {
    std::string_view data;
    switch (body.next(rest, data)) {
      case Parsed::kItem: break;
      case Parsed::kEnd: return Verdict::kAccepted;
      case Parsed::kError: return Verdict::kRefused;
      case Parsed::kNeedMore: return body.closed_well() ? Verdict::kAccepted : Verdict::kCut;
    }
  }
}

template <class Head, class Parse>
Verdict judge(std::string_view bytes, Parse parse_head) {
  Head head;
  switch (parse_head(bytes, head)) {
    case Parsed::kError: return Verdict::kRefused;
    case Parsed::kItem: return read_body(BodyReader(head.body), bytes);
    default: return Verdict::kCut;
  }
}
Verdict judge_request(std::string_view bytes) {
  return judge<RequestHead>(bytes, parse_request_head);
}
Verdict judge_response(std::string_view bytes) {
  return judge<ResponseHead>(bytes, parse_response_head);
}

TEST(HttpTables, MalformedRequests) {
  std::size_t refused = 0;
  const auto cases = read_cases("http_malformed.json");
  for (const auto& row : cases) {
    const auto id = text_of(row.at("id"));
    const auto verdict = judge_request(from_base64(row.at("b64")));
    const bool accept = text_of(row.at("expect")) == "accept";
    EXPECT_EQ(verdict == Verdict::kAccepted, accept) << id;
    refused += verdict == Verdict::kRefused ? 1 : 0;
    // Few may be left to the end of the connection: those that really are cut short.
    if (verdict == Verdict::kCut) {
      EXPECT_TRUE(id == "COMP-POST-CL-UNDERSEND" || id == "COMP-CHUNKED-NO-FINAL" ||
                  id == "MAL-INCOMPLETE-REQUEST" || id == "MAL-EMPTY-REQUEST" ||
                  id == "MAL-POST-CL-HUGE-NO-BODY")
          << id;
    }
  }
  EXPECT_EQ(cases.size(), 145U);
  EXPECT_GT(refused, 100U);
}

TEST(HttpTables, MustReject) {
  const auto cases = read_cases("http_must_reject.json");
  EXPECT_EQ(cases.size(), 73U);
  for (const auto& row : cases) {
    const bool request = text_of(row.at("type")) == "request";
    const auto bytes = from_base64(row.at("b64"));
    const auto name = text_of(row.at("type")) + ": " + text_of(row.at("name"));
    EXPECT_NE(request ? judge_request(bytes) : judge_response(bytes), Verdict::kAccepted) << name;
  }
}

// The same with nothing else wrong with them: a Host where it lacks, and the end of the head or
// body where the bytes stop. Now only the fault that the case is about can refuse them.
TEST(HttpTables, MustRejectForTheirOwnFault) {
  for (const auto& row : read_cases("http_must_reject.json")) {
    const bool request = text_of(row.at("type")) == "request";
    auto bytes = from_base64(row.at("b64"));
    const auto line = bytes.find("\r\n");
    if (request && line != std::string::npos && bytes.find("Host:") == std::string::npos) {
      bytes.insert(line, "\r\nHost: a");
    }
    const auto judge_it = request ? judge_request : judge_response;
    auto verdict = judge_it(bytes);
    for (const auto* end : {"\r\n\r\n", "\r\n"}) {
      verdict = verdict == Verdict::kCut ? judge_it(bytes + end) : verdict;
    }
    EXPECT_EQ(verdict, Verdict::kRefused)
        << text_of(row.at("type")) << ": " << text_of(row.at("name"));
  }
}

TEST(RequestHead, EverythingIsRead) {
  const std::string bytes =
      "GET /ws/t?after=3 HTTP/1.1\r\nHost: localhost:8080\r\nUpgrade: websocket\r\n"
      "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
      "Sec-WebSocket-Version: 13\r\nOrigin: http://localhost:8080\r\nIf-None-Match: \"12\"\r\n"
      "last-event-id: 77\r\nContent-Type: text/plain\r\nAuthorization: Bearer x\r\n"
      "Accept-Encoding: br, gzip\r\nSec-WebSocket-Extensions: permessage-deflate; a=b\r\n"
      "Expect: 100-Continue\r\nX-Other:\r\nContent-Length: 4\r\n\r\nbodyNEXT";
  const auto [parsed, head, rest] = parse(bytes);
  ASSERT_EQ(parsed, Parsed::kItem);
  EXPECT_EQ(head.method, "GET");
  EXPECT_EQ(head.target, "/ws/t?after=3");
  EXPECT_EQ(head.host, "localhost:8080");
  EXPECT_EQ(head.origin, "http://localhost:8080");
  EXPECT_TRUE(head.has_origin);
  EXPECT_EQ(head.if_none_match, "\"12\"");
  EXPECT_EQ(head.last_event_id, "77");
  EXPECT_EQ(head.content_type, "text/plain");
  EXPECT_EQ(head.authorization, "Bearer x");
  EXPECT_EQ(head.websocket_key, "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(head.websocket_version, "13");
  EXPECT_EQ(head.accept_encoding, "br, gzip");
  EXPECT_EQ(head.websocket_extensions, "permessage-deflate; a=b");
  EXPECT_TRUE(head.upgrade_websocket);
  EXPECT_TRUE(head.expect_continue);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.http10);
  EXPECT_EQ(head.body.length, 4U);
  EXPECT_EQ(head.size, bytes.find("bodyNEXT"));
  EXPECT_EQ(rest, "bodyNEXT");
  EXPECT_EQ(head.target.data(), bytes.data() + 4) << "views, not copies";
}

TEST(RequestHead, NeedsAllOfItAndConsumesNothingBefore) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto request = parse(std::string_view(bytes).substr(0, size));
    EXPECT_EQ(request.parsed, Parsed::kNeedMore) << size;
    EXPECT_EQ(request.rest.size(), size);
  }
  EXPECT_EQ(parse(bytes).parsed, Parsed::kItem);
}

TEST(RequestHead, KeepAlive) {
  const auto keeps = [](const std::string& line_and_fields) {
    const auto request = parse("GET / " + line_and_fields + "\r\n");
    EXPECT_EQ(request.parsed, Parsed::kItem) << line_and_fields;
    return request.head.keep_alive;
  };
  EXPECT_TRUE(keeps("HTTP/1.1\r\nHost: a\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: y, close\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0\r\n"));
  EXPECT_TRUE(keeps("HTTP/1.0\r\nConnection: keep-alive\r\n"));
  EXPECT_FALSE(keeps("HTTP/1.0\r\nConnection: keep-alive, close\r\n"));
}

TEST(RequestHead, UpgradeNeedsBothFieldsAndHttp11) {
  const auto upgrades = [](const std::string& version, const std::string& fields) {
    return parse("GET / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n")
        .head.upgrade_websocket;
  };
  const std::string both = "Upgrade: WebSocket\r\nConnection: Upgrade\r\n";
  EXPECT_TRUE(upgrades("1.1", both));
  EXPECT_TRUE(
      upgrades("1.1", "Upgrade: h2c, websocket\r\nConnection: close\r\nConnection: upgrade\r\n"));
  EXPECT_FALSE(upgrades("1.0", both));
  EXPECT_FALSE(upgrades("1.1", "Upgrade: websocket\r\n"));
  EXPECT_FALSE(upgrades("1.1", "Connection: upgrade\r\n"));
  EXPECT_FALSE(upgrades("1.1", "Upgrade: websockets\r\nConnection: upgrade\r\n"));
}

TEST(RequestHead, BodyFraming) {
  const auto framing = [](const std::string& fields) {
    const auto request = parse("POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    EXPECT_EQ(request.parsed, Parsed::kItem) << fields;
    return request.head.body;
  };
  EXPECT_EQ(framing("").length, 0U);
  EXPECT_EQ(framing("Content-Length: 18446744073709551615\r\n").length,
            std::numeric_limits<std::uint64_t>::max());
  EXPECT_TRUE(framing("Transfer-Encoding: Chunked\r\n").chunked);
  EXPECT_FALSE(framing("Transfer-Encoding: chunked\r\n").length);
  EXPECT_FALSE(framing("").until_close);
}

TEST(RequestHead, FieldsThatAreRefused) {
  EXPECT_EQ(refusal_of_fields(""), 0);
  for (const std::string fields : {"Host: a\r\n",
                                   "Host: b\r\n",
                                   "Content-Length: 1\r\nContent-Length: 1\r\n",
                                   "Content-Length: 1, 1\r\n",
                                   "Content-Length: 01\r\n",
                                   "Content-Length: +1\r\n",
                                   "Content-Length: -0\r\n",
                                   "Content-Length:\r\n",
                                   "Content-Length: 18446744073709551616\r\n",
                                   "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
                                   "Transfer-Encoding: gzip\r\n",
                                   "Transfer-Encoding: gzip, chunked\r\n",
                                   "Transfer-Encoding: chunked, chunked\r\n",
                                   "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                                   "Transfer-Encoding:\r\n",
                                   "Transfer-Encoding: chunked;a=b\r\n",
                                   "Transfer_Encoding: chunked\r\n",
                                   "Content-Type: a\r\nContent-Type: b\r\n",
                                   "Origin:\r\nOrigin:\r\n",
                                   "Sec-WebSocket-Key: a\r\nSec-WebSocket-Key: b\r\n",
                                   "A : b\r\n",
                                   "A\r\n",
                                   ": b\r\n",
                                   "A: b\r\n c\r\n",
                                   "A: \x7F\r\n",
                                   "A: \x01\r\n",
                                   "A: b\nB: c\r\n",
                                   "A: b\rB: c\r\n",
                                   "A\xC3\xA9: b\r\n",
                                   "A(: b\r\n"}) {
    EXPECT_EQ(refusal_of_fields(fields), 400) << printable(fields);
  }
  EXPECT_EQ(refusal_of_fields(std::string("A: \0\r\n", 6)), 400);
  EXPECT_EQ(refusal_of_fields("A: caf\xC3\xA9\r\n"), 0) << "obs-text is allowed in values";
  EXPECT_EQ(refusal_of_fields("Expect: 100-continue, x\r\n"), 417);
  EXPECT_EQ(refusal_of_fields("Expect: x\r\n"), 417);
}

TEST(RequestHead, EveryControlByteIsRefusedEverywhere) {
  const std::string good = "GET /a HTTP/1.1\r\nHost: a\r\nAb: cd\r\n\r\n";
  for (int c = 0; c < 256; ++c) {
    const bool control = (c < 0x20 && c != '\t') || c == 0x7F;
    for (std::size_t at = 0; at + 4 < good.size(); ++at) {
      auto bytes = good;
      bytes.insert(at, 1, static_cast<char>(c));
      if (control) {
        const bool ends_early = c == '\n' && at > 0 && bytes[at - 1] == '\r';
        const auto parsed = parse(bytes).parsed;
        EXPECT_TRUE(parsed == Parsed::kError || ends_early) << c << " at " << at;
      }
    }
  }
}

TEST(RequestHead, StartLinesThatAreRefused) {
  const auto of_line = [](const std::string& line) {
    return refusal(line + "\r\nHost: a\r\n\r\n");
  };
  EXPECT_EQ(of_line("GET / HTTP/1.1"), 0);
  EXPECT_EQ(of_line("OPTIONS * HTTP/1.1"), 0);
  EXPECT_EQ(of_line("GET http://a/x HTTP/1.1"), 0);
  for (const std::string line :
       {"GET * HTTP/1.1", "GET x HTTP/1.1", "GET http://b/x HTTP/1.1", "GET /#f HTTP/1.1",
        "GET /\\ HTTP/1.1", "GET /\xC3\xA9 HTTP/1.1", "GET / HTTP/1", "GET / HTTP/01.1",
        "GET / http/1.1", "GET / HTTP/1.1 ", "GET  / HTTP/1.1", "GET /\tHTTP/1.1",
        " GET / HTTP/1.1", "GET / x HTTP/9.9", "G(T / HTTP/1.1", "GET /", "GET",
        "GET http://u@a/ HTTP/1.1"}) {
    EXPECT_EQ(of_line(line), 400) << printable(line);
  }
  EXPECT_EQ(of_line("GET / HTTP/1.2"), 505);
  EXPECT_EQ(of_line("PRI * HTTP/2.0"), 505);
  EXPECT_EQ(of_line("CONNECT a:80 HTTP/1.1"), 501);
  EXPECT_EQ(of_line("get / HTTP/1.1"), 501);
  EXPECT_EQ(of_line("FOOBAR / HTTP/1.1"), 501);
  EXPECT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(refusal("GET / HTTP/1.0\r\n\r\n"), 0);
  EXPECT_EQ(refusal("GET / HTTP/1.0\r\nHost: a,b\r\n\r\n"), 400);
  EXPECT_EQ(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_FALSE(parse("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").head.expect_continue);
}

TEST(RequestHead, Limits) {
  const auto target = [](std::size_t size) {
    return refusal("GET /" + std::string(size, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n");
  };
  EXPECT_EQ(target(8'000), 0);
  EXPECT_EQ(target(kMaxRequestLine), 414);
  EXPECT_EQ(target(100'000), 414);
  EXPECT_EQ(refusal_of_fields("A: " + std::string(8'000, 'x') + "\r\n"), 0);
  EXPECT_EQ(refusal_of_fields("A: " + std::string(kMaxHead, 'x') + "\r\n"), 431);
  EXPECT_EQ(refusal_of_fields(std::string(100'000, 'x') + ": a\r\n"), 431);
  std::string fields;
  for (std::size_t i = 1; i < kMaxHeadFields; ++i) {
    fields += "A: b\r\n";
  }
  EXPECT_EQ(refusal_of_fields(fields), 0);
  EXPECT_EQ(refusal_of_fields(fields + "A: b\r\n"), 431);
  EXPECT_EQ(refusal(std::string(100'000, 'G') + " / HTTP/1.1\r\n\r\n"), 400);
}

struct Response {
  Parsed parsed = Parsed::kNeedMore;
  ResponseHead head;
  std::string_view rest;
};

Response parse_response(std::string_view bytes) {
  Response response;
  response.rest = bytes;
  response.parsed = parse_response_head(response.rest, response.head);
  return response;
}

TEST(ResponseHead, EverythingIsRead) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nDate: x\r\nContent-Type: application/x-ndjson\r\nETag: \"12\"\r\n"
      "Pushbench-Seq: 12\r\nLocation: /x\r\nRetry-After: 3\r\nContent-Encoding: gzip\r\n"
      "Sec-WebSocket-Extensions: x\r\nContent-Length: 4\r\n\r\nbodyHTTP";
  const auto [parsed, head, rest] = parse_response(bytes);
  ASSERT_EQ(parsed, Parsed::kItem);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.etag, "\"12\"");
  EXPECT_EQ(head.pushbench_seq, "12");
  EXPECT_EQ(head.content_type, "application/x-ndjson");
  EXPECT_EQ(head.location, "/x");
  EXPECT_EQ(head.retry_after, "3");
  EXPECT_EQ(head.content_encoding, "gzip");
  EXPECT_EQ(head.websocket_extensions, "x");
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(head.body.length, 4U);
  EXPECT_EQ(head.size, bytes.find("bodyHTTP"));
  EXPECT_EQ(rest, "bodyHTTP");
  for (std::size_t size = 0; size < head.size; ++size) {
    EXPECT_EQ(parse_response(std::string_view(bytes).substr(0, size)).parsed, Parsed::kNeedMore);
  }
}

TEST(ResponseHead, Upgrade) {
  const auto response = parse_response(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nPushbench-Seq: 3\r\n\r\n\x81\x01x");
  ASSERT_EQ(response.parsed, Parsed::kItem);
  EXPECT_TRUE(response.head.upgrade_websocket);
  EXPECT_EQ(response.head.websocket_accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(response.head.body.length, 0U);
  EXPECT_EQ(response.rest, "\x81\x01x");
}

TEST(ResponseHead, BodyFraming) {
  const auto head = [](const std::string& status, const std::string& fields) {
    const auto response = parse_response("HTTP/1.1 " + status + "\r\n" + fields + "\r\n");
    EXPECT_EQ(response.parsed, Parsed::kItem) << status;
    return response.head;
  };
  for (const auto* status : {"100 Continue", "101 S", "103 E", "204 No Content", "304 N"}) {
    EXPECT_EQ(head(status, "").body.length, 0U);
    EXPECT_FALSE(head(status, "").body.until_close);
    EXPECT_TRUE(head(status, "").keep_alive);
  }
  EXPECT_EQ(head("304 N", "Content-Length: 9\r\n").body.length, 0U);
  EXPECT_EQ(head("204 N", "Content-Length: 0\r\n").body.length, 0U);
  EXPECT_TRUE(head("200 OK", "Transfer-Encoding: chunked\r\n").body.chunked);
  EXPECT_TRUE(head("200 OK", "").body.until_close);
  EXPECT_FALSE(head("200 OK", "").keep_alive);
  EXPECT_FALSE(head("200 OK", "Content-Length: 0\r\nConnection: close\r\n").keep_alive);
}

TEST(ResponseHead, HeadsThatAreRefused) {
  for (const std::string bytes :
       {"HTTP/1.1 099 X\r\n\r\n", "HTTP/1.1 600 X\r\n\r\n", "HTTP/1.1 20 X\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 200\r\n\r\n", "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 204 N\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.1 204 N\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 O\x01\r\n\r\n", "<html>"}) {
    EXPECT_EQ(parse_response(bytes).parsed, Parsed::kError) << printable(bytes);
  }
}

TEST(BodyReader, EachKindOfBody) {
  std::string_view data;
  std::string_view input = "bodyNEXT";
  BodyReader length(BodyFraming{false, false, 4});
  EXPECT_FALSE(length.closed_well());
  EXPECT_EQ(length.next(input, data), Parsed::kItem);
  EXPECT_EQ(data, "body");
  EXPECT_EQ(length.next(input, data), Parsed::kEnd);
  EXPECT_TRUE(length.closed_well());
  EXPECT_EQ(input, "NEXT");

  BodyReader none(BodyFraming{false, false, 0});
  EXPECT_EQ(none.next(input, data), Parsed::kEnd);
  EXPECT_EQ(input, "NEXT");

  BodyReader until_close(BodyFraming{false, true, std::nullopt});
  EXPECT_EQ(until_close.next(input, data), Parsed::kItem);
  EXPECT_EQ(data, "NEXT");
  EXPECT_EQ(until_close.next(input, data), Parsed::kNeedMore);
  EXPECT_TRUE(until_close.closed_well());

  BodyReader chunked(BodyFraming{true, false, std::nullopt});
  input = "1\r\nx\r\n0\r\n\r\nNEXT";
  EXPECT_EQ(chunked.next(input, data), Parsed::kItem);
  EXPECT_FALSE(chunked.closed_well());
  EXPECT_EQ(chunked.next(input, data), Parsed::kEnd);
  EXPECT_TRUE(chunked.closed_well());
  EXPECT_EQ(input, "NEXT");

  BodyReader broken(BodyFraming{true, false, std::nullopt});
  input = "z";
  EXPECT_EQ(broken.next(input, data), Parsed::kError);
  EXPECT_EQ(broken.error(), Errc::kBadChunk);
}

TEST(HttpNumbers, DecimalsAndTags) {
  EXPECT_EQ(parse_decimal("0"), 0U);
  EXPECT_EQ(parse_decimal("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  for (const auto* text : {"", "01", "+1", "-1", " 1", "1 ", "1a", "18446744073709551616"}) {
    EXPECT_FALSE(parse_decimal(text)) << text;
  }
  EXPECT_EQ(etag_seq("\"12\""), 12U);
  EXPECT_EQ(etag_seq("W/\"12\""), 12U);
  for (const auto* text :
       {"", "12", "\"", "\"\"", "\"12", "w/\"12\"", "\"a\"", "\"1\", \"2\"", "*"}) {
    EXPECT_FALSE(etag_seq(text)) << text;
  }
}

TEST(HttpGarbage, NeitherCrashesNorLoops) {
  constexpr std::string_view kPieces[] = {"GET ",
                                          "/",
                                          " HTTP/1.1",
                                          "\r\n",
                                          "\r",
                                          "\n",
                                          "Host: a",
                                          "Content-Length: ",
                                          "1",
                                          "Transfer-Encoding: chunked",
                                          " ",
                                          ":",
                                          "\x80",
                                          "Connection: close",
                                          "HTTP/1.1 200 OK"};
  Random random(41);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (auto left = random.below(20); left > 0; --left) {
      bytes += kPieces[random.below(std::size(kPieces))];
    }
    for (const auto& judged : {bytes, "GET / HTTP/1.1\r\nHost: a\r\n" + bytes}) {
      const auto request = parse(judged);
      ASSERT_LE(request.head.size, judged.size());
      ASSERT_EQ(request.parsed == Parsed::kItem, request.rest.size() < judged.size());
      judge_request(judged);
      judge_response(judged);
    }
  }
}

}  // namespace
}  // namespace pushbench::wire
