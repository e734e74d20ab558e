// What of an answer is compressed, and who asked for it. A compressed form of a strategy is a row
// of its own in the table: its events are compressed once for all who wait for them, each for
// itself (wire/deflate.h), so that no connection keeps a state. Whoever asks gets it, unless
// ServerOptions::compression_level is 0.
#pragma once

#include "harness/wire/http_head.h"

#include <optional>
#include <string_view>

namespace pushbench::servers {

class Loop;

// Of a head whose body is a gzip member; as Head::extra.
inline constexpr std::string_view kGzipFields =
    "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n";

bool wants_gzip(const Loop& loop, const wire::RequestHead& head) noexcept;
// The value of Sec-WebSocket-Extensions to answer with; nullopt: none was offered that can be
// taken.
std::optional<std::string_view> agreed_deflate(const Loop& loop,
                                               const wire::RequestHead& head) noexcept;

}  // namespace pushbench::servers
