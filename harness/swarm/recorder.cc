#include "harness/swarm/recorder.h"

#include "harness/wire/stamp.h"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <bit>

namespace pushbench::swarm {

using result::Counter;

namespace {

void bump(std::atomic<std::uint64_t>& value, std::uint64_t by = 1) noexcept {
  value.store(value.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

constexpr std::size_t kSpareSeconds = 16;  // for a ramp that takes longer than planned
constexpr std::size_t kMaxSeconds = 24 * 3600;

// Twice what can still be on its way: as old as the bound of late, or waiting through the drain.
std::size_t window_capacity(const plan::Scenario& scenario, const plan::StrategySpec& cell) {
  const Nanos span = 2 * (scenario.late_of(cell) + scenario.drain_of(cell));
  const double events = scenario.events.rate_per_s * std::chrono::duration<double>(span).count();
  return std::bit_ceil(static_cast<std::size_t>(
      std::clamp(events, double{EventWindow::kCapacity}, double{EventWindow::kMaxCapacity})));
}

}  // namespace

std::size_t series_seconds(const plan::Scenario& scenario, const plan::StrategySpec& cell) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(scenario.cell_time(cell));
  return std::min(static_cast<std::size_t>(whole.count()) + kSpareSeconds, kMaxSeconds);
}

Recorder::Recorder(const plan::Scenario& scenario,
                   const plan::StrategySpec& cell,
                   std::uint32_t run_tag)
    : window_(scenario, window_capacity(scenario, cell)),
      late_(scenario.late_of(cell)),
      run_tag_(run_tag) {
  seconds_.resize(series_seconds(scenario, cell));
}

void Recorder::event(Audit& audit,
                     std::uint32_t topic,
                     std::string_view bytes,
                     TimePoint received) {
  count_in_window(Counter::kReceived);
  bump(live_.received);
  const auto stamp = wire::decode_stamp(bytes);
  if (!stamp || stamp->run_tag != run_tag_ || !timeline_.started) {
    count(Counter::kForeign);
    return;
  }
  const WindowEvent* planned = nullptr;
  const auto lookup = window_.find(stamp->index, planned);
  // An event of another topic on this subscription is the server's mistake, not a delivery.
  if (lookup != EventWindow::Lookup::kFound || planned->topic != topic ||
      planned->size != bytes.size()) {
    count(lookup == EventWindow::Lookup::kTooOld ? Counter::kLate : Counter::kForeign);
    return;
  }
  const Nanos latency = received - (timeline_.publish_start + planned->due);
  note_second(received, latency);
  const auto verdict = audit.arrived(planned->ordinal);
  if (planned->due >= timeline_.warmup) {  // the plan ends with the measure phase
    measured(verdict, latency);
  }
}

void Recorder::measured(Audit::Verdict verdict, Nanos latency) noexcept {
  switch (verdict) {
    case Audit::Verdict::kDuplicate: count(Counter::kDuplicate); return;
    case Audit::Verdict::kBeyondWindow: count(Counter::kBeyondWindow); return;
    case Audit::Verdict::kReordered: count(Counter::kReordered); break;
    case Audit::Verdict::kInOrder: break;
  }
  count(Counter::kDelivered);
  bump(live_.delivered);
  latency_.record(latency);
  if (latency > late_) {
    count(Counter::kLate);
  }
}

void Recorder::note_second(TimePoint received, Nanos latency) noexcept {
  const auto second =
      static_cast<std::size_t>((received - timeline_.cell_start) / std::chrono::seconds(1));
  if (second < seconds_.size()) {
    SecondPoint& point = seconds_[second];
    ++point.received;
    point.worst_latency_ns = std::max<std::int64_t>(point.worst_latency_ns, latency.count());
  }
}

void Recorder::second_passed(std::size_t second) {
  if (second < seconds_.size()) {
    seconds_[second].sockets_open = sockets_open_;
  }
}

void Recorder::record_loop_lag(Nanos lag) noexcept {
  if (window_open_) {
    loop_lag_.record(lag);
  }
}

void Recorder::merge_into(result::CellResult& cell, std::vector<SecondPoint>& seconds) const {
  cell.counters.merge(counters_);
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    cell.faults[i] += faults_[i];
  }
  cell.latency.merge(latency_);
  cell.setup.merge(setup_);
  cell.upstream_ack.merge(upstream_ack_);
  cell.loop_lag.merge(loop_lag_);
  seconds.resize(std::max(seconds.size(), seconds_.size()));
  for (std::size_t i = 0; i < seconds_.size(); ++i) {
    seconds[i].received += seconds_[i].received;
    seconds[i].sockets_open += seconds_[i].sockets_open;
    seconds[i].worst_latency_ns =
        std::max(seconds[i].worst_latency_ns, seconds_[i].worst_latency_ns);
  }
}

void SubscriptionRecorder::on_open() {
  Recorder& r = recorder_;
  r.count(Counter::kSocketsOpened);
  ++r.sockets_open_;
  r.counters_[Counter::kSocketsPeak] =
      std::max(r.counters_[Counter::kSocketsPeak], r.sockets_open_);
  r.live_.sockets_open.store(r.sockets_open_, std::memory_order_relaxed);
}

void SubscriptionRecorder::on_connect_failed(const error_code& ec) {
  if (ec == asio::error::operation_aborted) {
    return;  // we ended it ourselves at the end of the cell
  }
  recorder_.count(Counter::kSocketsFailed);
  ++recorder_.faults_[static_cast<std::size_t>(fault_of(ec))];
  bump(recorder_.live_.failed);
}

void SubscriptionRecorder::on_close(const error_code& ec) {
  Recorder& r = recorder_;
  --r.sockets_open_;
  r.live_.sockets_open.store(r.sockets_open_, std::memory_order_relaxed);
  if (!ec || ec == Errc::kGoingAway) {
    r.count(Counter::kSocketsClosedWell);
    return;
  }
  r.count(Counter::kSocketsCut);
  ++r.faults_[static_cast<std::size_t>(fault_of(ec))];
}

void SubscriptionRecorder::on_subscribed(Nanos took) {
  recorder_.setup_.record(took);
  progress_ = true;
  if (subscribed_) {
    recorder_.count(Counter::kReconnects);
    return;
  }
  subscribed_ = true;
  bump(recorder_.live_.subscribed);
}

void SubscriptionRecorder::on_gap() {
  recorder_.count(Counter::kGaps);
}

void SubscriptionRecorder::on_traffic(const wire::Traffic& delta) {
  Recorder& r = recorder_;
  if (!r.window_open_) {
    return;
  }
  r.count(Counter::kHeadUp, delta.up.head);
  r.count(Counter::kFramingUp, delta.up.framing);
  r.count(Counter::kPayloadUp, delta.up.payload);
  r.count(Counter::kHeadDown, delta.down.head);
  r.count(Counter::kFramingDown, delta.down.framing);
  r.count(Counter::kPayloadDown, delta.down.payload);
}

void SubscriptionRecorder::on_request() {
  recorder_.count_in_window(Counter::kRequests);
}

void SubscriptionRecorder::on_answer(std::size_t events) {
  recorder_.count_in_window(Counter::kAnswers);
  if (events == 0) {
    recorder_.count_in_window(Counter::kEmptyPolls);
  }
}

void SubscriptionRecorder::on_skipped_poll() {
  recorder_.count_in_window(Counter::kSkippedPolls);
}

// Upstream bytes are in on_traffic too; here they are moved to an account of their own, so that
// bytes per delivery are those of the deliveries.
void SubscriptionRecorder::on_upstream_sent(const wire::ByteTally& up) {
  Recorder& r = recorder_;
  r.count_in_window(Counter::kUpstreamSent);
  r.count_in_window(Counter::kUpstreamBytesUp, up.total());
  r.take_out_of_window(Counter::kHeadUp, up.head);
  r.take_out_of_window(Counter::kFramingUp, up.framing);
  r.take_out_of_window(Counter::kPayloadUp, up.payload);
}

void SubscriptionRecorder::on_upstream_unsent() {
  recorder_.count_in_window(Counter::kUpstreamUnsent);
}

void SubscriptionRecorder::on_upstream_acked(Nanos took, const wire::ByteTally& down) {
  Recorder& r = recorder_;
  r.count_in_window(Counter::kUpstreamAcked);
  r.count_in_window(Counter::kUpstreamBytesDown, down.total());
  r.take_out_of_window(Counter::kHeadDown, down.head);
  r.take_out_of_window(Counter::kFramingDown, down.framing);
  if (r.window_open_) {
    r.upstream_ack_.record(took);
  }
}

}  // namespace pushbench::swarm
