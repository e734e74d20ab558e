#include "servers/reference/answer.h"

#include "servers/reference/metrics.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

constexpr std::string_view kDate = "Sat, 21 Nov 2026 01:43:00 GMT";

TEST(HttpDate, IsImfFixdate) {
  HttpDate date;
  EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110 section 5.6.7
  EXPECT_EQ(date.at(1795225380), kDate);
  EXPECT_EQ(date.now().size(), kDate.size());
}

TEST(Answer, FieldsStandInTheOrderOfTheContract) {
  Head head;
  head.content_type = kNdjson;
  head.no_store = true;
  head.etag = 12;
  head.length = 38;
  std::string out;
  append_head(out, kDate, head);
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 01:43:00 GMT\r\n"
            "Content-Type: application/x-ndjson\r\nCache-Control: no-store\r\nETag: \"12\"\r\n"
            "Content-Length: 38\r\n\r\n");
  head = {};
  head.seq = 18446744073709551615ULL;
  head.chunked = true;
  head.close = true;
  out.clear();
  append_head(out, kDate, head);
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 01:43:00 GMT\r\n"
            "Pushbench-Seq: 18446744073709551615\r\nTransfer-Encoding: chunked\r\n"
            "Connection: close\r\n\r\n");
}

TEST(Answer, EveryCountedStatusHasAReason) {
  for (const int status : kStatuses) {
    Head head;
    head.status = status;
    std::string out;
    append_head(out, kDate, head);
    EXPECT_EQ(out.find("<unknown-status>"), std::string::npos) << status;
  }
}

TEST(Answer, ARefusalIsOneSentence) {
  std::string out;
  append_refusal(out, kDate, {405, "publish takes POST.", "Allow: POST\r\n"}, true);
  EXPECT_EQ(out,
            "HTTP/1.1 405 Method Not Allowed\r\nDate: Sat, 21 Nov 2026 01:43:00 GMT\r\n"
            "Allow: POST\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 20\r\n"
            "Connection: close\r\n\r\npublish takes POST.\n");
  out.clear();
  append_refusal(out, kDate, {404, "No.", ""}, false, true);
  EXPECT_TRUE(out.ends_with("Content-Length: 4\r\n\r\n"));
}

}  // namespace
}  // namespace pushbench::servers
