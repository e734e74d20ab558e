// What a worker writes down of all its subscriptions: histograms, counters, per-second series, the
// fan-out sample. What belongs to one subscription is in its SubscriptionRecorder. Nothing is
// shared: the recorder is merged when its worker has ended. Recording a delivery allocates nothing
// and reads no clock.
#pragma once

#include "harness/plan/event_plan.h"
#include "harness/plan/visits.h"
#include "harness/result/run_result.h"
#include "harness/stats/latency_over_time.h"
#include "harness/swarm/audit.h"
#include "harness/swarm/client_figures.h"
#include "harness/swarm/event_window.h"
#include "harness/swarm/fan_out.h"
#include "harness/swarm/kernel_traffic.h"
#include "harness/swarm/sent_table.h"
#include "harness/wire/stamp.h"
#include "harness/wire/tally.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string_view>
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
  std::uint64_t timed = 0;  // of these, with a latency
  std::int64_t latency_sum_ns = 0;
  std::int64_t worst_latency_ns = 0;
  std::uint64_t sockets_open = 0;  // at the end of the second
};

// A client's latencies and when it first had a subscription.
struct ConnectPoint {
  TimePoint at{};
  std::uint64_t deliveries = 0;
  std::int64_t sum_ns = 0;
};

// What the workers of a cell found beside its CellResult; filled by Recorder::merge_into.
struct CellFigures {
  std::vector<SecondPoint> seconds;  // index = second of the cell
  stats::LatencyOverTime latencies;  // of what is timed there
  std::vector<ConnectPoint> connects;
  std::optional<FanOut> fan_out;
};

// Figures that the live view reads from another thread while the run goes; relaxed, written by one
// thread.
struct LiveCounts {
  std::atomic<std::uint64_t> subscribed{0};  // ever
  std::atomic<std::uint64_t> left{0};        // of these, for good
  std::atomic<std::uint64_t> sockets_open{0};
  std::atomic<std::uint64_t> received{0};   // since the start of the cell
  std::atomic<std::uint64_t> delivered{0};  // distinct, of the measure phase
  std::atomic<std::uint64_t> failed{0};     // connects
  ClosedSockets closed;                     // what the kernel counted of those that closed
};

// Of all workers of a cell.
struct LiveSum {
  std::uint64_t subscribed = 0, left = 0, sockets_open = 0, received = 0, delivered = 0, failed = 0;
  LiveSum& operator+=(const LiveCounts& counts) noexcept;
  std::uint64_t present() const noexcept { return subscribed - std::min(subscribed, left); }
};

inline void bump(std::atomic<std::uint64_t>& value) noexcept {
  value.store(value.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

class Recorder {
 public:
  // What recorders of a cell have in common.
  struct Setup {
    const plan::Scenario& scenario;
    const plan::StrategySpec& cell;
    const plan::PlannedCounts& counts;  // of the scenario's events
    std::uint32_t run_tag = 0;
    const SentTable* sent = nullptr;  // null: received - sent is not known
    bool audit = true;                // false: deliveries and bytes are counted, nothing else
  };
  explicit Recorder(const Setup& setup);

  void start(const Timeline& timeline) { timeline_ = timeline; }
  void open_window() noexcept { window_open_ = true; }  // measure begins, by wall time
  void close_window() noexcept { window_open_ = false; }
  void second_passed(std::size_t second);  // by the worker, once a second
  void record_loop_lag(Nanos lag) noexcept;
  // At the end, once for each client: all its subscriptions together.
  void record_client(const ClientFigures& figures, TimePoint first_subscribed);
  void record_link_error(Nanos late) noexcept;

  const LiveCounts& live() const noexcept { return live_; }
  // Adds everything to `cell` and `figures`.
  void merge_into(result::CellResult& cell, CellFigures& figures) const;

 private:
  friend class SubscriptionRecorder;

  // The event that came last: a broadcast brings it to one client after another.
  struct Recent {
    std::array<char, wire::kStampSize> stamp{};  // none: no stamp begins with 0
    WindowEvent planned;
    TimePoint due{};
    bool measured = false;
    std::optional<Nanos> sent;
  };

  void count(result::Counter counter, std::uint64_t by = 1) noexcept { counters_[counter] += by; }
  void count_in_window(result::Counter counter, std::uint64_t by = 1) noexcept {
    counters_[counter] += window_open_ ? by : 0;
  }
  std::uint64_t first_ordinal(std::uint32_t topic) const noexcept { return first_ordinals_[topic]; }
  // What is a subscription's own.
  struct Account {
    Audit& audit;
    ClientFigures& figures;
    std::uint32_t topic;
    const plan::Owed* owed;
  };
  void event(const Account& account, std::string_view bytes, TimePoint received);
  bool recognise(std::string_view bytes);
  bool look_up(std::string_view bytes);
  void measured(Audit::Verdict verdict, ClientFigures& figures, TimePoint received) noexcept;
  SecondPoint& second_of(TimePoint received) noexcept;

  // What every delivery touches stands together.
  bool window_open_ = false;
  bool audit_;
  std::uint32_t run_tag_;
  Nanos late_;
  Recent recent_;
  TimePoint second_begins_ = TimePoint::max();  // of second_
  SecondPoint* second_;
  stats::LatencyOverTime::Column column_;  // of the same second
  const SentTable* sent_;
  Timeline timeline_;
  EventWindow window_;
  FanOut fan_out_;
  const std::vector<std::uint64_t>& first_ordinals_;  // measured, by topic
  std::uint64_t first_index_;                         // measured
  std::uint64_t sockets_open_ = 0;
  result::Counters counters_;
  wire::Traffic upstream_;  // in the window; on_traffic counted it too, before or after
  result::FaultCounts connect_faults_{};
  result::FaultCounts cut_faults_{};
  result::FaultCounts request_faults_{};
  stats::Histogram latency_;
  stats::Histogram latency_from_sent_;
  stats::Histogram client_p50_;
  stats::Histogram client_p99_;
  stats::Histogram setup_;
  stats::Histogram upstream_ack_;
  stats::Histogram loop_lag_;
  stats::Histogram link_error_;
  std::vector<SecondPoint> seconds_;
  SecondPoint beyond_;  // the series' end
  stats::LatencyOverTime latencies_;
  std::vector<ConnectPoint> connects_;
  LiveCounts live_;
};

}  // namespace pushbench::swarm
