// WebSocket framing and messages, RFC 6455 sections 5 to 7, sans-I/O, for both roles. Idle readers
// own no buffer: a frame that lies whole in the input is handed out in place (unmasked there), only
// a partial frame or a fragmented message is kept, and freed once it was handed out. Control frames
// may come between fragments. Behind a close frame nothing more is read (kEnd).
#pragma once

#include "harness/base/error.h"
#include "harness/wire/deflate.h"
#include "harness/wire/parsed.h"
#include "harness/wire/websocket_key.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::wire {

enum class Opcode : std::uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

inline constexpr std::size_t kMaxFrameHead = 14;  // 2 + 8 length + 4 mask
inline constexpr std::size_t kMaxControlPayload = 125;

// Close codes, RFC 6455 section 7.4.1, and ours from the private range.
inline constexpr std::uint16_t kCloseNormal = 1000;
inline constexpr std::uint16_t kCloseGoingAway = 1001;
inline constexpr std::uint16_t kCloseProtocolError = 1002;
inline constexpr std::uint16_t kCloseBadData = 1007;
inline constexpr std::uint16_t kClosePolicy = 1008;
inline constexpr std::uint16_t kCloseTooBig = 1009;
inline constexpr std::uint16_t kCloseGap = 4410;
inline constexpr std::uint16_t kCloseSlow = 4408;

// 2 bytes up to 125, 4 up to 65,535, 10 beyond; 4 more when masked.
std::size_t frame_head_size(std::uint64_t length, bool masked) noexcept;
// Writes a final frame's head, returns its size.
std::size_t encode_frame_head(std::span<char, kMaxFrameHead> out,
                              Opcode opcode,
                              std::uint64_t length,
                              std::optional<std::uint32_t> mask = std::nullopt) noexcept;
// XORs in place; `offset` is the position of data[0] in the frame's payload. `mask` holds the key's
// bytes in wire order in memory order.
void apply_mask(std::span<char> data, std::uint32_t mask, std::size_t offset = 0) noexcept;

// Whole frames, for senders. With a mask the payload is masked while it is copied.
void append_frame(std::string& out,
                  Opcode opcode,
                  std::string_view payload,
                  std::optional<std::uint32_t> mask = std::nullopt);
// A whole message whose payload is Deflater::message(): RSV1 is set (RFC 7692 section 6).
void append_compressed(std::string& out,
                       Opcode opcode,
                       std::string_view payload,
                       std::optional<std::uint32_t> mask = std::nullopt);
// REQUIRES: reason.size() <= kMaxControlPayload - 2.
void append_close(std::string& out,
                  std::uint16_t code,
                  std::string_view reason,
                  std::optional<std::uint32_t> mask = std::nullopt);

struct Message {
  Opcode opcode = Opcode::kText;  // kText, kBinary or a control frame; never kContinuation
  std::string_view data;          // for kClose the reason, without the code
  std::uint16_t close_code = 0;   // for kClose; 1005 when the frame had none
  std::size_t framing = 0;  // bytes on the wire that were not data: heads, masks, a close code
  std::size_t carried = 0;  // bytes of data on the wire: those of `data` unless it was compressed
  bool compressed = false;
};

struct MessageLimits {
  std::size_t max_message = std::size_t{1024} * 1024;
  std::uint32_t max_fragments = 1024;
};

class MessageReader {
 public:
  enum class Role : std::uint8_t {
    kServer,
    kClient
  };  // who reads: a server demands masks, a client refuses them
  explicit MessageReader(Role role, MessageLimits limits = {}) : limits_(limits), role_(role) {}
  // permessage-deflate without context takeover was negotiated (permessage_deflate.h).
  void take_compressed() noexcept { deflate_ = true; }
  bool takes_compressed() const noexcept { return deflate_; }

  // Checks reserved bits, opcodes, masks, minimal lengths, control frames (final, ≤ 125 bytes,
  // interleaved), fragmentation, UTF-8 of text, close codes. kError: error() and close_code() say
  // what to answer. `inflater`: needed once compressed messages are taken; their text is valid for
  // as long as it is not used again.
  Parsed next(std::span<char>& input, Message& message, Inflater* inflater = nullptr);
  error_code error() const noexcept { return fault_ == Errc{} ? error_code() : error_code(fault_); }
  std::uint16_t close_code() const noexcept { return close_code_; }

 private:
  struct Head;
  Parsed read_head(std::span<const char> bytes, Head& head) noexcept;
  Parsed check_head(const Head& head) noexcept;
  Parsed frame_in_input(std::span<char>& input, Head& head, std::span<char>& payload);
  Parsed frame_in_parts(std::span<char>& input, Head& head, std::span<char>& payload);
  Parsed take_frame(const Head& head,
                    std::span<char> payload,
                    Message& message,
                    Inflater* inflater);
  Parsed take_close(const Head& head, std::string_view payload, Message& message) noexcept;
  Parsed finish(const Head& head, std::string_view data, Message& message, Inflater* inflater);
  Parsed inflate(Inflater* inflater, std::string_view& data);
  Parsed fail(Errc fault, std::uint16_t close_code) noexcept;
  void release_spent() noexcept;

  std::string frame_;    // a partial frame, head included
  std::string message_;  // fragments so far
  MessageLimits limits_;
  std::size_t framing_ = 0;      // of the fragments so far
  std::uint32_t fragments_ = 0;  // so far; 0 when no message is open
  Errc fault_{};
  std::uint16_t close_code_ = 0;
  Role role_;
  Opcode opcode_ = Opcode::kContinuation;  // of the open message
  // One byte, as every client and every connection of a server holds a reader.
  bool frame_spent_ : 1 = false;  // handed out: freed at the next call
  bool message_spent_ : 1 = false;
  bool closed_ : 1 = false;
  bool deflate_ : 1 = false;     // negotiated
  bool compressed_ : 1 = false;  // the open message
};
static_assert(sizeof(MessageReader) <= 104);

}  // namespace pushbench::wire
