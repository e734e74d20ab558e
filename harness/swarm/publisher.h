// The publisher: publishes the run's plan through the server's own front door, open loop to the
// wire. Every event is written when it falls due, whatever is still unanswered; events of one topic
// share a connection, so they stay in order. A stopped server shows as latency, never as publisher
// lag: lag is sent - due only, where sent is the instant at which the kernel took the event's last
// byte. Threads: one of its own; begin() and stop() may be called from others, the rest after
// join().
#pragma once

#include "harness/plan/event_plan.h"
#include "harness/result/run_result.h"
#include "harness/swarm/publish_connection.h"
#include "harness/swarm/recorder.h"
#include "harness/swarm/thread_cost.h"
#include "harness/swarm/worker.h"

#include <boost/asio/io_context.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace pushbench::swarm {

class Publisher final : private PublishConnection::Outcome {
 public:
  static constexpr std::size_t kPool = 4;  // connections
  static constexpr Nanos kReconnectPause{std::chrono::milliseconds(100)};
  static constexpr Nanos kWatch{
      std::chrono::milliseconds(250)};  // how often connects are looked at

  explicit Publisher(const CellPlan& plan);
  ~Publisher() override;

  void launch();                         // connects the pool
  void begin(const Timeline& timeline);  // any thread
  void halt();  // any thread; nothing more falls due, answers are still taken
  void stop();  // any thread; what is unanswered counts as unpublished
  void join();

  std::uint64_t done() const noexcept {
    return done_.load(std::memory_order_relaxed);
  }  // events due so far
  bool finished() const noexcept {
    return finished_.load(std::memory_order_acquire);
  }  // all due and answered
  bool all_due() const noexcept { return all_due_.load(std::memory_order_acquire); }
  // Local ports of the pool, as they are or last were; any thread.
  std::vector<std::uint16_t> ports() const;
  // Every connection of the pool is up.
  bool connected() const noexcept { return connected_.load(std::memory_order_acquire); }
  void merge_into(result::CellResult& cell, std::vector<std::uint64_t>& published_by_second) const;

 private:
  void run();
  void spawn(Task<void> coroutine);
  Task<void> keep_connected(PublishConnection* connection);
  Task<void> publish();
  Task<void> watch();
  void note_connected();
  void publish_one(const plan::PlannedEvent& event);
  void check_finished();
  bool measured(const plan::PlannedEvent& event) const { return event.due >= timeline_.warmup; }
  void count(const plan::PlannedEvent& event, result::Counter counter);

  void sent(const plan::PlannedEvent& event, TimePoint at) override;
  void answered(const plan::PlannedEvent& event, Nanos took, int status) override;
  void cut(const plan::PlannedEvent& event) override;

  const CellPlan& plan_;
  asio::io_context context_{1};
  AsioTime time_{context_};
  std::vector<std::unique_ptr<PublishConnection>> pool_;
  std::vector<std::unique_ptr<Sleeper>> sleepers_;  // one per connection
  std::unique_ptr<Sleeper> due_sleeper_, watch_sleeper_;
  Timeline timeline_;
  result::Counters counters_;
  stats::Histogram lag_;
  stats::Histogram ack_;
  std::vector<std::uint64_t> by_second_;
  std::string payload_;
  ThreadCost window_cost_;
  std::array<std::atomic<std::uint16_t>, kPool> ports_{};
  std::atomic<std::uint64_t> done_{0};
  std::atomic<bool> finished_{false};
  std::atomic<bool> connected_{false};
  std::atomic<bool> all_due_{false};
  bool halted_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace pushbench::swarm
