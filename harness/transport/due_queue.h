// What falls due next, among tens of thousands: a binary heap whose members know their place in it,
// so that one can be moved or taken out again. A member that is not scheduled costs nothing; the
// heap allocates only while it grows. Pure. Threads: one worker's.
#pragma once

#include "harness/base/time.h"

#include <cstddef>
#include <vector>

namespace pushbench::transport {

class EmulatedLink;

inline constexpr TimePoint kNever = TimePoint::max();

class DueQueue {
 public:
  // Something of a link that happens at an instant. Stays where it is while it is scheduled.
  struct Due {
    EmulatedLink* owner = nullptr;
    bool upward = false;
    std::size_t slot = kIdle;
    bool scheduled() const noexcept { return slot != kIdle; }
  };
  static constexpr std::size_t kIdle = ~std::size_t{0};

  bool empty() const noexcept { return heap_.empty(); }
  TimePoint earliest() const noexcept { return heap_.front().when; }  // REQUIRES: not empty
  void schedule(Due& due, TimePoint when);                            // or moves it there
  void cancel(Due& due) noexcept;                                     // if it is scheduled
  Due& pop() noexcept;                                                // REQUIRES: not empty

 private:
  struct Entry {
    TimePoint when;
    Due* due;
  };
  void put(std::size_t slot, Entry entry) noexcept;
  void rise(std::size_t slot, Entry entry) noexcept;
  void sink(std::size_t slot, Entry entry) noexcept;
  void settle(std::size_t slot, Entry entry) noexcept;

  std::vector<Entry> heap_;
};

}  // namespace pushbench::transport
