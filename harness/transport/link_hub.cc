#include "harness/transport/link_hub.h"

#include <algorithm>
#include <utility>

namespace pushbench::transport {
namespace {

// Apart from the other uses of the scenario's seed.
constexpr std::uint64_t kLinkStream = 0x6c696e6bULL << 32U;

}  // namespace

LinkHub::LinkHub(asio::io_context& context,
                 TimeSource& time,
                 const plan::LinkSpec& spec,
                 const Share& share,
                 std::function<void(Nanos)> late)
    : context_(context),
      time_(time),
      spec_(spec),
      share_(share),
      late_(std::move(late)),
      downlink_(spec.downlink / share.workers),
      uplink_(spec.uplink / share.workers),
      random_(share.seed, kLinkStream + share.worker),
      scratch_(kReadBuffer),
      sleeper_(time.make_sleeper()) {}

LinkAccess& LinkHub::access_of(std::uint64_t subscription) {
  const std::uint64_t client = subscription / share_.topics_per_client;
  const std::uint64_t here = client / share_.workers;  // every worker has one client in so many
  while (accesses_.size() <= here) {
    accesses_.push_back({*this, Line(spec_.down), Line(spec_.up)});
  }
  return accesses_[here];
}

EmulatedLink& LinkHub::take(LinkAccess& access, EmulatedLink::Socket& socket) {
  if (free_.empty()) {
    free_.push_back(&links_.emplace_back(*this));
  }
  EmulatedLink& link = *free_.back();
  free_.pop_back();
  link.begin(access, socket);
  return link;
}

Nanos LinkHub::draw_trip() noexcept {
  const auto spread = static_cast<std::uint64_t>(spec_.jitter.count());
  if (spread == 0) {
    return spec_.one_way();
  }
  return spec_.one_way() - spec_.jitter +
         Nanos(static_cast<Nanos::rep>(random_.below(2 * spread + 1)));
}

bool LinkHub::limited_down(const LinkAccess& access) const noexcept {
  return access.down.limited() || downlink_.limited();
}

bool LinkHub::limited_up(const LinkAccess& access) const noexcept {
  return access.up.limited() || uplink_.limited();
}

TimePoint LinkHub::pass_down(LinkAccess& access, TimePoint at, std::size_t bytes) noexcept {
  return access.down.pass(downlink_.pass(at, bytes), bytes);
}

TimePoint LinkHub::pass_up(LinkAccess& access, TimePoint at, std::size_t bytes) noexcept {
  return access.up.pass(uplink_.pass(at, bytes), bytes);
}

void LinkHub::schedule(DueQueue::Due& due, TimePoint when) {
  queue_.schedule(due, when);
  if (!releasing_ && sleeping_until_ - when > kSlice) {
    sleeping_until_ = when;  // run() is told once
    sleeper_->wake();
  }
}

Task<void> LinkHub::run() {
  while (!stopped_) {
    releasing_ = true;
    while (!queue_.empty() && queue_.earliest() <= now()) {
      const DueQueue::Due& due = queue_.pop();
      due.owner->due(due.upward);
    }
    releasing_ = false;
    sleeping_until_ = queue_.empty() ? kNever : std::max(queue_.earliest(), now() + kSlice);
    const TimePoint until = sleeping_until_;
    co_await sleeper_->until(until);
  }
}

void LinkHub::stop() {
  stopped_ = true;
  for (auto& link : links_) {
    if (link.state_ == EmulatedLink::State::kLeaving) {
      link.flush();
    }
  }
  sleeper_->wake();
}

}  // namespace pushbench::transport
