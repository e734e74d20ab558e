// Compression of what travels, with zlib, sans-I/O: raw DEFLATE (RFC 1951) as WebSocket messages
// carry it (RFC 7692), and gzip (RFC 1952) as HTTP does. Every piece is compressed for itself: its
// bytes need nothing of what came before, so that a server makes them once for all who get them and
// keeps no state for any. What is read is bounded by the reader. Threads: none of it is
// synchronised; one Deflater and one Inflater serve all connections of a thread, since neither
// remembers anything from call to call. Running out of memory is a broken invariant.
#pragma once

#include "harness/base/error.h"
#include "harness/wire/parsed.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace pushbench::wire {

// Levels of zlib: 1 is the fastest, 9 the densest.
inline constexpr int kLowestCompression = 1;
inline constexpr int kHighestCompression = 9;
inline constexpr int kDefaultCompression = 6;

// What begins a gzip member here: no name, no time, system unknown (RFC 1952 section 2.3).
inline constexpr std::string_view kGzipHead{"\x1f\x8b\x08\0\0\0\0\0\0\xff", 10};
inline constexpr std::size_t kGzipTrailer = 8;  // CRC-32 and size of the text
// What ends every block(), and what no message carries (RFC 7692 section 7.2.1).
inline constexpr std::string_view kBlockTail{"\0\0\xff\xff", 4};
// A last block without text. It ends the blocks of a stream.
inline constexpr std::string_view kLastBlock{"\x03\0", 2};

struct EndStream {
  bool inflates = false;
  void operator()(z_stream_s* stream) const noexcept;
};
using ZStream = std::unique_ptr<z_stream_s, EndStream>;

class Deflater {
 public:
  explicit Deflater(int level = kDefaultCompression) noexcept : level_(level) {}

  // Blocks that end with kBlockTail at the end of a byte. What is returned is valid until the next
  // call of either.
  std::string_view block(std::string_view text);
  // The data of a compressed message: a block without its tail, which is never empty.
  std::string_view message(std::string_view text);
  // A whole member: kGzipHead, blocks, trailer.
  std::string_view gzip(std::string_view text);

 private:
  void append(std::string_view text, int flush);

  int level_;
  ZStream stream_;  // made on first use: a quarter of a megabyte
  std::string out_;
};

// Compressed messages whose sender takes no context over from one to the next.
class Inflater {
 public:
  enum class Outcome : std::uint8_t { kWhole, kBroken, kTooLarge };
  // `text` is valid until the next call. kTooLarge: more than `most` bytes.
  Outcome message(std::string_view data, std::size_t most, std::string_view& text);

 private:
  Outcome feed(std::string_view data, std::size_t most);

  ZStream stream_;  // made on first use
  std::string out_;
  std::size_t size_ = 0;  // of the text so far
};

// One gzip member in pieces, whatever its blocks refer to. It holds up to 44 KiB: a window of what
// came, as its sender may refer to it, and room for a piece of text.
class GzipReader {
 public:
  static constexpr std::size_t kPiece = 4096;

  GzipReader();
  // kItem: `text` is a piece of at most kPiece bytes; call again. kEnd: the member is whole, what
  // is left of the input is not part of it. kError: no gzip, or damaged.
  Parsed next(std::string_view& input, std::string_view& text);
  // Bytes of the member's head and trailer that were read since the last call.
  std::uint64_t take_framing() noexcept;
  bool whole() const noexcept { return part_ == Part::kOver; }

 private:
  enum class Part : std::uint8_t { kHead, kBlocks, kTrailer, kOver };

  ZStream stream_;
  std::array<char, kPiece> piece_;
  std::uint64_t framing_ = 0;
  Part part_ = Part::kHead;
  bool more_ = false;  // the piece was full: there may be text without further input
};

}  // namespace pushbench::wire
