// Chunked transfer coding, RFC 9112 section 7.1: one chunk is hex(n) CRLF data CRLF, hex(n).size()
// + 4 bytes around n bytes of data; "0" CRLF CRLF ends the body. The decoder is strict, because a
// body whose end is in doubt smuggles requests: sizes of at most 16 hex digits, extensions and
// trailers are bounded, checked against their grammar and skipped, white space around them and bare
// CR or LF are refused, and so are trailers that would change framing, routing, authentication or
// content (RFC 9110 section 6.5.1).
#pragma once

#include "harness/base/error.h"
#include "harness/wire/parsed.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace pushbench::wire {

inline constexpr std::string_view kLastChunk = "0\r\n\r\n";
inline constexpr std::size_t kMaxChunkHead = 4096;  // size line with its extensions
inline constexpr std::size_t kMaxTrailers = 8192;   // all trailer fields together

// hex digits of `size`, CRLF. The CRLF behind the data is the caller's.
void append_chunk_head(std::string& out, std::size_t size);
void append_chunk(std::string& out, std::string_view data);

class ChunkDecoder {
 public:
  // kItem: `data` is a piece of body (never empty, pieces need not match chunks); kEnd: last chunk
  // and trailers read.
  Parsed next(std::string_view& input, std::string_view& data) noexcept;
  error_code error() const noexcept;  // kBadChunk or kLimit after kError
  // Behind a kItem: the digits of the chunk's size when the piece begins a chunk, else 0.
  std::uint8_t take_size_digits() noexcept { return std::exchange(size_digits_, std::uint8_t{0}); }

 private:
  enum class State : std::uint8_t {
    kSizeFirst,
    kSize,
    kExtensionFirst,
    kExtension,
    kValueFirst,
    kValue,
    kQuoted,
    kQuotedPair,
    kQuotedEnd,
    kSizeLf,
    kData,
    kDataCr,
    kDataLf,
    kTrailerFirst,
    kTrailerName,
    kTrailerValue,
    kTrailerLf,
    kEndLf,
    kEnd,
    kBroken,
    kOverLimit,
  };
  State step(char c) noexcept;
  State size_step(char c) noexcept;
  State extension_step(char c) noexcept;
  State trailer_step(char c) noexcept;
  State trailer_name_step(char c) noexcept;

  // One decoder lives in every client, so it is 16 bytes.
  std::uint64_t left_ = 0;   // data bytes of the chunk; in trailers the hash of the field's name
  std::uint32_t spent_ = 0;  // bytes of the current size line or of the trailers
  State state_ = State::kSizeFirst;
  std::uint8_t size_digits_ = 0;
};

}  // namespace pushbench::wire
