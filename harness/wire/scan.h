// Scans that the parsers of this room share: where a line ends, where JSON text needs an escape,
// whether text is UTF-8. Eight bytes at a time or by memchr, because they touch every byte that is
// received. UTF-8 by Unicode 15, table 3-7; a malformed sequence is as long as its maximal subpart,
// as the WHATWG Encoding standard's decoder has it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pushbench::wire {

// Each returns the count of bytes before the first such byte, text.size() when there is none.
std::size_t until_line_end(std::string_view text) noexcept;   // CR or LF
std::size_t until_escape(std::string_view text) noexcept;     // below 0x20, '"' or '\'
std::size_t until_non_ascii(std::string_view text) noexcept;  // 0x80 and above
std::size_t until_control(std::string_view text) noexcept;    // below 0x20, or 0x7F
std::size_t until_no_token(std::string_view text) noexcept;   // see is_token_char()

bool well_formed_utf8(std::string_view text) noexcept;
// Appends `text` with U+FFFD in the place of every malformed sequence.
void append_lossy_utf8(std::string& out, std::string_view text);

// tchar of RFC 9110 section 5.6.2: what methods, field names and chunk extensions are made of.
bool is_token_char(char c) noexcept;
bool is_digit(char c) noexcept;

// Decimal digits of `value`.
void append_decimal(std::string& out, unsigned long long value);

}  // namespace pushbench::wire
