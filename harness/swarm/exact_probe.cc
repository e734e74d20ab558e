#include "harness/swarm/exact_probe.h"

#include "harness/swarm/lock_step_publisher.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace pushbench::swarm {
namespace {

constexpr auto kAwaitProbe = asio::as_tuple(asio::deferred);
constexpr std::size_t kBuffer = 64 * std::size_t{1024};

// Counts, and wakes the probe at everything that it may wait for.
class ProbeSink final : public transport::DeliverySink {
 public:
  explicit ProbeSink(Sleeper& waiting) : waiting_(waiting) {}

  void on_open() override { ++opened; }
  void on_connect_failed(const error_code& /*ec*/) override { fail(); }
  void on_close(const error_code& ec) override {
    if (ec && ec != Errc::kGoingAway) {
      fail();
    }
  }
  void on_socket_traffic(const transport::SocketTraffic& /*whole_life*/) override {}
  void on_subscribed(Nanos /*took*/, TimePoint /*at*/) override {
    subscribed = true;
    waiting_.wake();
  }
  void on_event(std::string_view /*event*/, TimePoint /*received*/) override {
    ++events;
    waiting_.wake();
  }
  void on_gap() override { fail(); }
  void on_traffic(const wire::Traffic& delta) override {
    up += delta.up;
    down += delta.down;
  }
  void on_spelling(const transport::Spelling& /*delta*/) override {}
  void on_ask() override {}
  void on_stream_head(std::uint32_t /*cursor_digits*/) override {}
  void on_request_failed(const error_code& /*ec*/) override {}
  void on_request(std::uint32_t /*cursor_digits*/) override {
    ++requests;
    waiting_.wake();
  }
  void on_answer(const transport::Answer& answer) override {
    ++answers;
    empty_answers += answer.events == 0 ? 1 : 0;
    waiting_.wake();
  }
  void on_skipped_poll() override {}
  void on_upstream_sent(const wire::ByteTally& /*up*/) override {}
  void on_upstream_acked(Nanos /*took*/, const wire::ByteTally& /*down*/) override {}

  void fail() {
    failed = true;
    waiting_.wake();
  }

  std::uint64_t opened = 0, requests = 0, answers = 0, empty_answers = 0, events = 0;
  wire::ByteTally up, down;
  bool subscribed = false;
  bool failed = false;

 private:
  Sleeper& waiting_;
};

// The client's clock: stands still until the probe lets the next poll begin.
class StepTime final : public TimeSource {
 public:
  explicit StepTime(asio::io_context& context) : context_(context) {}
  TimePoint now() const noexcept override { return now_; }
  std::unique_ptr<Sleeper> make_sleeper() override;
  void step(Nanos by) {
    now_ += by;
    if (sleeping_ != nullptr) {
      sleeping_->cancel();
    }
  }
  bool sleeping() const noexcept { return sleeping_ != nullptr; }

 private:
  friend class StepSleeper;
  asio::io_context& context_;
  asio::steady_timer* sleeping_ = nullptr;  // one client, so at most one sleeper
  TimePoint now_{std::chrono::hours(1)};
};

class StepSleeper final : public Sleeper {
 public:
  explicit StepSleeper(StepTime& time) : time_(time), timer_(time.context_) {}
  Task<error_code> until(TimePoint when) override {
    while (time_.now_ < when && !woken_) {
      time_.sleeping_ = &timer_;
      timer_.expires_at(asio::steady_timer::time_point::max());
      co_await timer_.async_wait(kAwaitProbe);
      time_.sleeping_ = nullptr;
    }
    const bool woken = std::exchange(woken_, false);
    co_return woken ? error_code(asio::error::operation_aborted) : error_code();
  }
  void wake() override {
    woken_ = true;
    timer_.cancel();
  }

 private:
  StepTime& time_;
  asio::steady_timer timer_;  // never expires
  bool woken_ = false;
};

std::unique_ptr<Sleeper> StepTime::make_sleeper() {
  return std::make_unique<StepSleeper>(*this);
}

// Its polls are made one by one; what they cost does not depend on when.
plan::StrategySpec with_interval(plan::StrategySpec cell) {
  if (cell.polls_at_once()) {
    cell.interval = std::chrono::seconds(1);
  }
  return cell;
}

class Probe {
 public:
  Probe(asio::io_context& context,
        const transport::Endpoint& endpoint,
        const transport::Dialect& dialect,
        const plan::StrategySpec& cell,
        std::string topic)
      : context_(context),
        time_(context),
        polls_(context),
        cell_(with_interval(cell)),
        waiting_(time_.make_sleeper()),
        sink_(*waiting_),
        buffer_(kBuffer),
        shared_{context,  polls_,  endpoint, dialect,   cell_, limits_, std::span<char>(buffer_),
                scratch_, nullptr, nullptr,  &inflater_},
        subscription_(shared_, sink_, std::move(topic), nullptr, 1, 0),
        publisher_(context, endpoint, dialect),
        bound_(context) {}

  Task<ExactCounts> run();

 private:
  Task<void> subscribe();
  Task<bool> exchanges();
  Task<bool> publish(int number);
  template <class Done>
  Task<bool> until(Done done);
  void give_up();
  bool asks() const { return cell_.strategy == "polling"; }
  void poll_now() {
    const auto interval = static_cast<double>(cell_.interval.count());
    polls_.step(Nanos(static_cast<Nanos::rep>(interval * (1 + 2 * cell_.jitter)) + 1));
  }
  ExactCounts counts() const;

  asio::io_context& context_;
  AsioTime time_;
  StepTime polls_;
  const plan::StrategySpec cell_;
  std::unique_ptr<Sleeper> waiting_;
  ProbeSink sink_;
  transport::Limits limits_;
  std::vector<char> buffer_;
  std::string scratch_;
  wire::Inflater inflater_;
  transport::Shared shared_;
  transport::Subscription subscription_;
  LockStepPublisher publisher_;
  asio::steady_timer bound_;
  bool expired_ = false;
  bool ended_ = false;
};

Task<void> Probe::subscribe() {
  const auto* transport = transport::find_transport(cell_.strategy);
  const error_code ec = co_await transport->subscribe(subscription_);
  if (ec) {
    sink_.fail();
  }
}

void Probe::give_up() {
  expired_ = true;
  publisher_.expire();
  waiting_->wake();
}

template <class Done>
Task<bool> Probe::until(Done done) {
  while (!done() && !sink_.failed && !expired_) {
    co_await waiting_->until(TimePoint::max());
  }
  co_return done() && !sink_.failed;
}

// Plain text that no encoding has to escape, different for every event.
Task<bool> Probe::publish(int number) {
  const std::size_t size = cell_.replays() ? cell_.response_length : kProbePayload;
  std::string event = "exact event " + std::to_string(number) + " ";
  event.resize(size, '.');
  co_return !co_await publisher_.publish(subscription_.topic, event);
}

Task<bool> Probe::exchanges() {
  const error_code connected = co_await publisher_.connect();
  if (connected) {
    co_return false;
  }
  const auto subscribed = [this] { return sink_.subscribed; };
  bool well = co_await until(subscribed);
  const bool holds = cell_.strategy == "long-polling";
  for (std::uint64_t i = 1; well && i <= kProbeEvents; ++i) {
    const auto asked = [this, i, holds] {  // behind the first question, which is answered at once
      return (!holds || sink_.requests > i) && (!asks() || polls_.sleeping());
    };
    well = co_await until(asked);
    well = well && co_await publish(static_cast<int>(i));
    if (asks()) {
      poll_now();
    }
    const auto answers = asks() || holds ? i + 1 : 0;
    const auto arrived = [this, i, answers] {
      return sink_.events >= i && sink_.answers >= answers;
    };
    well = well && co_await until(arrived);
  }
  if (well && asks()) {
    poll_now();
  }
  const auto all = [this, holds] {
    return (!asks() || sink_.answers >= kProbeEvents + 2) &&
           (!holds || sink_.requests >= kProbeEvents + 2);
  };
  co_return well&& co_await until(all);
}

ExactCounts Probe::counts() const {
  return {{"requests", sink_.requests},
          {"answers", sink_.answers},
          {"empty_answers", sink_.empty_answers},
          {"events", sink_.events},
          {"sockets_opened", sink_.opened},
          {"head_up_bytes", sink_.up.head},
          {"framing_up_bytes", sink_.up.framing},
          {"payload_up_bytes", sink_.up.payload},
          {"head_down_bytes", sink_.down.head},
          {"framing_down_bytes", sink_.down.framing},
          {"payload_down_bytes", sink_.down.payload}};
}

Task<ExactCounts> Probe::run() {
  bound_.expires_after(kProbeBound);
  bound_.async_wait([this](const error_code& ec) {
    if (!ec) {
      give_up();
    }
  });
  asio::co_spawn(context_, subscribe(), [this](const std::exception_ptr& thrown) {
    sink_.failed = sink_.failed || thrown != nullptr;
    ended_ = true;
    waiting_->wake();
  });
  const bool well = co_await exchanges();
  const ExactCounts out = well ? counts() : ExactCounts();
  subscription_.stop();
  publisher_.close();
  while (!ended_) {
    co_await waiting_->until(TimePoint::max());
  }
  const bool due = bound_.cancel() == 0;
  while (due && !expired_) {  // its handler is on its way and must find us here
    co_await waiting_->until(TimePoint::max());
  }
  co_return out;
}

}  // namespace

Task<ExactCounts> probe_exactly(asio::io_context& context,
                                const transport::Endpoint& endpoint,
                                const transport::Dialect& dialect,
                                const plan::StrategySpec& cell,
                                std::string topic) {
  Probe probe(context, endpoint, dialect, cell, std::move(topic));
  co_return co_await probe.run();
}

}  // namespace pushbench::swarm
