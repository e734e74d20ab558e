#include "harness/plan/schedule.h"

#include "harness/base/check.h"
#include "harness/base/nanos.h"

#include <algorithm>
#include <cmath>

namespace pushbench::plan {
namespace {

// The largest offset that is worth computing; beyond it a double no longer holds every ns, and no
// phase is that long.
constexpr double kEndOfTime = 9e6;  // s, about 104 days
constexpr Nanos::rep kEndOfTimeNs = 9'000'000'000'000'000;

}  // namespace

Schedule::Schedule(const Spec& spec) : spec_(spec), random_(spec.seed, spec.stream) {
  PUSHBENCH_CHECK(spec.rate_per_s > 0 && spec.burst > 0);
  PUSHBENCH_CHECK(spec.arrival != Arrival::kTrace || !spec.curve);
  PUSHBENCH_CHECK(spec.arrival != Arrival::kTrace || (spec.trace && !spec.trace->due.empty()));
}

std::optional<Nanos> Schedule::next() noexcept {
  const Nanos at = std::max(last_, next_offset());  // the curve's inverse is rounded
  last_ = at;
  return at < spec_.length ? std::optional(at) : std::nullopt;
}

Nanos Schedule::next_offset() noexcept {
  if (spec_.arrival == Arrival::kTrace) {
    const auto& trace = *spec_.trace;
    const auto round = static_cast<Nanos::rep>(index_ / trace.due.size());
    const Nanos at = trace.due[index_ % trace.due.size()];
    ++index_;
    return round > kEndOfTimeNs / trace.period.count() ? Nanos(kEndOfTimeNs)
                                                       : at + round * trace.period;
  }
  if (spec_.arrival == Arrival::kPoisson) {
    at_s_ += random_.exponential() / (spec_.curve ? 1 : spec_.rate_per_s);
  } else {
    // From the index, not by adding gaps: no error piles up over a long run.
    const std::uint64_t batch = spec_.arrival == Arrival::kBurst ? spec_.burst : 1;
    const std::uint64_t first_of_batch = index_ - index_ % batch;
    at_s_ = static_cast<double>(first_of_batch) / (spec_.curve ? 1 : spec_.rate_per_s);
  }
  ++index_;
  return nanos_of(std::min(spec_.curve ? spec_.curve->reach(at_s_) : at_s_, kEndOfTime));
}

PollSchedule::PollSchedule(Nanos interval, double jitter, std::uint64_t seed, std::uint64_t client)
    : interval_(interval), jitter_(jitter), random_(seed, kPollStreams + client) {
  PUSHBENCH_CHECK(interval.count() >= 0 && jitter >= 0 && jitter <= 0.5);
  const auto whole = static_cast<std::uint64_t>(interval.count());
  base_ = Nanos(whole == 0 ? 0 : static_cast<Nanos::rep>(random_.below(whole)));
}

Nanos PollSchedule::next() noexcept {
  Nanos at = base_;
  base_ += interval_;
  if (jitter_ > 0) {
    const double move = (2 * random_.uniform() - 1) * jitter_;
    at += Nanos(std::llround(move * static_cast<double>(interval_.count())));
  }
  return std::max(at, Nanos(0));
}

}  // namespace pushbench::plan
