// The recent events of the run's plan, so that a stamp's index can be turned into due instant and
// place in its topic. Each worker steps through its own copy of the plan as indices come in:
// nothing is shared, and memory is one ring, however long the run is.
#pragma once

#include "harness/base/time.h"
#include "harness/plan/event_plan.h"

#include <cstdint>
#include <vector>

namespace pushbench::swarm {

// What a delivery must know of its event; 32 bytes.
struct WindowEvent {
  std::uint64_t index = 0;
  Nanos due{};
  std::uint64_t ordinal = 0;
  std::uint32_t topic = 0;
  std::uint32_t size = 0;
};

class EventWindow {
 public:
  static constexpr std::size_t kMaxCapacity = 1U << 22U;
  static constexpr std::size_t kCapacity = 1U << 16U;  // events; at 1,000/s more than a minute

  explicit EventWindow(const plan::Scenario& scenario, std::size_t capacity = kCapacity);

  enum class Lookup : std::uint8_t { kFound, kTooOld, kUnplanned };
  // Advances the plan as far as `index` needs. The pointer in `found` is valid until the next call.
  Lookup find(std::uint64_t index, const WindowEvent*& found);

 private:
  plan::EventPlan plan_;
  std::vector<WindowEvent> ring_;  // size is a power of two
  std::uint64_t known_ = 0;        // events taken from the plan so far
  bool finished_ = false;
};

// Twice what can still be on its way: as old as the bound of late, or waiting through the drain.
std::size_t window_capacity(const plan::Scenario& scenario, const plan::StrategySpec& cell);

}  // namespace pushbench::swarm
