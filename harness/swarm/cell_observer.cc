#include "harness/swarm/cell_observer.h"

#include <algorithm>

namespace pushbench::swarm {

using result::Counter;
using result::kNotMeasured;

namespace {

void put(std::vector<double>& points, std::size_t second, double value) {
  points.resize(second, kNotMeasured);
  points.push_back(value);
}

}  // namespace

void CellObserver::watch(const Subject& subject) {
  subject_ = subject;
  if (const auto now = sample()) {
    result_.server.emplace().memory_base_bytes = now->resident_bytes;
  }
}

std::optional<ProcessSample> CellObserver::sample() const {
  return subject_.pid ? sample_process(*subject_.pid) : std::nullopt;
}

void CellObserver::connected(std::uint64_t connections) {
  const auto now = sample();
  if (now && result_.server) {
    result_.server->memory_bytes = now->resident_bytes;
    result_.server->connections = connections;
  }
}

void CellObserver::look(TimePoint now) {
  const bool second_passed = now >= cell_start_ + std::chrono::seconds(seconds_ + 1);
  const auto& address = subject_.address;
  if (const auto waiting =
          census_.time_wait(address.port(), subject_.clients, address.address().is_v6())) {
    auto& peak = result_.counters[Counter::kTimeWaitPeak];
    peak = std::max(peak, *waiting);
    if (second_passed) {
      put(result_.series.time_wait, seconds_, static_cast<double>(*waiting));
    }
  }
  if (second_passed) {
    close_second(now);
  }
}

// What the server used in the second that has passed.
void CellObserver::close_second(TimePoint now) {
  const auto used = sample();
  if (used && result_.server) {
    const double share = static_cast<double>(used->cpu_ns - seen_cpu_ns_) /
                         static_cast<double>(std::max<std::int64_t>(1, (now - seen_at_).count()));
    put(result_.series.server_cpu_share, seconds_, seen_cpu_ns_ == 0 ? kNotMeasured : share);
    put(result_.series.server_memory_bytes, seconds_, static_cast<double>(used->resident_bytes));
    seen_cpu_ns_ = used->cpu_ns;
    seen_at_ = now;
  }
  ++seconds_;
}

void CellObserver::window_opens(TimePoint now) {
  window_began_ = now;
  at_open_ = sample();
}

// A server that is gone, or that was another process at the start, has no cost that could be told.
void CellObserver::window_closes(TimePoint now) {
  result_.measure_s = seconds_of(now - window_began_);
  const auto used = sample();
  if (at_open_ && used && result_.server && used->cpu_ns >= at_open_->cpu_ns) {
    result_.server->cpu_ns = used->cpu_ns - at_open_->cpu_ns;
  } else {
    result_.server.reset();
  }
}

}  // namespace pushbench::swarm
