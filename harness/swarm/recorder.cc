#include "harness/swarm/recorder.h"

#include <algorithm>
#include <cstring>

namespace pushbench::swarm {

using result::Counter;

namespace {

constexpr std::size_t kSpareSeconds = 16;  // for a ramp that takes longer than planned
constexpr std::size_t kMaxSeconds = 24 * 3600;
constexpr Nanos kSecond{std::chrono::seconds(1)};

// At the window's edges an event's bytes may have crossed on one side and its account on the other.
void take_out(std::uint64_t& bytes, std::uint64_t upstream) noexcept {
  bytes -= std::min(bytes, upstream);
}

result::Counters without_upstream(result::Counters counters, const wire::Traffic& upstream) {
  take_out(counters[Counter::kHeadUp], upstream.up.head);
  take_out(counters[Counter::kFramingUp], upstream.up.framing);
  take_out(counters[Counter::kPayloadUp], upstream.up.payload);
  take_out(counters[Counter::kHeadDown], upstream.down.head);
  take_out(counters[Counter::kFramingDown], upstream.down.framing);
  return counters;
}

void add(SecondPoint& to, const SecondPoint& from) noexcept {
  to.received += from.received;
  to.timed += from.timed;
  to.latency_sum_ns += from.latency_sum_ns;
  to.sockets_open += from.sockets_open;
  to.worst_latency_ns = std::max(to.worst_latency_ns, from.worst_latency_ns);
}

}  // namespace

std::size_t series_seconds(const plan::Scenario& scenario, const plan::StrategySpec& cell) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(scenario.cell_time(cell));
  return std::min(static_cast<std::size_t>(whole.count()) + kSpareSeconds, kMaxSeconds);
}

LiveSum& LiveSum::operator+=(const LiveCounts& counts) noexcept {
  const auto read = [](const std::atomic<std::uint64_t>& value) {
    return value.load(std::memory_order_relaxed);
  };
  subscribed += read(counts.subscribed);
  left += read(counts.left);
  sockets_open += read(counts.sockets_open);
  received += read(counts.received);
  delivered += read(counts.delivered);
  failed += read(counts.failed);
  return *this;
}

Recorder::Recorder(const Setup& setup)
    : audit_(setup.audit),
      run_tag_(setup.run_tag),
      late_(setup.scenario.late_of(setup.cell)),
      second_(&beyond_),
      sent_(setup.sent),
      window_(setup.scenario, window_capacity(setup.scenario, setup.cell)),
      fan_out_(setup.counts, setup.scenario.seed),
      first_ordinals_(setup.counts.first_measured_ordinal),
      first_index_(setup.counts.published - setup.counts.measured),
      seconds_(series_seconds(setup.scenario, setup.cell)),
      latencies_(seconds_.size()) {
  column_ = latencies_.column_of(seconds_.size());
}

void Recorder::event(const Account& account, std::string_view bytes, TimePoint received) {
  count_in_window(Counter::kReceived);
  bump(live_.received);
  if (!audit_) {
    ++second_of(received).received;
    return;
  }
  if (!recognise(bytes)) {
    return;
  }
  // An event of another topic on this subscription is the server's mistake, not a delivery; one
  // that came before it was due is not what the publisher sent.
  const WindowEvent& planned = recent_.planned;
  const Nanos latency = received - recent_.due;
  if (planned.topic != account.topic || planned.size != bytes.size() || latency < Nanos::zero()) {
    count(Counter::kForeign);
    return;
  }
  SecondPoint& second = second_of(received);
  ++second.received;
  ++second.timed;
  second.latency_sum_ns += latency.count();
  second.worst_latency_ns = std::max<std::int64_t>(second.worst_latency_ns, latency.count());
  latencies_.record(column_, latency);
  // What came while a client settles counts as received, and nobody waited for it.
  const bool owed = account.owed == nullptr || account.owed->holds(planned.ordinal);
  if (recent_.measured && owed) {
    measured(account.audit.arrived(planned.ordinal), account.figures, received);
  }
}

bool Recorder::recognise(std::string_view bytes) {
  return (bytes.size() >= wire::kStampSize &&
          std::memcmp(bytes.data(), recent_.stamp.data(), wire::kStampSize) == 0) ||
         look_up(bytes);
}

bool Recorder::look_up(std::string_view bytes) {
  const auto stamp = wire::decode_stamp(bytes);
  if (!stamp || stamp->run_tag != run_tag_ || !timeline_.started) {
    count(Counter::kForeign);
    return false;
  }
  const WindowEvent* planned = nullptr;
  switch (window_.find(stamp->index, planned)) {
    case EventWindow::Lookup::kFound: break;
    case EventWindow::Lookup::kTooOld:
      count(Counter::kBeyondWindow, stamp->index >= first_index_ ? 1 : 0);
      return false;
    case EventWindow::Lookup::kUnplanned: count(Counter::kForeign); return false;
  }
  std::memcpy(recent_.stamp.data(), bytes.data(), wire::kStampSize);
  recent_.planned = *planned;
  recent_.due = timeline_.publish_start + planned->due;
  recent_.measured = planned->due >= timeline_.warmup;  // the plan ends with the measure phase
  recent_.sent.reset();
  return true;
}

void Recorder::measured(Audit::Verdict verdict,
                        ClientFigures& figures,
                        TimePoint received) noexcept {
  switch (verdict) {
    case Audit::Verdict::kDuplicate: count(Counter::kDuplicate); return;
    case Audit::Verdict::kBeyondWindow: count(Counter::kBeyondWindow); return;
    case Audit::Verdict::kReordered: count(Counter::kReordered); break;
    case Audit::Verdict::kInOrder: break;
  }
  count(Counter::kDelivered);
  bump(live_.delivered);
  const Nanos latency = received - recent_.due;
  latency_.record(latency);
  figures.record(latency);
  fan_out_.arrived(recent_.planned.index, recent_.planned.topic, received);
  if (latency > late_) {
    count(Counter::kLate);
  }
  if (sent_ != nullptr) {
    const Nanos offset = received - timeline_.publish_start;
    if (!recent_.sent) {
      recent_.sent = sent_->find(recent_.planned.index, recent_.planned.due, offset);
    }
    if (recent_.sent && *recent_.sent <= offset) {
      latency_from_sent_.record(offset - *recent_.sent);
    }
  }
}

SecondPoint& Recorder::second_of(TimePoint received) noexcept {
  const Nanos into = received - second_begins_;
  if (into < Nanos::zero() || into >= kSecond) [[unlikely]] {
    const auto second = static_cast<std::size_t>((received - timeline_.cell_start) / kSecond);
    second_ = second < seconds_.size() ? &seconds_[second] : &beyond_;
    column_ = latencies_.column_of(second);
    second_begins_ = timeline_.cell_start + second * kSecond;
  }
  return *second_;
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

void Recorder::record_link_error(Nanos late) noexcept {
  if (window_open_) {
    link_error_.record(late);
  }
}

void Recorder::record_client(const ClientFigures& figures, TimePoint first_subscribed) {
  if (figures.count == 0) {
    return;
  }
  constexpr double kMedian = 0.5;
  constexpr double kHigh = 0.99;
  client_p50_.record(figures.quantile(kMedian));
  client_p99_.record(figures.quantile(kHigh));
  connects_.push_back(
      {.at = first_subscribed, .deliveries = figures.count, .sum_ns = figures.sum_ns});
}

void Recorder::merge_into(result::CellResult& cell, CellFigures& figures) const {
  cell.counters.merge(without_upstream(counters_, upstream_));
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    cell.connect_faults[i] += connect_faults_[i];
    cell.cut_faults[i] += cut_faults_[i];
    cell.request_faults[i] += request_faults_[i];
  }
  cell.latency.merge(latency_);
  cell.latency_from_sent.merge(latency_from_sent_);
  cell.client_p50.merge(client_p50_);
  cell.client_p99.merge(client_p99_);
  cell.setup.merge(setup_);
  cell.upstream_ack.merge(upstream_ack_);
  cell.loop_lag.merge(loop_lag_);
  cell.link_error.merge(link_error_);
  figures.connects.insert(figures.connects.end(), connects_.begin(), connects_.end());
  if (!figures.fan_out) {
    figures.fan_out = fan_out_;
  } else {
    figures.fan_out->merge(fan_out_);
  }
  figures.seconds.resize(std::max(figures.seconds.size(), seconds_.size()));
  for (std::size_t i = 0; i < seconds_.size(); ++i) {
    add(figures.seconds[i], seconds_[i]);
  }
  figures.latencies.merge(latencies_);
}

}  // namespace pushbench::swarm
