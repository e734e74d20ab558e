// Small pieces of HTTP syntax: words that are the same in any case, comma lists, versions, hosts
// and request targets (RFC 9110 sections 5.6 and 7.2, RFC 9112 section 3, RFC 3986 section 3).
// Pure; views point into what was given. Strict where RFC 3986 leaves room, see each function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pushbench::wire {

// Equal but for the case of ASCII letters.
bool same_word(std::string_view a, std::string_view b) noexcept;
// `word` is an element of the comma list `value`.
bool lists_word(std::string_view value, std::string_view word) noexcept;
// Whether Accept-Encoding `value` takes this coding (RFC 9110 section 12.5.3): named, or by "*",
// with a weight above 0. What is malformed is not taken.
bool accepts_coding(std::string_view value, std::string_view coding) noexcept;
// "HTTP/" DIGIT "." DIGIT
bool is_http_version(std::string_view text) noexcept;
// uri-host [":" port]: no user, no path, not empty, and no comma, which joins two Host fields.
bool is_host(std::string_view text) noexcept;
// The authority of an absolute-form target (http or https), or nothing.
std::optional<std::string_view> absolute_authority(std::string_view target) noexcept;
// Origin-form or absolute-form. Fragments and bytes that a URL parser would change are refused.
bool is_target(std::string_view target) noexcept;
// Bytes before the first one that stands in no target.
std::size_t until_foreign_to_target(std::string_view text) noexcept;

// "SEQ" of an ETag or If-None-Match value "\"SEQ\"" (weak prefix allowed), nullopt when it is not
// one of ours.
std::optional<std::uint64_t> etag_seq(std::string_view value) noexcept;
// Digits and nothing else, without leading zeros, at most 2^64 - 1.
std::optional<std::uint64_t> parse_decimal(std::string_view text) noexcept;

}  // namespace pushbench::wire
