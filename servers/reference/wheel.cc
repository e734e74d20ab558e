#include "servers/reference/wheel.h"

#include <algorithm>

namespace pushbench::servers {
namespace {

void make_empty(Deadline& head) noexcept {
  head.previous = &head;
  head.next = &head;
}

}  // namespace

Wheel::Wheel(TimePoint start) noexcept : start_(start) {
  for (Deadline& head : slots_) {
    make_empty(head);
  }
}

std::uint32_t Wheel::ticks(std::chrono::milliseconds duration) noexcept {
  return static_cast<std::uint32_t>((duration + kTick - std::chrono::milliseconds(1)) / kTick);
}

std::uint32_t Wheel::tick_before(TimePoint time) const noexcept {
  return static_cast<std::uint32_t>((time - start_) / kTick);
}

std::uint32_t Wheel::tick_after(TimePoint when) const noexcept {
  return static_cast<std::uint32_t>((when - start_ + kTick - Nanos(1)) / kTick);
}

void Wheel::arm(Deadline& node, std::uint32_t due) noexcept {
  node.due = due;
  if (node.previous != nullptr && node.slot <= due) {
    return;
  }
  disarm(node);
  link(node);
}

void Wheel::disarm(Deadline& node) noexcept {
  if (node.previous == nullptr) {
    return;
  }
  node.previous->next = node.next;
  node.next->previous = node.previous;
  node.previous = nullptr;
  node.next = nullptr;
}

void Wheel::link(Deadline& node) noexcept {
  node.slot = std::clamp(node.due, now_ + 1, now_ + kSlots - 1);
  Deadline& head = slots_[node.slot % kSlots];
  node.previous = head.previous;
  node.next = &head;
  head.previous->next = &node;
  head.previous = &node;
}

void Wheel::take_slot(Deadline& batch) noexcept {
  Deadline& head = slots_[now_ % kSlots];
  if (head.next == &head) {
    make_empty(batch);
    return;
  }
  batch.next = head.next;
  batch.previous = head.previous;
  batch.next->previous = &batch;
  batch.previous->next = &batch;
  make_empty(head);
}

}  // namespace pushbench::servers
