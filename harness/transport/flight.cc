#include "harness/transport/flight.h"

#include "harness/base/check.h"

namespace pushbench::transport {
namespace {

// Moves what is left to the front instead of growing, when more than half has come out.
template <class Container>
void make_room(Container& items, std::size_t& first, std::size_t more) {
  if (items.size() + more > items.capacity() && first > items.size() / 2) {
    items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(first));
    first = 0;
  }
}

}  // namespace

void Flight::push(std::string_view bytes, TimePoint release) {
  PUSHBENCH_CHECK(!bytes.empty() && this->bytes() + bytes.size() <= kMaxBytes);
  make_room(bytes_, first_byte_, bytes.size());
  make_room(pieces_, first_piece_, 1);
  bytes_ += bytes;
  pieces_.push_back({release, bytes.size()});
}

std::string_view Flight::front() const noexcept {
  return {bytes_.data() + first_byte_, pieces_[first_piece_].size};
}

void Flight::pop(std::size_t size) {
  Piece& piece = pieces_[first_piece_];
  PUSHBENCH_CHECK(size <= piece.size);
  first_byte_ += size;
  piece.size -= size;
  if (piece.size == 0) {
    ++first_piece_;
  }
  if (empty()) {
    clear();
  }
}

void Flight::clear() noexcept {
  bytes_.clear();
  pieces_.clear();
  first_byte_ = 0;
  first_piece_ = 0;
}

}  // namespace pushbench::transport
