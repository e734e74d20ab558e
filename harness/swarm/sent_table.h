// When the recent events of the run were sent: written by the publisher, read by the workers as
// their deliveries come in. A ring of one word for each event: how often the ring had gone round,
// and the instant as nanoseconds since publishing began. A word is believed only when the round is
// that of the event and due <= sent <= received; a reader that was quicker than the publisher's
// note, or came too late, learns nothing rather than something wrong. Threads: one writer, any
// readers; relaxed atomics, since a word is all there is. Memory: 8 bytes an event of the ring.
#pragma once

#include "harness/base/check.h"
#include "harness/base/time.h"

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace pushbench::swarm {

class SentTable {
 public:
  // REQUIRES: a power of two.
  explicit SentTable(std::size_t capacity)
      : words_(capacity), magnitude_(static_cast<unsigned>(std::countr_zero(capacity))) {
    PUSHBENCH_CHECK(std::has_single_bit(capacity));
  }

  // `sent` counts from the start of publishing. What 48 bits do not hold (78 hours) is not noted.
  void put(std::uint64_t index, Nanos sent) noexcept {
    const auto ns = static_cast<std::uint64_t>(sent.count()) + 1;  // 0: nothing noted
    if (sent >= Nanos::zero() && ns < kRound) {
      words_[index & (words_.size() - 1)].store(round_of(index) | ns, std::memory_order_relaxed);
    }
  }

  std::optional<Nanos> find(std::uint64_t index, Nanos due, Nanos received) const noexcept {
    const auto word = words_[index & (words_.size() - 1)].load(std::memory_order_relaxed);
    const Nanos sent(static_cast<std::int64_t>(word % kRound) - 1);
    const bool ours = word % kRound != 0 && word / kRound * kRound == round_of(index);
    return ours && due <= sent && sent <= received ? std::optional(sent) : std::nullopt;
  }

 private:
  static constexpr std::uint64_t kRound = std::uint64_t{1} << 48U;

  std::uint64_t round_of(std::uint64_t index) const noexcept {
    return (index >> magnitude_) * kRound;  // modulo 2^16
  }

  std::vector<std::atomic<std::uint64_t>> words_;
  unsigned magnitude_;
};

}  // namespace pushbench::swarm
