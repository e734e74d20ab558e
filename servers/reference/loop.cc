#include "servers/reference/loop.h"

#include "harness/base/check.h"
#include "servers/reference/injector.h"

#include <unistd.h>

#include <algorithm>

namespace pushbench::servers {
namespace {

constexpr std::size_t kReadBuffer = 64 * 1024;  // what a socket holds at most in the common case

// After a stall the bytes that came meanwhile are read before the deadlines that they may have met:
// the wheel stands still for one tick more, once, so that a loop that is always late still ends
// what is over.
constexpr Nanos kLate = 5 * Wheel::kTick;

// At most so many bytes of framing follow an event in its frame, in any strategy.
constexpr std::size_t kFramedBehind = 8;

// Of gathered events for one strategy; then they are written before their time.
constexpr std::size_t kMaxGathered = 64 * 1024;

void deliver_whole(Connection& connection,
                   std::string_view bytes,
                   const Strategy& strategy,
                   const Event& event) {
  connection.deliver(bytes, strategy, event);
}

void put(std::vector<Connection*>& list, Connection& connection) {
  connection.index = static_cast<std::uint32_t>(list.size());
  list.push_back(&connection);
}

void take(std::vector<Connection*>& list, const Connection& connection) {
  list[connection.index] = list.back();
  list[connection.index]->index = connection.index;
  list.pop_back();
}

}  // namespace

Loop::Loop(Reactor& reactor, const ServerOptions& options, Crew* crew)
    : topics(options.limits.max_topics,
             {options.limits.log_events, options.limits.log_bytes},
             options.limits.log_bytes_total),
      wheel(steady_now()),
      date(options.injection.header),
      input(kReadBuffer),
      deflater(options.compression_level),
      reactor_(reactor),
      crew_(crew),
      options_(options),
      loopback_(is_loopback(options.address)) {
  if (options.injection.any()) {
    injector_ = std::make_unique<Injector>(*this, options.injection);
  }
}

Loop::~Loop() {
  close_all();
  reactor_.clear(tick_);
  reactor_.clear(write_alarm_);
  // The reactor will not run again: handlers that are still queued are destroyed, never called.
  while (!closed_.empty()) {
    release(*closed_.back());
  }
}

void Loop::close_all() {
  when_closed_ = nullptr;
  for (Connection* const connection : std::vector<Connection*>(open_)) {
    connection->close();
  }
}

void Loop::start() {
  ticked_ = steady_now();
  arm_tick();
}

error_code Loop::adopt(int descriptor, const asio::ip::tcp::endpoint& peer) {
  Connection* const connection = pool_.make(*this);
  const error_code ec = connection->assign(descriptor);
  if (ec) {
    pool_.release(connection);
    ::close(descriptor);
    return ec;
  }
  put(open_, *connection);
  ++metrics.connections_accepted;
  metrics.connections_open = open_.size();
  if (limits().max_connections_per_address > 0) {
    std::string& address = address_of_[connection];
    address = peer.address().to_string();
    ++per_address_[address];
  }
  connection->start();
  return {};
}

bool Loop::address_is_full(const asio::ip::address& address) const {
  if (limits().max_connections_per_address == 0) {
    return false;
  }
  const auto found = per_address_.find(address.to_string());
  return found != per_address_.end() && found->second >= limits().max_connections_per_address;
}

void Loop::on_closed(Connection& connection) {
  take(open_, connection);
  put(closed_, connection);
  if (crew_ != nullptr) {
    crew_->closed();
  }
  metrics.connections_open = open_.size();
  if (const auto known = address_of_.find(&connection); known != address_of_.end()) {
    const auto count = per_address_.find(known->second);
    if (--count->second == 0) {
      per_address_.erase(count);
    }
    address_of_.erase(known);
  }
  if (when_closed_) {
    when_closed_();
  }
  end_if_done();
}

void Loop::release(Connection& connection) {
  take(closed_, connection);
  pool_.release(&connection);
}

std::uint64_t Loop::publish(Topic& topic, std::string_view text) {
  if (crew_ != nullptr) {
    return publish_to_all(topic, text);
  }
  return injector_ == nullptr ? append(topic, text) : injector_->publish(topic, text);
}

std::uint64_t Loop::publish_to_all(Topic& topic, std::string_view text) {
  const std::uint64_t number =
      topics.has_room(topic, text) ? crew_->publish(*this, topic.name(), text) : 0;
  if (number != 0) {
    ++metrics.published;
    metrics.published_bytes += text.size();
    take_mail();
  }
  return number;
}

void Loop::take_mail() {
  if (crew_ == nullptr) {
    return;
  }
  for (const auto& mail : crew_->collect(*this)) {
    Topic& topic = topics.open_unbounded(mail->topic);
    const std::uint64_t seq = topics.append_unbounded(topic, mail->text);
    PUSHBENCH_CHECK(seq == mail->number);
    hand_out(topic, seq, mail->text, deliver_whole);
  }
}

const Metrics& Loop::own_figures() {
  metrics.topics = topics.size();
  metrics.log_bytes = topics.bytes();
  return metrics;
}

Metrics Loop::figures() {
  return crew_ == nullptr ? own_figures() : crew_->sum(*this, own_figures());
}

template <class Deliver>
std::uint64_t Loop::append_with(Topic& topic, std::string_view text, Deliver deliver) {
  const std::uint64_t seq = topics.append(topic, text);
  if (seq == 0) {
    return 0;
  }
  ++metrics.published;
  metrics.published_bytes += text.size();
  hand_out(topic, seq, text, deliver);
  return seq;
}

template <class Deliver>
void Loop::hand_out(Topic& topic, std::uint64_t seq, std::string_view text, Deliver deliver) {
  const Event event{seq, text, date.now(), event_scratch_, deflater};
  const bool gathers = options_.write_delay > Nanos(0);
  if (gathers) {
    gather_event(topic, event);
  }
  fan_out(
      topic, event, fan_out_,
      [&](Subscriber& subscriber, std::string_view bytes, const Strategy& strategy) {
        deliver(static_cast<Connection&>(subscriber), bytes, strategy, event);
      },
      gathers ? Audience::kThoseServedOnce : Audience::kAll);
}

// The first of them waits for as long as it may, and what comes meanwhile goes with it.
void Loop::gather_event(Topic& topic, const Event& event) {
  if (topic.gathered == nullptr) {
    topic.gathered = std::make_unique<Gathered>();
    gathering_.push_back(&topic);
    if (!write_alarm_.is_set()) {
      reactor_.set(write_alarm_, steady_now() + options_.write_delay,
                   [this](const error_code&) { write_all_gathered(); });
    }
  }
  if (gather(topic, event, *topic.gathered) > kMaxGathered) {
    write_gathered(topic);
  }
}

void Loop::write_gathered(Topic& topic) {
  if (const auto gathered = std::move(topic.gathered)) {
    fan_out(topic, *gathered,
            [](Subscriber& subscriber, std::string_view bytes, std::uint32_t events) {
              static_cast<Connection&>(subscriber).deliver(bytes, events);
            });
  }
}

// A topic with events is never forgotten, so all of them are still there.
void Loop::write_all_gathered() {
  for (Topic* const topic : std::exchange(gathering_, {})) {
    write_gathered(*topic);
  }
}

std::uint64_t Loop::append(Topic& topic, std::string_view text) {
  return append_with(topic, text, deliver_whole);
}

std::uint64_t Loop::append_slowly(Topic& topic, std::string_view text) {
  return append_with(topic, text,
                     [this](Connection& connection, std::string_view bytes,
                            const Strategy& strategy, const Event& event) {
                       injector_->before_delivery();
                       deliver_whole(connection, bytes, strategy, event);
                     });
}

std::uint64_t Loop::append_and_cut(Topic& topic, std::string_view text) {
  return append_with(
      topic, text,
      [](Connection& connection, std::string_view bytes, const Strategy& strategy,
         const Event& event) {
        const std::size_t missing =
            strategy.compressed ? bytes.size() / 2 : kFramedBehind + event.text.size() / 2;
        connection.cut_behind(bytes.substr(0, std::max(bytes.size(), missing + 1) - missing));
      });
}

void Loop::arm_tick() {
  reactor_.set(tick_, steady_now() + Wheel::kTick, [this](const error_code&) { on_tick(); });
}

void Loop::on_tick() {
  const TimePoint now = steady_now();
  const bool late = now - std::exchange(ticked_, now) > kLate;
  if (!std::exchange(was_late_, late) && late) {
    arm_tick();
    return;
  }
  if (crew_ != nullptr) {
    crew_->show(*this, own_figures());
  }
  wheel.advance(now, [](Deadline& node) { static_cast<Connection&>(node).on_deadline(); });
  if (stopping_ && now >= cut_at_) {
    for (Connection* const connection : std::vector<Connection*>(open_)) {
      metrics.count(Trouble::kStopCut);
      connection->close();
    }
  }
  if (stopping_ && open_.empty()) {
    return;
  }
  arm_tick();
}

void Loop::stop() {
  if (stopping_) {
    return;
  }
  stopping_ = true;
  cut_at_ = steady_now() + limits().stop_grace;
  if (injector_ != nullptr) {
    injector_->stop();
  }
  write_all_gathered();
  for (Connection* const connection : std::vector<Connection*>(open_)) {
    connection->on_stop();
  }
  end_if_done();
}

void Loop::end_if_done() {
  if (stopping_ && open_.empty()) {
    reactor_.clear(tick_);
    reactor_.stop();
  }
}

}  // namespace pushbench::servers
