// The bytes that are under way in one direction of an emulated link: pieces in order, each with the
// instant at which it comes out. Bounded by kMaxBytes and kMaxPieces: whoever fills it looks at
// room() first. The memory of what has come out is used again, so that a steady flow allocates
// nothing. Pure. Threads: one worker's.
#pragma once

#include "harness/base/time.h"
#include "harness/plan/link.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::transport {

class Flight {
 public:
  static constexpr std::size_t kMaxBytes = plan::kMaxLinkInFlight;
  static constexpr std::size_t kMaxPieces = 4096;

  bool empty() const noexcept { return first_piece_ == pieces_.size(); }
  std::size_t bytes() const noexcept { return bytes_.size() - first_byte_; }
  std::size_t room() const noexcept {
    return pieces_.size() - first_piece_ < kMaxPieces ? kMaxBytes - bytes() : 0;
  }
  // REQUIRES: at least one byte, no more than room().
  void push(std::string_view bytes, TimePoint release);
  // Of the oldest piece. REQUIRES: not empty.
  TimePoint next() const noexcept { return pieces_[first_piece_].release; }
  std::string_view front() const noexcept;
  void pop(std::size_t size);  // so many of its bytes, from the front
  void clear() noexcept;

 private:
  struct Piece {
    TimePoint release;
    std::size_t size;
  };

  std::string bytes_;
  std::size_t first_byte_ = 0;
  std::vector<Piece> pieces_;
  std::size_t first_piece_ = 0;
};

}  // namespace pushbench::transport
