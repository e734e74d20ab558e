// A worker: one thread, one io_context, its share of the clients, one recorder. Everything inside
// runs on that thread; other threads post to it (begin, stop) and read relaxed live counters. A
// sweep over a slice of the clients ends operations whose deadline has passed, so that no operation
// needs a timer.
#pragma once

#include "harness/base/reactor.h"
#include "harness/plan/scenario.h"
#include "harness/plan/visits.h"
#include "harness/swarm/subscription_recorder.h"
#include "harness/swarm/thread_cost.h"
#include "harness/transport/transport.h"
#include "harness/transport/upstream.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace pushbench::swarm {

// What all workers of a cell share, read-only while they run.
struct CellPlan {
  const plan::Scenario& scenario;
  const plan::StrategySpec& cell;
  transport::Endpoint endpoint;
  const transport::Dialect& dialect;
  transport::Limits limits;
  std::vector<asio::ip::address>
      sources;                 // client i uses sources[i % size]; empty: the kernel's choice
  plan::PlannedCounts counts;  // of the scenario's events
  std::vector<plan::Visit> visits = {};  // empty: all clients stay from the ramp to the end
  std::vector<plan::Owed> owed = {};     // by subscription; empty: everything
  SentTable* sent = nullptr;  // filled by the publisher; null: received - sent is not known
  bool audit = true;
  std::uint32_t run_tag = 0;
  std::string topic_prefix = "t";  // topic 7 of 20 is named prefix + "07"
  std::uint32_t workers = 1;
  std::vector<int> cpus;   // where workers and publisher may run; empty: anywhere
  bool busy_poll = false;  // workers never sleep

  std::string topic_name(std::uint32_t topic) const {
    return scenario.topic_name(topic_prefix, topic);
  }
};

class Worker {
 public:
  static constexpr std::size_t kReadBuffer = 256 * 1024;
  // Mean time between two looks at how late timers fire. The single gaps are drawn, 0.5 to 1.5 of
  // it: events at a constant rate would else always come, or never, just before the timer.
  static constexpr Nanos kTick{std::chrono::milliseconds(10)};
  static constexpr std::uint32_t kTicksPerSweep = 25;   // a deadline is noticed within 250 ms
  static constexpr std::uint64_t kMaxConnecting = 512;  // connects under way at once
  static constexpr Nanos kConnectPause{std::chrono::milliseconds(1)};  // when there are so many
  static constexpr Nanos kStopBound{std::chrono::seconds(2)};

  Worker(const CellPlan& plan, std::uint32_t index);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Starts the thread and the ramp. When it returns the thread has a table of descriptors of its
  // own, if it takes one: what the caller opens from here on is not in it.
  void launch(TimePoint cell_start);
  void begin(const Timeline& timeline);  // publishing has a start; any thread
  void stop();                           // ends every subscription; any thread
  void join();

  const LiveCounts& live() const noexcept { return recorder_.live(); }
  // After join(). Closes the audit of every subscription: `end` and `young` by topic, as
  // Audit::close has them; and takes each client's figures.
  void settle(const std::vector<std::uint64_t>& end, const std::vector<std::uint64_t>& young);
  const Recorder& recorder() const noexcept { return recorder_; }
  const ThreadCost& window_cost() const noexcept { return window_cost_; }

 private:
  struct Client;

  bool emulates() const { return plan_.scenario.link.has_value(); }
  void run();
  template <class Function>
  void post(Function function);
  transport::LinkHub* make_links();
  void make_clients();
  plan::Visit visit_of(const Client& client) const;
  void spawn(Task<void> coroutine);
  Task<void> ramp();
  void subscribe(Client& client);
  void on_ended(Client& client, const error_code& why);
  Task<void> come_back(Client* client, Nanos pause);
  bool many_connecting() const;
  Task<void> come_and_go();
  void leave(Client& client);
  void end_client(Client& client);
  void begin_upstream(Client& client);
  Task<void> drive_upstream(Client* client);
  Task<void> tick();
  Task<void> phases();
  Task<void> stop_bound();
  void sweep(std::uint32_t slice);
  void end_clients();
  void close_clients();
  void coroutine_ended();

  const CellPlan& plan_;
  std::uint32_t index_;
  asio::io_context context_{1};
  AsioTime asio_time_{context_};
  Reactor reactor_{context_};
  TimeSource& time_;  // the reactor, or the io_context's where it emulates links
  std::vector<char> read_buffer_;
  std::string scratch_;
  wire::Inflater inflater_;
  Recorder recorder_;
  std::unique_ptr<transport::LinkHub> links_;  // outlives the clients
  transport::Shared shared_;
  const transport::Transport& transport_;
  std::deque<Client> clients_;
  std::size_t at_start_ = 0;  // of these, there from the ramp on
  std::uint64_t launched_ = 0;
  std::uint64_t left_unsubscribed_ = 0;                  // of these
  std::uint64_t running_ = 0;                            // coroutines of clients and services
  std::array<TimePoint, kTicksPerSweep> next_sweeps_{};  // by slice: no deadline passes before
  std::unique_ptr<Sleeper> ramp_sleeper_, visit_sleeper_, tick_sleeper_, phase_sleeper_,
      bound_sleeper_;
  Timeline timeline_;
  TimePoint cell_start_{};
  ThreadCost window_cost_;
  bool stopping_ = false;
  std::atomic<bool> apart_{false};
  std::thread thread_;
};

}  // namespace pushbench::swarm
