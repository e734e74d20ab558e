#include "harness/wire/chunk.h"

#include "harness/wire/scan.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace pushbench::wire {
namespace {

constexpr std::uint64_t kHashStart = 0xCBF29CE484222325U;  // FNV-1a of 64 bits

constexpr std::uint64_t hash_step(std::uint64_t hash, char c) noexcept {
  const auto lower = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  return (hash ^ static_cast<unsigned char>(lower)) * 0x100000001B3U;
}

constexpr std::uint64_t hash_of(std::string_view name) noexcept {
  auto hash = kHashStart;
  for (const char c : name) {
    hash = hash_step(hash, c);
  }
  return hash;
}

// Names are compared by hash, since a name may be cut over two inputs and is not kept.
constexpr std::array kForbiddenTrailers = {
    hash_of("transfer-encoding"), hash_of("content-length"),   hash_of("host"),
    hash_of("authorization"),     hash_of("content-encoding"), hash_of("content-type"),
    hash_of("content-range"),     hash_of("trailer")};

bool is_control(char c) noexcept {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
}

int hex_value(char c) noexcept {
  if (is_digit(c)) {
    return c - '0';
  }
  const auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void append_chunk_head(std::string& out, std::size_t size) {
  std::array<char, 18> head;
  auto* end = std::to_chars(head.data(), head.data() + 16, size, 16).ptr;
  *end++ = '\r';
  *end++ = '\n';
  out.append(head.data(), end);
}

void append_chunk(std::string& out, std::string_view data) {
  append_chunk_head(out, data.size());
  out.append(data);
  out.append("\r\n");
}

Parsed ChunkDecoder::next(std::string_view& input, std::string_view& data) noexcept {
  while (!input.empty() && state_ < State::kEnd) {
    if (state_ == State::kData) {
      const auto size = std::min<std::uint64_t>(left_, input.size());
      data = input.substr(0, size);
      input.remove_prefix(size);
      left_ -= size;
      if (left_ == 0) {
        state_ = State::kDataCr;
      }
      return Parsed::kItem;
    }
    state_ = step(input.front());
    input.remove_prefix(1);
  }
  if (state_ < State::kEnd) {
    return Parsed::kNeedMore;
  }
  return state_ == State::kEnd ? Parsed::kEnd : Parsed::kError;
}

error_code ChunkDecoder::error() const noexcept {
  if (state_ == State::kOverLimit) {
    return Errc::kLimit;
  }
  return state_ == State::kBroken ? error_code(Errc::kBadChunk) : error_code();
}

ChunkDecoder::State ChunkDecoder::step(char c) noexcept {
  ++spent_;
  if (state_ == State::kDataCr) {
    return c == '\r' ? State::kDataLf : State::kBroken;
  }
  if (state_ == State::kDataLf) {
    spent_ = 0;
    return c == '\n' ? State::kSizeFirst : State::kBroken;
  }
  if (state_ <= State::kSizeLf) {
    return spent_ > kMaxChunkHead ? State::kOverLimit : size_step(c);
  }
  return spent_ > kMaxTrailers ? State::kOverLimit : trailer_step(c);
}

ChunkDecoder::State ChunkDecoder::size_step(char c) noexcept {
  if (state_ == State::kSizeLf) {
    spent_ = 0;
    if (c != '\n') {
      return State::kBroken;
    }
    return left_ == 0 ? State::kTrailerFirst : State::kData;
  }
  if (state_ > State::kSize) {
    return extension_step(c);
  }
  if (state_ == State::kSizeFirst) {
    left_ = 0;
  } else if (c == '\r' || c == ';') {
    size_digits_ = static_cast<std::uint8_t>(spent_ - 1);
    return c == '\r' ? State::kSizeLf : State::kExtensionFirst;
  }
  const auto digit = hex_value(c);
  if (digit < 0 || spent_ > 16) {
    return State::kBroken;
  }
  left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
  return State::kSize;
}

ChunkDecoder::State ChunkDecoder::extension_step(char c) noexcept {
  switch (state_) {
    case State::kExtensionFirst: return is_token_char(c) ? State::kExtension : State::kBroken;
    case State::kValueFirst:
      if (c == '"') {
        return State::kQuoted;
      }
      return is_token_char(c) ? State::kValue : State::kBroken;
    case State::kQuoted:
      if (c == '"') {
        return State::kQuotedEnd;
      }
      if (c == '\\') {
        return State::kQuotedPair;
      }
      return is_control(c) ? State::kBroken : State::kQuoted;
    case State::kQuotedPair: return is_control(c) ? State::kBroken : State::kQuoted;
    default: break;
  }
  if (c == '\r') {
    return State::kSizeLf;
  }
  if (c == ';') {
    return State::kExtensionFirst;
  }
  if (c == '=' && state_ == State::kExtension) {
    return State::kValueFirst;
  }
  return is_token_char(c) && state_ != State::kQuotedEnd ? state_ : State::kBroken;
}

ChunkDecoder::State ChunkDecoder::trailer_step(char c) noexcept {
  switch (state_) {
    case State::kTrailerFirst:
      left_ = kHashStart;
      return c == '\r' ? State::kEndLf : trailer_name_step(c);
    case State::kTrailerName:
      if (c != ':') {
        return trailer_name_step(c);
      }
      return std::ranges::find(kForbiddenTrailers, left_) == kForbiddenTrailers.end()
                 ? State::kTrailerValue
                 : State::kBroken;
    case State::kTrailerValue:
      if (c == '\r') {
        return State::kTrailerLf;
      }
      return is_control(c) ? State::kBroken : State::kTrailerValue;
    case State::kTrailerLf: return c == '\n' ? State::kTrailerFirst : State::kBroken;
    default: return c == '\n' ? State::kEnd : State::kBroken;
  }
}

ChunkDecoder::State ChunkDecoder::trailer_name_step(char c) noexcept {
  left_ = hash_step(left_, c);
  return is_token_char(c) ? State::kTrailerName : State::kBroken;
}

}  // namespace pushbench::wire
