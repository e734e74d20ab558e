// Slab of objects with stable addresses: memory comes in blocks and is never given back, so that a
// connection costs no allocation of its own and neighbours in time are neighbours in memory. Used
// by one thread. Objects that are alive when the pool goes are a broken invariant of the owner.
#pragma once

#include "harness/base/check.h"

#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace pushbench::servers {

template <class T, std::size_t kPerBlock = 64>
class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { PUSHBENCH_CHECK(alive_ == 0); }

  template <class... Args>
  T* make(Args&&... args) {
    if (free_.empty()) {
      grow();
    }
    void* const place = free_.back();
    T* const object = ::new (place) T(std::forward<Args>(args)...);
    free_.pop_back();
    ++alive_;
    return object;
  }

  void release(T* object) noexcept {
    object->~T();
    free_.push_back(object);  // within capacity: grow() reserved for every place
    --alive_;
  }

  std::size_t alive() const noexcept { return alive_; }

 private:
  struct Block {
    alignas(T) std::byte bytes[sizeof(T) * kPerBlock];
  };

  void grow() {
    blocks_.push_back(std::make_unique<Block>());
    free_.reserve(blocks_.size() * kPerBlock);
    std::byte* const first = blocks_.back()->bytes;
    for (std::size_t i = kPerBlock; i-- > 0;) {
      free_.push_back(first + i * sizeof(T));
    }
  }

  std::vector<std::unique_ptr<Block>> blocks_;
  std::vector<void*> free_;
  std::size_t alive_ = 0;
};

}  // namespace pushbench::servers
