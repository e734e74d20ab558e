#include "harness/swarm/worker.h"

#include "harness/base/check.h"
#include "harness/base/descriptors.h"
#include "harness/swarm/worker_client.h"
#include "harness/transport/link_hub.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <exception>

namespace pushbench::swarm {

namespace {

// Apart from the streams of the scenario's seed that the plan room uses.
constexpr std::uint64_t kBackoffStream = 0x6261636bULL << 32U;
constexpr std::uint64_t kTickStream = 0x7469636bULL << 32U;

}  // namespace

Worker::Worker(const CellPlan& plan, std::uint32_t index)
    : plan_(plan),
      index_(index),
      time_(emulates() ? static_cast<TimeSource&>(asio_time_) : reactor_),
      read_buffer_(kReadBuffer),
      recorder_({.scenario = plan.scenario,
                 .cell = plan.cell,
                 .counts = plan.counts,
                 .run_tag = plan.run_tag,
                 .sent = plan.sent,
                 .audit = plan.audit}),
      shared_{context_,
              time_,
              plan.endpoint,
              plan.dialect,
              plan.cell,
              plan.limits,
              std::span<char>(read_buffer_),
              scratch_,
              make_links(),
              emulates() ? nullptr : &reactor_,
              &inflater_},
      transport_(*transport::find_transport(plan.cell.strategy)),
      ramp_sleeper_(time_.make_sleeper()),
      visit_sleeper_(time_.make_sleeper()),
      tick_sleeper_(time_.make_sleeper()),
      phase_sleeper_(time_.make_sleeper()),
      bound_sleeper_(time_.make_sleeper()) {
  make_clients();
}

Worker::~Worker() {
  if (thread_.joinable()) {
    stop();
    thread_.join();
  }
}

transport::LinkHub* Worker::make_links() {
  const plan::Scenario& scenario = plan_.scenario;
  if (!scenario.link) {
    return nullptr;
  }
  const transport::LinkHub::Share share{.workers = plan_.workers,
                                        .topics_per_client = scenario.topics_per_client,
                                        .seed = scenario.seed,
                                        .worker = index_};
  const auto late = [this](Nanos by) { recorder_.record_link_error(by); };
  links_ = std::make_unique<transport::LinkHub>(context_, time_, *scenario.link, share, late);
  return links_.get();
}

void Worker::launch(TimePoint cell_start) {
  cell_start_ = cell_start;
  spawn(ramp());
  spawn(tick());
  if (links_) {
    spawn(links_->run());
  }
  thread_ = std::thread([this] { run(); });
  apart_.wait(false);
}

// The sockets of emulated links are closed by whoever destroys them last, so they stay in the table
// of the process.
void Worker::run() {
  name_this_thread("pb-worker-" + std::to_string(index_));
  pin_this_thread(plan_.cpus);
  if (!emulates()) {
    static_cast<void>(own_descriptor_table());
  }
  apart_ = true;
  apart_.notify_one();
  if (emulates()) {
    while (plan_.busy_poll && !context_.stopped()) {
      context_.poll();
    }
    context_.run();
  } else {
    if (plan_.busy_poll) {
      reactor_.busy_poll();
    }
    reactor_.run();
    close_clients();
  }
}

// What the stop bound left open, while the thread is there whose descriptors they are.
void Worker::close_clients() {
  for (auto& client : clients_) {
    client.subscription.stream.close();
    if (auto* const upstream = client.http_upstream()) {
      upstream->stream.close();
    }
  }
}

template <class Function>
void Worker::post(Function function) {
  if (emulates()) {
    asio::post(context_, std::move(function));
  } else {
    reactor_.post(std::move(function));
  }
}

void Worker::begin(const Timeline& timeline) {
  post([this, timeline] {
    if (stopping_) {
      return;
    }
    timeline_ = timeline;
    recorder_.start(timeline);
    spawn(phases());
    for (std::size_t i = 0; i < at_start_; ++i) {
      begin_upstream(clients_[i]);
    }
    if (!plan_.visits.empty()) {
      spawn(come_and_go());
    }
  });
}

void Worker::stop() {
  post([this] { end_clients(); });
}

void Worker::join() {
  if (thread_.joinable()) {
    thread_.join();
  }
}

// The subscriptions of a client stand side by side.
void Worker::settle(const std::vector<std::uint64_t>& end,
                    const std::vector<std::uint64_t>& young) {
  const std::size_t each = plan_.scenario.topics_per_client;
  for (std::size_t i = 0; i < clients_.size(); i += each) {
    ClientFigures figures;
    TimePoint first = TimePoint::max();
    for (std::size_t j = i; j < i + each; ++j) {
      SubscriptionRecorder& sink = clients_[j].sink;
      sink.settle(end[sink.topic()], young[sink.topic()]);
      figures.merge(sink.figures());
      if (sink.first_subscribed() != TimePoint()) {
        first = std::min(first, sink.first_subscribed());
      }
    }
    recorder_.record_client(figures, first);
  }
}

void Worker::spawn(Task<void> coroutine) {
  ++running_;
  asio::co_spawn(context_, std::move(coroutine), [this](const std::exception_ptr& thrown) {
    if (thrown) {
      std::rethrow_exception(thrown);
    }
    coroutine_ended();
  });
}

// When only the guard of the stop bound is left, the thread may end.
void Worker::coroutine_ended() {
  --running_;
  if (stopping_ && running_ <= 1) {
    bound_sleeper_->wake();
  }
}

Task<void> Worker::ramp() {
  const auto total = static_cast<std::int64_t>(at_start_);
  for (std::int64_t k = 0; k < total; ++k) {
    const TimePoint due = cell_start_ + plan_.scenario.phases.ramp * k / total;
    if (due > time_.now()) {
      co_await ramp_sleeper_->until(due);
    }
    while (!stopping_ && many_connecting()) {
      co_await ramp_sleeper_->until(time_.now() + kConnectPause);
    }
    if (stopping_) {
      co_return;
    }
    Client& client = clients_[static_cast<std::size_t>(k)];
    if (!client.left) {  // a ramp may take longer than a visit
      ++launched_;
      subscribe(client);
    }
  }
}

// Of one coroutine, not of one that awaits another: all that lies idle is paid by every client.
void Worker::subscribe(Client& client) {
  ++running_;
  asio::co_spawn(context_, transport_.subscribe(client.subscription),
                 [this, &client](const std::exception_ptr& thrown, const error_code& why) {
                   if (thrown) {
                     std::rethrow_exception(thrown);
                   }
                   client.subscription.deadline = TimePoint::max();
                   if (!stopping_ && !client.left) {
                     on_ended(client, why);
                   }
                   coroutine_ended();
                 });
}

void Worker::on_ended(Client& client, const error_code& why) {
  client.sink.on_ended();
  client.attempt = client.sink.take_progress() ? 0 : client.attempt + 1;
  // A stream that the server ended at a message boundary is taken up at once, as a browser would.
  const bool at_once = why == Errc::kGoingAway && client.attempt == 0;
  Random random(plan_.scenario.seed + client.attempt, kBackoffStream + client.id);
  spawn(come_back(&client, at_once ? Nanos(0) : transport::backoff(client.attempt, random)));
}

Task<void> Worker::come_back(Client* client, Nanos pause) {
  if (!client->backoff_sleeper) {
    client->backoff_sleeper = time_.make_sleeper();
  }
  co_await client->backoff_sleeper->until(time_.now() + pause);
  if (!stopping_ && !client->left) {
    subscribe(*client);
  }
}

Task<void> Worker::tick() {
  Random random(plan_.scenario.seed, kTickStream);
  const auto gap = [&random] {
    return kTick / 2 +
           Nanos(static_cast<Nanos::rep>(random.uniform() * static_cast<double>(kTick.count())));
  };
  TimePoint next = cell_start_ + gap();
  std::uint32_t slice = 0;
  std::size_t second = 0;
  while (!stopping_) {
    co_await tick_sleeper_->until(next);
    const TimePoint now = time_.now();
    for (; next <= now; next += gap()) {  // a stall is late for every tick that fell into it
      recorder_.record_loop_lag(now - next);
    }
    sweep(slice++ % kTicksPerSweep);
    while (now >= cell_start_ + std::chrono::seconds(second + 1)) {
      recorder_.second_passed(second++);
    }
  }
}

// A look at so many clients is dear: their memory is cold. So a slice is left alone until one of
// its deadlines can have passed, those included that are set after this look.
void Worker::sweep(std::uint32_t slice) {
  const TimePoint now = time_.now();
  TimePoint& next = next_sweeps_[slice];
  if (now < next) {
    return;
  }
  next = now + std::min({shared_.limits.connect_timeout, shared_.limits.answer_timeout,
                         shared_.limits.silence_timeout});
  const auto look_at = [now, &next](transport::Link& link) {
    if (link.deadline < now) {
      link.deadline = TimePoint::max();
      link.stream.expire();
    }
    next = std::min(next, link.deadline);
  };
  for (std::size_t i = slice; i < clients_.size(); i += kTicksPerSweep) {
    look_at(clients_[i].subscription);
    if (auto* const upstream = clients_[i].http_upstream()) {
      look_at(*upstream);
    }
  }
}

Task<void> Worker::phases() {
  const TimePoint opens = timeline_.publish_start + timeline_.warmup;
  co_await phase_sleeper_->until(opens);
  if (stopping_) {
    co_return;
  }
  recorder_.open_window();
  const ThreadCost before = this_thread_cost();
  co_await phase_sleeper_->until(opens + timeline_.measure);
  recorder_.close_window();
  window_cost_ = this_thread_cost() - before;
  if (plan_.busy_poll) {
    window_cost_.cpu_ns = 0;  // all that there was, which says nothing
  }
}

void Worker::end_clients() {
  if (stopping_) {
    return;
  }
  stopping_ = true;
  for (auto& client : clients_) {
    end_client(client);
  }
  if (links_) {  // says what the clients said last
    links_->stop();
  }
  ramp_sleeper_->wake();
  visit_sleeper_->wake();
  tick_sleeper_->wake();
  phase_sleeper_->wake();
  spawn(stop_bound());
}

// The thread ends when every coroutine has, at the latest after the bound.
Task<void> Worker::stop_bound() {
  if (running_ > 1) {
    co_await bound_sleeper_->until(time_.now() + kStopBound);
  }
  context_.stop();
}

}  // namespace pushbench::swarm
