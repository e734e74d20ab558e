#include "harness/swarm/fan_out.h"

#include "harness/base/check.h"
#include "harness/base/random.h"

namespace pushbench::swarm {
namespace {

// Apart from the streams of the scenario's seed that others use.
constexpr std::uint64_t kSampleStream = 0x66616e6fULL << 32U;

}  // namespace

FanOut::FanOut(const plan::PlannedCounts& counts, std::uint64_t seed)
    : first_index_(counts.published - counts.measured) {
  // One more than there are: a phase above 0 moves the last event into a stride that begins anew.
  while ((counts.measured >> magnitude_) + 1 > kSample) {
    ++magnitude_;
  }
  const std::uint64_t stride = std::uint64_t{1} << magnitude_;
  stride_mask_ = stride - 1;
  phase_ = Random(seed, kSampleStream).below(stride);
  sample_.resize(((counts.measured + phase_) >> magnitude_) + 1);
}

void FanOut::merge(const FanOut& other) {
  PUSHBENCH_CHECK(sample_.size() == other.sample_.size() && phase_ == other.phase_);
  for (std::size_t i = 0; i < sample_.size(); ++i) {
    const Receivers& from = other.sample_[i];
    if (from.count > 0) {
      Receivers& to = sample_[i];
      to = {.first = std::min(to.first, from.first),
            .last = std::max(to.last, from.last),
            .count = to.count + from.count,
            .topic = from.topic};
    }
  }
}

void FanOut::record_spreads(const std::vector<std::uint64_t>& subscribers_by_topic,
                            stats::Histogram& spreads) const {
  for (const Receivers& each : sample_) {
    if (each.count >= 2 && each.count == subscribers_by_topic[each.topic]) {
      spreads.record(Nanos(each.last - each.first));
    }
  }
}

}  // namespace pushbench::swarm
