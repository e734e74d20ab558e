// Delivery audit of one subscription: for every event that arrives it says whether it is new, a
// duplicate, or new but out of order. Memory is 16 bytes: the next ordinal expected and a bitmap of
// the 64 before it. An event further behind cannot be told from a duplicate and gets a verdict of
// its own.
#pragma once

#include <cstdint>

namespace pushbench::swarm {

class Audit {
 public:
  enum class Verdict : std::uint8_t { kInOrder, kReordered, kDuplicate, kBeyondWindow };
  static constexpr std::uint64_t kWindow = 64;

  Verdict arrived(std::uint64_t ordinal) noexcept {
    if (ordinal >= next_) {
      const std::uint64_t step = ordinal - next_ + 1;
      seen_ = step >= kWindow ? 0 : seen_ << step;
      seen_ |= 1;
      next_ = ordinal + 1;
      return Verdict::kInOrder;
    }
    const std::uint64_t behind = next_ - 1 - ordinal;
    if (behind >= kWindow) {
      return Verdict::kBeyondWindow;
    }
    const std::uint64_t bit = std::uint64_t{1} << behind;
    const bool known = (seen_ & bit) != 0;
    seen_ |= bit;
    return known ? Verdict::kDuplicate : Verdict::kReordered;
  }

 private:
  std::uint64_t next_ = 0;
  std::uint64_t seen_ = 0;  // bit k: ordinal next_ - 1 - k arrived
};

}  // namespace pushbench::swarm
