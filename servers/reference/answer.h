// Bytes of HTTP answers: the heads that README.md fixes, with their fields in its order, and the
// error answer. The Date field (RFC 9110 section 6.6.1) is formatted once a second.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace pushbench::servers {

class HttpDate {
 public:
  // White space before the value, which a field may have (RFC 9110 section 5.5): for --inject.
  explicit HttpDate(std::size_t spaces = 0) : text_(spaces, ' '), spaces_(spaces) {}
  std::string_view now();                                  // "Sat, 21 Nov 2026 01:43:00 GMT"
  std::string_view at(std::time_t instant);                // REQUIRES: a year of four digits
  std::time_t second() const noexcept { return second_; }  // of the last one

 private:
  std::time_t second_ = -1;
  std::string text_;
  std::size_t spaces_;
};

struct Head {
  int status = 200;
  std::string_view extra;  // whole lines with CRLF, behind Date
  std::string_view content_type;
  bool no_store = false;
  std::optional<std::uint64_t> etag;
  std::optional<std::uint64_t> seq;  // Pushbench-Seq
  std::optional<std::size_t> length;
  bool chunked = false;
  bool close = false;
};

inline constexpr std::string_view kNdjson = "application/x-ndjson";
inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";
inline constexpr std::string_view kHtml = "text/html; charset=utf-8";

void append_decimal(std::string& out, std::uint64_t value);
void append_head(std::string& out, std::string_view date, const Head& head);

struct Refusal {
  int status = 400;
  std::string sentence;    // without line feed
  std::string_view extra;  // as in Head
};
// With the sentence and a line feed as body; without it when `head_only`.
void append_refusal(std::string& out,
                    std::string_view date,
                    const Refusal& refusal,
                    bool close,
                    bool head_only = false);

}  // namespace pushbench::servers
