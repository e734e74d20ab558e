#include "harness/transport/due_queue.h"

namespace pushbench::transport {

void DueQueue::put(std::size_t slot, Entry entry) noexcept {
  heap_[slot] = entry;
  entry.due->slot = slot;
}

void DueQueue::rise(std::size_t slot, Entry entry) noexcept {
  while (slot > 0) {
    const std::size_t parent = (slot - 1) / 2;
    if (heap_[parent].when <= entry.when) {
      break;
    }
    put(slot, heap_[parent]);
    slot = parent;
  }
  put(slot, entry);
}

void DueQueue::sink(std::size_t slot, Entry entry) noexcept {
  for (;;) {
    std::size_t child = 2 * slot + 1;
    if (child >= heap_.size()) {
      break;
    }
    if (child + 1 < heap_.size() && heap_[child + 1].when < heap_[child].when) {
      ++child;
    }
    if (entry.when <= heap_[child].when) {
      break;
    }
    put(slot, heap_[child]);
    slot = child;
  }
  put(slot, entry);
}

void DueQueue::settle(std::size_t slot, Entry entry) noexcept {
  if (slot > 0 && entry.when < heap_[(slot - 1) / 2].when) {
    rise(slot, entry);
  } else {
    sink(slot, entry);
  }
}

void DueQueue::schedule(Due& due, TimePoint when) {
  if (!due.scheduled()) {
    heap_.push_back({when, &due});
    rise(heap_.size() - 1, {when, &due});
  } else if (heap_[due.slot].when != when) {
    settle(due.slot, {when, &due});
  }
}

void DueQueue::cancel(Due& due) noexcept {
  if (!due.scheduled()) {
    return;
  }
  const std::size_t slot = due.slot;
  const Entry last = heap_.back();
  heap_.pop_back();
  due.slot = kIdle;
  if (slot < heap_.size()) {
    settle(slot, last);
  }
}

DueQueue::Due& DueQueue::pop() noexcept {
  Due& due = *heap_.front().due;
  cancel(due);
  return due;
}

}  // namespace pushbench::transport
