#include "harness/wire/websocket.h"

#include "harness/base/check.h"
#include "harness/wire/scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace pushbench::wire {
namespace {

constexpr unsigned kFinalBit = 0x80;
constexpr unsigned kReservedBits = 0x70;
constexpr unsigned kCompressedBit = 0x40;  // RSV1
constexpr unsigned kOpcodeBits = 0x0F;
constexpr unsigned kMaskBit = 0x80;
constexpr unsigned kLengthBits = 0x7F;
constexpr std::uint8_t kLength16 = 126;
constexpr std::uint8_t kLength64 = 127;
constexpr std::size_t kMaskSize = 4;
constexpr std::uint16_t kCloseNone = 1005;

bool is_control(Opcode opcode) noexcept {
  return opcode >= Opcode::kClose;
}

bool is_known(Opcode opcode) noexcept {
  return opcode <= Opcode::kBinary || (opcode >= Opcode::kClose && opcode <= Opcode::kPong);
}

// RFC 6455 section 7.4 and the registry of close codes: what may stand in a close frame.
bool may_close_with(unsigned code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
         (code >= 3000 && code <= 4999);
}

unsigned byte_at(std::span<const char> bytes, std::size_t at) noexcept {
  return static_cast<unsigned char>(bytes[at]);
}

std::uint64_t read_big_endian(std::span<const char> bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    value = value << 8U | byte_at(bytes, at);
  }
  return value;
}

void write_big_endian(std::span<char> out, std::uint64_t value) noexcept {
  for (auto at = out.size(); at-- > 0;) {
    out[at] = static_cast<char>(value & 0xFFU);
    value >>= 8U;
  }
}

}  // namespace

std::size_t frame_head_size(std::uint64_t length, bool masked) noexcept {
  const std::size_t extended = length <= kMaxControlPayload ? 0 : length <= 0xFFFF ? 2 : 8;
  return 2 + extended + (masked ? kMaskSize : 0);
}

std::size_t encode_frame_head(std::span<char, kMaxFrameHead> out,
                              Opcode opcode,
                              std::uint64_t length,
                              std::optional<std::uint32_t> mask) noexcept {
  const auto size = frame_head_size(length, mask.has_value());
  const auto extended = size - frame_head_size(0, mask.has_value());
  const std::uint64_t length7 = extended == 0 ? length : extended == 2 ? kLength16 : kLength64;
  out[0] = static_cast<char>(kFinalBit | static_cast<unsigned>(opcode));
  out[1] = static_cast<char>(length7 | (mask ? kMaskBit : 0));
  write_big_endian(out.subspan(2, extended), length);
  if (mask) {
    std::memcpy(out.data() + 2 + extended, &*mask, kMaskSize);
  }
  return size;
}

void apply_mask(std::span<char> data, std::uint32_t mask, std::size_t offset) noexcept {
  std::array<char, 2 * sizeof mask> key;
  for (std::size_t at = 0; at < key.size(); ++at) {
    std::memcpy(&key[at], reinterpret_cast<const char*>(&mask) + ((at + offset) & 3U), 1);
  }
  std::uint64_t wide = 0;
  std::memcpy(&wide, key.data(), sizeof wide);
  auto* at = data.data();
  auto left = data.size();
  for (; left >= sizeof wide; at += sizeof wide, left -= sizeof wide) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    word ^= wide;
    std::memcpy(at, &word, sizeof word);
  }
  for (std::size_t i = 0; i < left; ++i) {
    at[i] = static_cast<char>(at[i] ^ key[i]);
  }
}

void append_frame(std::string& out,
                  Opcode opcode,
                  std::string_view payload,
                  std::optional<std::uint32_t> mask) {
  std::array<char, kMaxFrameHead> head;
  out.append(head.data(), encode_frame_head(head, opcode, payload.size(), mask));
  const auto start = out.size();
  out.append(payload);
  if (mask) {
    apply_mask(std::span(out).subspan(start), *mask);
  }
}

void append_compressed(std::string& out,
                       Opcode opcode,
                       std::string_view payload,
                       std::optional<std::uint32_t> mask) {
  const auto start = out.size();
  append_frame(out, opcode, payload, mask);
  out[start] = static_cast<char>(static_cast<unsigned char>(out[start]) | kCompressedBit);
}

void append_close(std::string& out,
                  std::uint16_t code,
                  std::string_view reason,
                  std::optional<std::uint32_t> mask) {
  std::array<char, kMaxControlPayload> payload;
  PUSHBENCH_CHECK(reason.size() + 2 <= payload.size());
  write_big_endian(std::span(payload).first<2>(), code);
  std::ranges::copy(reason, payload.begin() + 2);
  append_frame(out, Opcode::kClose, std::string_view(payload.data(), reason.size() + 2), mask);
}

struct MessageReader::Head {
  Opcode opcode = Opcode::kContinuation;
  bool final = false;
  bool masked = false;
  bool compressed = false;
  std::uint32_t mask = 0;
  std::uint64_t length = 0;
  std::size_t size = 0;  // after kNeedMore: how many bytes must be there to get any further
};

Parsed MessageReader::next(std::span<char>& input, Message& message, Inflater* inflater) {
  Head head;
  std::span<char> payload;
  for (;;) {
    release_spent();
    if (fault_ != Errc{}) {
      return Parsed::kError;
    }
    if (closed_) {
      return Parsed::kEnd;
    }
    if (input.empty()) {
      return Parsed::kNeedMore;
    }
    auto parsed = frame_.empty() ? frame_in_input(input, head, payload)
                                 : frame_in_parts(input, head, payload);
    if (parsed == Parsed::kItem) {
      parsed = take_frame(head, payload, message, inflater);
    }
    if (parsed != Parsed::kNeedMore) {
      return parsed;
    }
  }
}

Parsed MessageReader::frame_in_input(std::span<char>& input, Head& head, std::span<char>& payload) {
  const auto parsed = read_head(input, head);
  if (parsed == Parsed::kError) {
    return parsed;
  }
  if (parsed == Parsed::kNeedMore || head.length > input.size() - head.size) {
    frame_.assign(input.data(), input.size());
    input = {};
    return Parsed::kNeedMore;
  }
  payload = input.subspan(head.size, head.length);
  input = input.subspan(head.size + head.length);
  return Parsed::kItem;
}

// Takes as much as the head lacks, then as much as the payload lacks: never a byte of the next
// frame.
Parsed MessageReader::frame_in_parts(std::span<char>& input, Head& head, std::span<char>& payload) {
  for (;;) {
    const auto parsed = read_head(frame_, head);
    if (parsed == Parsed::kError) {
      return parsed;
    }
    const auto whole = head.size + (parsed == Parsed::kItem ? head.length : 0);
    if (frame_.size() == whole) {
      payload = std::span(frame_).subspan(head.size);
      frame_spent_ = true;
      return Parsed::kItem;
    }
    const auto taken = std::min(whole - frame_.size(), input.size());
    if (taken == 0) {
      return Parsed::kNeedMore;
    }
    frame_.append(input.data(), taken);
    input = input.subspan(taken);
  }
}

Parsed MessageReader::read_head(std::span<const char> bytes, Head& head) noexcept {
  head = {};
  head.size = 2;
  if (bytes.size() < head.size) {
    return Parsed::kNeedMore;
  }
  const auto first = byte_at(bytes, 0);
  const auto second = byte_at(bytes, 1);
  head.opcode = static_cast<Opcode>(first & kOpcodeBits);
  head.final = (first & kFinalBit) != 0;
  head.compressed = (first & kCompressedBit) != 0;
  head.masked = (second & kMaskBit) != 0;
  head.length = second & kLengthBits;
  const unsigned reserved = kReservedBits & ~(deflate_ ? kCompressedBit : 0U);
  if ((first & reserved) != 0 || !is_known(head.opcode) ||
      head.masked != (role_ == Role::kServer) ||
      (is_control(head.opcode) &&
       (!head.final || head.compressed || head.length > kMaxControlPayload))) {
    return fail(Errc::kBadFrame, kCloseProtocolError);
  }
  const std::size_t extended = head.length < kLength16 ? 0 : head.length == kLength16 ? 2 : 8;
  head.size += extended + (head.masked ? kMaskSize : 0);
  if (bytes.size() < head.size) {
    return Parsed::kNeedMore;
  }
  if (extended != 0) {
    head.length = read_big_endian(bytes.subspan(2, extended));
  }
  if (frame_head_size(head.length, head.masked) != head.size || head.length >> 63U != 0) {
    return fail(Errc::kBadFrame, kCloseProtocolError);
  }
  if (head.masked) {
    std::memcpy(&head.mask, bytes.data() + 2 + extended, kMaskSize);
  }
  return check_head(head);
}

// What can be said against a data frame before its payload is there.
Parsed MessageReader::check_head(const Head& head) noexcept {
  if (is_control(head.opcode)) {
    return Parsed::kItem;
  }
  const bool open = fragments_ != 0;
  if ((head.opcode == Opcode::kContinuation) != open || (head.compressed && open)) {
    return fail(Errc::kBadFrame, kCloseProtocolError);
  }
  if (head.length > limits_.max_message - message_.size()) {
    return fail(Errc::kLimit, kCloseTooBig);
  }
  if (fragments_ >= limits_.max_fragments) {
    return fail(Errc::kLimit, kClosePolicy);
  }
  return Parsed::kItem;
}

Parsed MessageReader::take_frame(const Head& head,
                                 std::span<char> payload,
                                 Message& message,
                                 Inflater* inflater) {
  if (head.masked) {
    apply_mask(payload, head.mask);
  }
  const std::string_view data(payload.data(), payload.size());
  message.close_code = 0;
  message.opcode = head.opcode;
  message.framing = head.size;
  message.data = data;
  message.carried = data.size();
  message.compressed = false;
  if (head.opcode == Opcode::kClose) {
    return take_close(head, data, message);
  }
  if (is_control(head.opcode)) {
    return Parsed::kItem;
  }
  if (fragments_ == 0) {
    opcode_ = head.opcode;
    compressed_ = head.compressed;
    if (head.final) {
      return finish(head, data, message, inflater);
    }
  }
  message_.append(data);
  if (!head.final) {
    ++fragments_;
    framing_ += head.size;
    return Parsed::kNeedMore;
  }
  message_spent_ = true;
  return finish(head, message_, message, inflater);
}

Parsed MessageReader::finish(const Head& head,
                             std::string_view data,
                             Message& message,
                             Inflater* inflater) {
  message.opcode = opcode_;
  message.carried = data.size();
  message.compressed = compressed_;
  if (compressed_ && inflate(inflater, data) == Parsed::kError) {
    return Parsed::kError;
  }
  message.data = data;
  message.framing = framing_ + head.size;
  framing_ = 0;
  fragments_ = 0;
  if (opcode_ == Opcode::kText && !well_formed_utf8(data)) {
    return fail(Errc::kBadText, kCloseBadData);
  }
  return Parsed::kItem;
}

// A message that inflates to more than may come uncompressed is refused as that would be.
Parsed MessageReader::inflate(Inflater* inflater, std::string_view& data) {
  PUSHBENCH_CHECK(inflater != nullptr);
  switch (inflater->message(data, limits_.max_message, data)) {
    case Inflater::Outcome::kWhole: return Parsed::kItem;
    case Inflater::Outcome::kTooLarge: return fail(Errc::kLimit, kCloseTooBig);
    case Inflater::Outcome::kBroken: break;
  }
  return fail(Errc::kBadFrame, kCloseBadData);
}

Parsed MessageReader::take_close(const Head& head,
                                 std::string_view payload,
                                 Message& message) noexcept {
  message.close_code = kCloseNone;
  if (payload.size() == 1) {
    return fail(Errc::kBadFrame, kCloseProtocolError);
  }
  if (!payload.empty()) {
    const auto code = static_cast<std::uint16_t>(read_big_endian(payload.substr(0, 2)));
    if (!may_close_with(code)) {
      return fail(Errc::kBadFrame, kCloseProtocolError);
    }
    message.close_code = code;
    message.data = payload.substr(2);
    message.framing = head.size + 2;
    if (!well_formed_utf8(message.data)) {
      return fail(Errc::kBadText, kCloseBadData);
    }
  }
  closed_ = true;
  return Parsed::kItem;
}

Parsed MessageReader::fail(Errc fault, std::uint16_t close_code) noexcept {
  fault_ = fault;
  close_code_ = close_code;
  return Parsed::kError;
}

void MessageReader::release_spent() noexcept {
  if (frame_spent_) {
    std::string().swap(frame_);
    frame_spent_ = false;
  }
  if (message_spent_) {
    std::string().swap(message_);
    message_spent_ = false;
  }
}

}  // namespace pushbench::wire
