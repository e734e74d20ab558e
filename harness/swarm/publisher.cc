#include "harness/swarm/publisher.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>

namespace pushbench::swarm {

using result::Counter;

Publisher::Publisher(const CellPlan& plan)
    : plan_(plan), due_sleeper_(time_.make_sleeper()), watch_sleeper_(time_.make_sleeper()) {
  const std::size_t pool = std::min<std::size_t>(kPool, plan.scenario.topics);
  for (std::size_t i = 0; i < pool; ++i) {
    PublishConnection::Outcome& outcome = *this;
    pool_.push_back(std::make_unique<PublishConnection>(context_, time_, plan, outcome));
    sleepers_.push_back(time_.make_sleeper());
  }
  by_second_.resize(series_seconds(plan.scenario, plan.cell));
}

Publisher::~Publisher() {
  if (thread_.joinable()) {
    stop();
    thread_.join();
  }
}

void Publisher::launch() {
  for (auto& connection : pool_) {
    spawn(keep_connected(connection.get()));
  }
  spawn(watch());
  thread_ = std::thread([this] { run(); });
}

void Publisher::run() {
  name_this_thread("pb-publisher");
  prefer_short_waits();
  pin_this_thread(plan_.cpus);
  context_.run();
}

void Publisher::begin(const Timeline& timeline) {
  asio::post(context_, [this, timeline] {
    if (!stopping_) {
      timeline_ = timeline;
      spawn(publish());
    }
  });
}

void Publisher::halt() {
  asio::post(context_, [this] {
    halted_ = true;
    due_sleeper_->wake();
  });
}

void Publisher::stop() {
  asio::post(context_, [this] {
    stopping_ = true;
    due_sleeper_->wake();
    watch_sleeper_->wake();
    for (std::size_t i = 0; i < pool_.size(); ++i) {
      pool_[i]->stop();
      sleepers_[i]->wake();
    }
  });
}

void Publisher::join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Publisher::spawn(Task<void> coroutine) {
  asio::co_spawn(context_, std::move(coroutine), [](const std::exception_ptr& thrown) {
    if (thrown) {
      std::rethrow_exception(thrown);
    }
  });
}

Task<void> Publisher::keep_connected(PublishConnection* connection) {
  const auto at =
      static_cast<std::size_t>(std::find_if(pool_.begin(), pool_.end(),
                                            [&](const auto& c) { return c.get() == connection; }) -
                               pool_.begin());
  while (!stopping_) {
    const error_code ec = co_await connection->connect();
    ports_[at].store(connection->local_port(), std::memory_order_relaxed);
    note_connected();
    if (!ec) {
      co_await connection->serve();
      note_connected();
    }
    check_finished();
    if (!stopping_) {
      co_await sleepers_[at]->until(time_.now() + kReconnectPause);
    }
  }
}

std::vector<std::uint16_t> Publisher::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& port : ports_) {
    ports.push_back(port.load(std::memory_order_relaxed));
  }
  return ports;
}

void Publisher::note_connected() {
  const bool all = std::all_of(pool_.begin(), pool_.end(),
                               [](const auto& connection) { return connection->open(); });
  connected_.store(all, std::memory_order_release);
}

Task<void> Publisher::watch() {
  while (!stopping_) {
    co_await watch_sleeper_->until(time_.now() + kWatch);
    for (auto& connection : pool_) {
      connection->expire_if_late(time_.now());
    }
  }
}

Task<void> Publisher::publish() {
  plan::EventPlan events(plan_.scenario);
  auto event = events.next();
  ThreadCost before;
  bool in_window = false;
  while (event && !stopping_ && !halted_) {
    // Also when the next event is due already: answers and stop() must have their turn.
    co_await due_sleeper_->until(timeline_.publish_start + event->due);
    if (!in_window && measured(*event)) {
      in_window = true;
      before = this_thread_cost();
    }
    const TimePoint now = time_.now();
    while (event && !stopping_ && !halted_ && timeline_.publish_start + event->due <= now) {
      publish_one(*event);
      event = events.next();
    }
    for (auto& connection : pool_) {
      connection->flush();
      if (connection->needs_drain()) {
        spawn(connection->drain());
      }
    }
  }
  window_cost_ = in_window ? this_thread_cost() - before : ThreadCost();
  all_due_.store(true, std::memory_order_release);
  check_finished();
}

void Publisher::publish_one(const plan::PlannedEvent& event) {
  plan::write_payload(plan_.scenario.events.payload, event, plan_.run_tag, payload_);
  done_.store(event.index + 1, std::memory_order_relaxed);
  if (!pool_[event.topic % pool_.size()]->offer(event, payload_)) {
    count(event, Counter::kUnpublished);
  }
}

void Publisher::count(const plan::PlannedEvent& event, Counter counter) {
  counters_[counter] += measured(event) ? 1U : 0U;
}

void Publisher::sent(const plan::PlannedEvent& event, TimePoint at) {
  const auto second =
      static_cast<std::size_t>((at - timeline_.cell_start) / std::chrono::seconds(1));
  if (second < by_second_.size()) {
    ++by_second_[second];
  }
  if (plan_.sent != nullptr) {
    plan_.sent->put(event.index, at - timeline_.publish_start);
  }
  if (measured(event)) {
    lag_.record(at - (timeline_.publish_start + event.due));
  }
}

void Publisher::answered(const plan::PlannedEvent& event, Nanos took, int status) {
  const bool good = status >= 200 && status < 300;
  count(event, good ? Counter::kPublished : Counter::kPublishRejected);
  if (good && measured(event)) {
    ack_.record(took);
  }
  if (all_due()) {
    check_finished();
  }
}

void Publisher::cut(const plan::PlannedEvent& event) {
  count(event, Counter::kUnpublished);
}

void Publisher::check_finished() {
  const bool quiet = std::all_of(pool_.begin(), pool_.end(), [](const auto& connection) {
    return connection->unanswered() == 0;
  });
  if (all_due() && quiet) {
    finished_.store(true, std::memory_order_release);
  }
}

void Publisher::merge_into(result::CellResult& cell,
                           std::vector<std::uint64_t>& published_by_second) const {
  cell.counters.merge(counters_);
  cell.publisher_lag.merge(lag_);
  cell.publish_ack.merge(ack_);
  cell.generator.publisher_cpu_ns += window_cost_.cpu_ns;
  cell.generator.run_queue_wait_ns += window_cost_.wait_ns;
  published_by_second = by_second_;
}

}  // namespace pushbench::swarm
