// The stamp that every event of a run carries at its front, so that a receiver knows which event it
// holds without trusting the server: "~", a run tag of 24 bits, an event index of 60 bits (both
// base64url, RFC 4648 section 5, most significant digit first), ";". Always 16 bytes, printable,
// free of characters that JSON or SSE would have to escape. The due instant is not in it: it
// follows from the index and the seeded schedule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pushbench::wire {

inline constexpr std::size_t kStampSize = 16;
inline constexpr std::uint32_t kMaxRunTag = (1U << 24U) - 1;
inline constexpr std::uint64_t kMaxEventIndex = (1ULL << 60U) - 1;

struct Stamp {
  std::uint32_t run_tag = 0;
  std::uint64_t index = 0;
  friend bool operator==(const Stamp&, const Stamp&) = default;
};

// REQUIRES: run_tag <= kMaxRunTag, index <= kMaxEventIndex.
void encode_stamp(const Stamp& stamp, std::span<char, kStampSize> out) noexcept;

// Reads the stamp at the front of an event; nullopt when there is none.
std::optional<Stamp> decode_stamp(std::string_view event) noexcept;

}  // namespace pushbench::wire
