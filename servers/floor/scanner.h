// Events of the floor and how they are found again in whatever a server wraps around them. An event
// is 128 bytes: a stamp (harness/wire/stamp.h) whose index is the due instant in nanoseconds of the
// monotonic clock, and padding. The scan looks for stamps only, so that one client reads every
// strategy and every server; it knows a stamp that two reads have cut apart. Pure, one thread.
#pragma once

#include "harness/base/time.h"
#include "harness/wire/stamp.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace pushbench::servers::floor {

inline constexpr std::size_t kEventSize = 128;
using EventText = std::array<char, kEventSize>;

EventText event_text(std::uint32_t run_tag, TimePoint due) noexcept;

// The front of a stamp that the last read ended with. One in every client, so it is 16 bytes.
struct Carry {
  std::array<char, wire::kStampSize - 1> bytes{};
  std::uint8_t size = 0;
};

namespace detail {

// Looks for stamps that begin before `limit`; calls `found(due)` for those of this run. Returns
// where to go on: behind the last stamp, or at a '~' behind which the text ends too soon to tell.
template <class Found>
std::size_t scan_text(std::string_view text,
                      std::size_t limit,
                      std::uint32_t run_tag,
                      const Found& found) {
  std::size_t at = 0;
  while (at < limit) {
    at = text.find('~', at);
    if (at >= limit) {
      return limit;
    }
    if (text.size() - at < wire::kStampSize) {
      return at;
    }
    // A WebSocket frame says '~' (126) too, where its length stands.
    const auto stamp = wire::decode_stamp(text.substr(at, wire::kStampSize));
    if (stamp && stamp->run_tag == run_tag) {
      found(TimePoint(Nanos(static_cast<std::int64_t>(stamp->index))));
      at += wire::kStampSize;
    } else {
      ++at;
    }
  }
  return at;
}

}  // namespace detail

// Calls `found(due)` once for every stamp of `run_tag` that ends in `data`.
template <class Found>
void scan(Carry& carry, std::string_view data, std::uint32_t run_tag, const Found& found) {
  if (carry.size > 0) {
    std::array<char, 2 * wire::kStampSize> joined;
    const std::size_t old = carry.size;
    const std::size_t more = std::min(data.size(), wire::kStampSize - 1);
    std::copy_n(carry.bytes.data(), old, joined.data());
    std::copy_n(data.data(), more, joined.data() + old);
    const std::string_view text(joined.data(), old + more);
    const std::size_t at = detail::scan_text(text, old, run_tag, found);
    carry.size = 0;
    if (at < old) {  // still too short, so that all of `data` is in `joined`
      carry.size = static_cast<std::uint8_t>(text.size() - at);
      std::copy_n(text.data() + at, carry.size, carry.bytes.data());
      return;
    }
    data.remove_prefix(at - old);
  }
  const std::size_t at = detail::scan_text(data, data.size(), run_tag, found);
  if (at < data.size()) {
    carry.size = static_cast<std::uint8_t>(data.size() - at);
    std::copy_n(data.data() + at, carry.size, carry.bytes.data());
  }
}

}  // namespace pushbench::servers::floor
