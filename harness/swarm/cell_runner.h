// One cell from server start to server stop: ramp, warm-up, measure, drain, merge. A coroutine on
// the run's thread; workers and publisher have threads of their own and are joined before the cell
// is told.
#pragma once

#include "harness/result/run_result.h"
#include "harness/swarm/cell_observer.h"
#include "harness/swarm/metrics_watch.h"
#include "harness/swarm/publisher.h"
#include "harness/swarm/run.h"
#include "harness/swarm/server_child.h"
#include "harness/swarm/worker.h"

#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::swarm {

class CellRunner {
 public:
  static constexpr Nanos kLead{
      std::chrono::milliseconds(50)};  // from "all subscribed" to the first due instant
  static constexpr Nanos kSettle{
      std::chrono::milliseconds(150)};  // after the last delivery, for duplicates
  static constexpr Nanos kRampGrace{
      std::chrono::seconds(15)};  // a ramp may take this much longer than planned

  static constexpr Nanos kNobodyGrace{std::chrono::seconds(6)};  // longer than a connect may take

  static constexpr Nanos kAfterDeath{std::chrono::seconds(1)};  // for the clients to notice

  struct Place {             // of this cell in the run
    std::size_t number = 0;  // 0-based, counts repeats
    std::size_t cells = 1;
    std::uint32_t repeat = 0;
    TimePoint run_start{};
    Nanos later_cells{};  // planned time of the cells behind this one
  };

  CellRunner(asio::io_context& context,
             const plan::Scenario& scenario,
             const plan::StrategySpec& cell,
             const RunOptions& options,
             const Machine& machine,
             const Place& place);

  Task<void> run();
  void interrupt();

  // After run(): the failure when the cell could not start.
  const std::optional<Failure>& failure() const noexcept { return failure_; }
  result::CellResult& result() noexcept { return result_; }
  std::vector<result::Caveat>& caveats() noexcept { return caveats_; }
  // What was found in force on the cell's sockets, for the run's environment.
  const std::map<std::string, std::string>& in_force() const noexcept {
    return observer_.in_force();
  }

 private:
  bool over() const;
  bool start();
  Task<void> begin_metrics();
  Task<void> end_metrics();
  void mark_metrics(MetricsWatch::Mark mark);
  void launch();
  Task<void> ramp();
  Task<void> publish_and_measure();
  Task<void> drain();
  Task<void> observe_until(TimePoint when);
  void observe(TimePoint now);
  void watch_server();
  void watch_process();
  transport::SocketTraffic closed_traffic() const;
  double since_start() const { return seconds_of(time_.now() - timeline_.cell_start); }
  void report(bool done);
  LiveSum live() const;
  void end_threads();
  Task<void> probe();
  void finish();
  void merge();
  void say_why_nobody_subscribed();
  bool nobody_subscribed() const { return live().subscribed == 0; }
  bool all_delivered() const;

  asio::io_context& context_;
  AsioTime time_;
  const plan::Scenario& scenario_;
  const plan::StrategySpec& cell_;
  const RunOptions& options_;
  const Machine& machine_;
  Place place_;
  std::unique_ptr<Sleeper> sleeper_;
  std::optional<ServerChild> child_;
  std::optional<SentTable> sent_;
  std::optional<CellPlan> plan_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::unique_ptr<Publisher> publisher_;
  std::unique_ptr<MetricsWatch> metrics_;  // of --server-metrics
  Timeline timeline_;
  std::string_view phase_ = "ramp";
  TimePoint last_report_{};
  std::uint64_t last_received_ = 0;
  std::uint64_t planned_deliveries_ = 0;
  TimePoint ended_at_{};  // before the subscriptions were ended
  bool interrupted_ = false;
  bool cut_short_ = false;  // publishing ended before its plan did
  bool server_ended_ = false;
  bool process_ended_ = false;  // of --server-pid
  TimePoint server_ended_at_{};
  std::optional<Failure> failure_;
  result::CellResult result_;
  CellObserver observer_{result_};
  std::vector<result::Caveat> caveats_;
};

}  // namespace pushbench::swarm
