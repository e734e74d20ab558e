// When things are due: offsets from the start of publishing, seeded, pure and repeatable. The same
// class drives publishing, upstream events and polls. Open loop: the next instant never depends on
// how the last one went.
#pragma once

#include "harness/base/random.h"
#include "harness/plan/profile.h"
#include "harness/plan/scenario.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace pushbench::plan {

// Streams of a scenario's seed: each use of chance has its own, so that changing one (more clients,
// other sizes) leaves the others as they were. The last two are followed by one per client.
inline constexpr std::uint64_t kPublishStream = 1;
inline constexpr std::uint64_t kTopicStream = 2;
inline constexpr std::uint64_t kSizeStream = 3;
inline constexpr std::uint64_t kPollStreams = std::uint64_t{1} << 32U;
inline constexpr std::uint64_t kUpstreamStreams = std::uint64_t{2} << 32U;

// constant: i / rate. poisson: exponential gaps with mean 1 / rate. burst: `burst` events together,
// bursts at constant distance burst / rate. trace: its instants, again and again, one period apart.
// Under a curve time is changed: what would fall due at x under a rate of 1/s falls due when the
// curve's area reaches x. That makes a Poisson process of this rate out of one of rate 1 (E.
// Çinlar, Introduction to Stochastic Processes, 1975, chapter 4, non-stationary Poisson processes),
// and of even arrivals as many in any time as the area there, within one. Ends before `length`.
class Schedule {
 public:
  struct Spec {
    Arrival arrival = Arrival::kConstant;
    double rate_per_s = 1;
    std::shared_ptr<const Curve> curve = {};  // instead of the rate; not of a trace
    std::uint32_t burst = 1;
    std::shared_ptr<const Trace> trace = {};
    Nanos length{};
    std::uint64_t seed = 1;
    std::uint64_t stream = 0;
  };
  explicit Schedule(const Spec& spec);
  // The next due offset, never falling; nullopt when finished.
  std::optional<Nanos> next() noexcept;

 private:
  Nanos next_offset() noexcept;

  Spec spec_;
  Random random_;
  std::uint64_t index_ = 0;
  double at_s_ = 0;  // under a curve: the area that was reached
  Nanos last_{};
};

// Poll starts of one client: phase + k × interval (± jitter), phase uniform over the interval, so
// that a run never measures one single phase. Never falling.
// REQUIRES: interval >= 0 (0: every start is the phase, 0), jitter within [0, 0.5].
class PollSchedule {
 public:
  PollSchedule(Nanos interval, double jitter, std::uint64_t seed, std::uint64_t client);
  Nanos next() noexcept;

 private:
  Nanos interval_;
  double jitter_;
  Random random_;
  Nanos base_{};
};

}  // namespace pushbench::plan
