// What a worker writes down: one Recorder a worker (histograms, counters, per-second series), one
// SubscriptionRecorder a subscription (audit state and identity, a few words). Nothing is shared:
// the recorder is moved out and merged when its worker has ended. Recording a delivery allocates
// nothing and reads no clock.
#pragma once

#include "harness/plan/event_plan.h"
#include "harness/result/run_result.h"
#include "harness/swarm/audit.h"
#include "harness/swarm/event_window.h"
#include "harness/transport/delivery_sink.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

namespace pushbench::swarm {

// Set once publishing has a start; until then every event is foreign.
struct Timeline {
  TimePoint cell_start{};     // start of ramp
  TimePoint publish_start{};  // due offsets count from here
  Nanos warmup{};
  Nanos measure{};
  bool started = false;
};

// How many per-second points a cell can have: its planned time with room for a slow ramp, at most a
// day.
std::size_t series_seconds(const plan::Scenario& scenario, const plan::StrategySpec& cell);

// One second of the cell as a worker saw it.
struct SecondPoint {
  std::uint64_t received = 0;
  std::int64_t worst_latency_ns = 0;
  std::uint64_t sockets_open = 0;  // at the end of the second
};

// Figures that the live view reads from another thread while the run goes; relaxed, written by one
// thread.
struct LiveCounts {
  std::atomic<std::uint64_t> subscribed{0};
  std::atomic<std::uint64_t> sockets_open{0};
  std::atomic<std::uint64_t> received{0};   // since the start of the cell
  std::atomic<std::uint64_t> delivered{0};  // distinct, of the measure phase
  std::atomic<std::uint64_t> failed{0};     // connects
};

class Recorder {
 public:
  Recorder(const plan::Scenario& scenario, const plan::StrategySpec& cell, std::uint32_t run_tag);

  void start(const Timeline& timeline) { timeline_ = timeline; }
  void open_window() noexcept { window_open_ = true; }  // measure begins, by wall time
  void close_window() noexcept { window_open_ = false; }
  void second_passed(std::size_t second);  // by the worker, once a second
  void record_loop_lag(Nanos lag) noexcept;

  const LiveCounts& live() const noexcept { return live_; }
  std::uint64_t delivered() const noexcept { return counters_[result::Counter::kDelivered]; }
  // Adds everything to `cell` and its series to `seconds` (index = second of the cell).
  void merge_into(result::CellResult& cell, std::vector<SecondPoint>& seconds) const;

 private:
  friend class SubscriptionRecorder;
  void count(result::Counter counter, std::uint64_t by = 1) noexcept { counters_[counter] += by; }
  void count_in_window(result::Counter counter, std::uint64_t by = 1) noexcept {
    counters_[counter] += window_open_ ? by : 0;
  }
  // What an earlier call counted, at the window's edge perhaps only in part.
  void take_out_of_window(result::Counter counter, std::uint64_t by) noexcept {
    if (window_open_) {
      counters_[counter] -= std::min(counters_[counter], by);
    }
  }
  void event(Audit& audit, std::uint32_t topic, std::string_view bytes, TimePoint received);
  void measured(Audit::Verdict verdict, Nanos latency) noexcept;
  void note_second(TimePoint received, Nanos latency) noexcept;

  EventWindow window_;
  Timeline timeline_;
  Nanos late_;
  std::uint32_t run_tag_;
  bool window_open_ = false;
  std::uint64_t sockets_open_ = 0;
  result::Counters counters_;
  std::array<std::uint64_t, kFaultCount> faults_{};
  stats::Histogram latency_;
  stats::Histogram setup_;
  stats::Histogram upstream_ack_;
  stats::Histogram loop_lag_;
  std::vector<SecondPoint> seconds_;
  LiveCounts live_;
};

// The sink of one subscription.
class SubscriptionRecorder final : public transport::DeliverySink {
 public:
  SubscriptionRecorder(Recorder& recorder, std::uint32_t topic)
      : recorder_(recorder), topic_(topic) {}

  void on_open() override;
  void on_connect_failed(const error_code& ec) override;
  void on_close(const error_code& ec) override;
  void on_subscribed(Nanos took) override;
  void on_event(std::string_view event, TimePoint received) override {
    ++events_;
    recorder_.event(audit_, topic_, event, received);
  }
  void on_gap() override;
  void on_traffic(const wire::Traffic& delta) override;
  void on_request() override;
  void on_answer(std::size_t events) override;
  void on_skipped_poll() override;
  void on_upstream_sent(const wire::ByteTally& up) override;
  void on_upstream_acked(Nanos took, const wire::ByteTally& down) override;

  // An upstream event fell due and could not be sent, or its connection ended before the answer.
  void on_upstream_unsent();
  // True once after each successful subscribe: the driver then starts its backoff anew.
  bool take_progress() noexcept { return std::exchange(progress_, false); }

 private:
  Recorder& recorder_;
  Audit audit_;
  std::uint64_t events_ = 0;
  std::uint32_t topic_;
  bool subscribed_ = false;
  bool progress_ = false;
};

}  // namespace pushbench::swarm
