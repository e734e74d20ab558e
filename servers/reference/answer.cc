#include "servers/reference/answer.h"

#include "harness/base/check.h"

#include <boost/beast/http/status.hpp>

#include <array>
#include <charconv>

namespace pushbench::servers {
namespace {

std::string_view reason(int status) {
  const auto text =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {text.data(), text.size()};
}

void append_seq_field(std::string& out,
                      std::string_view name,
                      std::uint64_t seq,
                      std::string_view quote) {
  out += name;
  out += quote;
  append_decimal(out, seq);
  out += quote;
  out += "\r\n";
}

}  // namespace

std::string_view HttpDate::now() {
  return at(std::time(nullptr));
}

std::string_view HttpDate::at(std::time_t instant) {
  static constexpr std::size_t kLength = 29;  // RFC 9110 section 5.6.7, IMF-fixdate
  if (instant != second_) {
    std::tm parts{};
    ::gmtime_r(&instant, &parts);
    std::array<char, 32> date{};
    // The C locale is never changed, so that %a and %b are English.
    PUSHBENCH_CHECK(std::strftime(date.data(), date.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts) ==
                    kLength);
    text_.resize(spaces_);
    text_.append(date.data(), kLength);
    second_ = instant;
  }
  return text_;
}

void append_decimal(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

void append_head(std::string& out, std::string_view date, const Head& head) {
  out += "HTTP/1.1 ";
  append_decimal(out, static_cast<std::uint64_t>(head.status));
  out += ' ';
  out += reason(head.status);
  out += "\r\nDate: ";
  out += date;
  out += "\r\n";
  out += head.extra;
  if (!head.content_type.empty()) {
    out += "Content-Type: ";
    out += head.content_type;
    out += "\r\n";
  }
  if (head.no_store) {
    out += "Cache-Control: no-store\r\n";
  }
  if (head.etag) {
    append_seq_field(out, "ETag: ", *head.etag, "\"");
  }
  if (head.seq) {
    append_seq_field(out, "Pushbench-Seq: ", *head.seq, "");
  }
  if (head.length) {
    append_seq_field(out, "Content-Length: ", *head.length, "");
  }
  if (head.chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  }
  if (head.close) {
    out += "Connection: close\r\n";
  }
  out += "\r\n";
}

void append_refusal(
    std::string& out, std::string_view date, const Refusal& refusal, bool close, bool head_only) {
  Head head;
  head.status = refusal.status;
  head.extra = refusal.extra;
  head.content_type = kPlainText;
  head.length = refusal.sentence.size() + 1;
  head.close = close;
  append_head(out, date, head);
  if (head_only) {
    return;
  }
  out += refusal.sentence;
  out += '\n';
}

}  // namespace pushbench::servers
