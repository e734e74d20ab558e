#include "servers/reference/answer.h"

#include "harness/base/check.h"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace pushbench::servers {
namespace {

std::string_view reason(int status) {
  const auto text =
      boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
  return {text.data(), text.size()};
}

constexpr std::size_t kMaxDigits = 20;  // of 2^64 - 1

// Writes where there is room for all: a head is made of so many pieces that asking the string for
// room at each of them costs more than copying them.
class Writer {
 public:
  explicit Writer(char* at) noexcept : at_(at) {}

  template <std::size_t kSize>
  void put(const char (&literal)[kSize]) noexcept {
    std::memcpy(at_, &literal[0], kSize - 1);
    at_ += kSize - 1;
  }
  void put(std::string_view text) noexcept { at_ = std::copy(text.begin(), text.end(), at_); }
  void put(std::uint64_t value) noexcept { at_ = std::to_chars(at_, at_ + kMaxDigits, value).ptr; }
  char* at() const noexcept { return at_; }

 private:
  char* at_;
};

// Of a head with all its fields, but for the pieces that vary.
constexpr std::size_t kFixed =
    std::string_view(
        "HTTP/1.1  \r\nDate: \r\nContent-Type: \r\nCache-Control: no-store\r\n"
        "ETag: \"\"\r\nPushbench-Seq: \r\nContent-Length: \r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        .size() +
    4 * kMaxDigits;

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
  std::array<char, kMaxDigits> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

void append_head(std::string& out, std::string_view date, const Head& head) {
  const std::string_view phrase = reason(head.status);
  const std::size_t before = out.size();
  out.resize(before + kFixed + phrase.size() + date.size() + head.extra.size() +
             head.content_type.size());
  Writer to(out.data() + before);
  to.put("HTTP/1.1 ");
  to.put(static_cast<std::uint64_t>(head.status));
  to.put(" ");
  to.put(phrase);
  to.put("\r\nDate: ");
  to.put(date);
  to.put("\r\n");
  to.put(head.extra);
  if (!head.content_type.empty()) {
    to.put("Content-Type: ");
    to.put(head.content_type);
    to.put("\r\n");
  }
  if (head.no_store) {
    to.put("Cache-Control: no-store\r\n");
  }
  if (head.etag) {
    to.put("ETag: \"");
    to.put(*head.etag);
    to.put("\"\r\n");
  }
  if (head.seq) {
    to.put("Pushbench-Seq: ");
    to.put(*head.seq);
    to.put("\r\n");
  }
  if (head.length) {
    to.put("Content-Length: ");
    to.put(std::uint64_t{*head.length});
    to.put("\r\n");
  }
  if (head.chunked) {
    to.put("Transfer-Encoding: chunked\r\n");
  }
  if (head.close) {
    to.put("Connection: close\r\n");
  }
  to.put("\r\n");
  out.resize(static_cast<std::size_t>(to.at() - out.data()));
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
