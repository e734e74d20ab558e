// Deadlines of all connections of a loop, driven by one timer: a hashed wheel (Varghese and Lauck,
// 1987, scheme 6) of intrusive lists, one slot a tick. Lazy: putting a deadline off only stores it,
// and the node moves when its old slot comes round, so re-arming for every request costs a store.
// A deadline fires when its tick is reached: never early, late by less than two ticks.
#pragma once

#include "harness/base/time.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pushbench::servers {

struct Deadline {
  Deadline* previous = nullptr;  // null: not linked
  Deadline* next = nullptr;
  std::uint32_t due = 0;   // tick at which it fires
  std::uint32_t slot = 0;  // tick at which it is looked at, <= due
};

class Wheel {
 public:
  static constexpr std::chrono::milliseconds kTick{100};
  static constexpr std::uint32_t kSlots = 1024;

  explicit Wheel(TimePoint start) noexcept;
  Wheel(const Wheel&) = delete;
  Wheel& operator=(const Wheel&) = delete;

  std::uint32_t now() const noexcept { return now_; }  // as of the last advance()
  // First tick that begins at or after `when`.
  std::uint32_t tick_after(TimePoint when) const noexcept;
  // The tick that `when` falls into.
  std::uint32_t tick_before(TimePoint when) const noexcept;
  // Ticks that last at least `duration`.
  static std::uint32_t ticks(std::chrono::milliseconds duration) noexcept;

  void arm(Deadline& node, std::uint32_t due) noexcept;
  static void disarm(Deadline& node) noexcept;

  // Calls fire(Deadline&) for each that is due by `time`, unlinked already. `fire` may arm and
  // disarm any node.
  template <class Fire>
  void advance(TimePoint time, Fire fire) {
    const std::uint32_t target = tick_before(time);
    if (target - now_ > kSlots && target > now_) {
      now_ = target - kSlots;
    }
    while (now_ < target) {
      ++now_;
      Deadline batch;
      take_slot(batch);
      while (batch.next != &batch) {
        Deadline& node = *batch.next;
        disarm(node);
        if (node.due > now_) {
          link(node);
        } else {
          fire(node);
        }
      }
    }
  }

 private:
  void take_slot(Deadline& batch) noexcept;
  void link(Deadline& node) noexcept;

  TimePoint start_;
  std::uint32_t now_ = 0;
  std::array<Deadline, kSlots> slots_;
};

}  // namespace pushbench::servers
