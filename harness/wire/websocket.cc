#include "harness/wire/websocket.h"

#include "harness/base/check.h"
#include "harness/wire/scan.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/random.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <memory>

namespace pushbench::wire {
namespace {

constexpr unsigned kFinalBit = 0x80;
constexpr unsigned kReservedBits = 0x70;
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

void fill_random(std::span<unsigned char> out) noexcept {
  while (!out.empty()) {
    const auto got = ::getrandom(out.data(), out.size(), 0);
    PUSHBENCH_CHECK(got > 0 || errno == EINTR);
    out = out.subspan(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP writes a NUL behind it
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                    static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// SHA1() looks the algorithm up and makes a context at every call: several times the digest's cost.
class Sha1 {
 public:
  using Digest = std::array<unsigned char, SHA_DIGEST_LENGTH>;

  static Digest of(std::string_view text) {
    thread_local const Sha1 kOwn;
    Digest digest;
    PUSHBENCH_CHECK(EVP_DigestInit_ex2(kOwn.context_.get(), kOwn.algorithm_.get(), nullptr) == 1 &&
                    EVP_DigestUpdate(kOwn.context_.get(), text.data(), text.size()) == 1 &&
                    EVP_DigestFinal_ex(kOwn.context_.get(), digest.data(), nullptr) == 1);
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD* algorithm) const noexcept { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };

  std::unique_ptr<EVP_MD, Free> algorithm_{EVP_MD_fetch(nullptr, "SHA1", nullptr)};
  std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

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

std::string websocket_accept(std::string_view key) {
  std::string text(key);
  text.append("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");  // RFC 6455 section 1.3
  return base64(Sha1::of(text));
}

std::string random_websocket_key() {
  std::array<unsigned char, 16> bytes;
  fill_random(bytes);
  return base64(bytes);
}

std::uint32_t random_mask() noexcept {
  // One system call for 64 masks. A thread's own, so there is nothing to lock.
  constexpr std::size_t kBatch = 64;
  thread_local std::array<std::uint32_t, kBatch> masks;
  thread_local std::size_t left = 0;
  if (left == 0) {
    fill_random(std::span(reinterpret_cast<unsigned char*>(masks.data()), sizeof masks));
    left = kBatch;
  }
  return masks[--left];
}

struct MessageReader::Head {
  Opcode opcode = Opcode::kContinuation;
  bool final = false;
  bool masked = false;
  std::uint32_t mask = 0;
  std::uint64_t length = 0;
  std::size_t size = 0;  // after kNeedMore: how many bytes must be there to get any further
};

Parsed MessageReader::next(std::span<char>& input, Message& message) {
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
      parsed = take_frame(head, payload, message);
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
  head.masked = (second & kMaskBit) != 0;
  head.length = second & kLengthBits;
  if ((first & kReservedBits) != 0 || !is_known(head.opcode) ||
      head.masked != (role_ == Role::kServer) ||
      (is_control(head.opcode) && (!head.final || head.length > kMaxControlPayload))) {
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
  if ((head.opcode == Opcode::kContinuation) != open) {
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

Parsed MessageReader::take_frame(const Head& head, std::span<char> payload, Message& message) {
  if (head.masked) {
    apply_mask(payload, head.mask);
  }
  const std::string_view data(payload.data(), payload.size());
  message.close_code = 0;
  message.opcode = head.opcode;
  message.framing = head.size;
  message.data = data;
  if (head.opcode == Opcode::kClose) {
    return take_close(head, data, message);
  }
  if (is_control(head.opcode)) {
    return Parsed::kItem;
  }
  if (fragments_ == 0) {
    opcode_ = head.opcode;
    if (head.final) {
      return finish(head, data, message);
    }
  }
  message_.append(data);
  if (!head.final) {
    ++fragments_;
    framing_ += head.size;
    return Parsed::kNeedMore;
  }
  message_spent_ = true;
  return finish(head, message_, message);
}

Parsed MessageReader::finish(const Head& head, std::string_view data, Message& message) noexcept {
  message.opcode = opcode_;
  message.data = data;
  message.framing = framing_ + head.size;
  framing_ = 0;
  fragments_ = 0;
  if (opcode_ == Opcode::kText && !well_formed_utf8(data)) {
    return fail(Errc::kBadText, kCloseBadData);
  }
  return Parsed::kItem;
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
