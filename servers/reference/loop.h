// Everything that one thread of the server owns: its topics, connections, deadlines, counters and
// scratch buffers. There are no globals: a second thread is a second Loop. Used from the thread
// that runs the reactor only, which must not run again once the Loop is gone. A Loop that has
// stopped, and whose last client has gone, stops the reactor.
#pragma once

#include "harness/base/reactor.h"
#include "harness/wire/deflate.h"
#include "servers/reference/answer.h"
#include "servers/reference/connection.h"
#include "servers/reference/crew.h"
#include "servers/reference/fan_out.h"
#include "servers/reference/metrics.h"
#include "servers/reference/options.h"
#include "servers/reference/pool.h"
#include "servers/reference/repeats.h"
#include "servers/reference/topic.h"
#include "servers/reference/wheel.h"

#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace pushbench::servers {

class Injector;

class Loop {
 public:
  // `crew`: the loops of a server with several threads, this one among them; null when it is alone.
  Loop(Reactor& reactor, const ServerOptions& options, Crew* crew = nullptr);
  ~Loop();

  const ServerOptions& options() const noexcept { return options_; }
  const Limits& limits() const noexcept { return options_.limits; }
  bool loopback() const noexcept { return loopback_; }
  bool stopping() const noexcept { return stopping_; }
  Reactor& reactor() noexcept { return reactor_; }
  Crew* crew() noexcept { return crew_; }

  // Takes over a connected, non-blocking descriptor, which the crew has admitted; closes it when it
  // cannot be waited for.
  error_code adopt(int descriptor, const asio::ip::tcp::endpoint& peer);
  bool address_is_full(const asio::ip::address& address) const;
  std::size_t open_count() const noexcept { return open_.size(); }
  void on_closed(Connection& connection);  // handlers may still come
  void release(Connection& connection);    // no handler will come any more
  // Called after a descriptor came free: the listener waits for it.
  void when_closed(std::function<void()> callback) { when_closed_ = std::move(callback); }

  // 0 when the logs are full, else the number the event got; it has been handed to all who wait.
  std::uint64_t publish(Topic& topic, std::string_view text);
  // What publish() comes to when nothing is injected; the same with the injector's busy wait before
  // each delivery; and the same, but all who wait are handed half of the event and a reset.
  std::uint64_t append(Topic& topic, std::string_view text);
  std::uint64_t append_slowly(Topic& topic, std::string_view text);
  std::uint64_t append_and_cut(Topic& topic, std::string_view text);
  // What waits for the streams of the topic because of write_delay leaves now.
  void write_gathered(Topic& topic);
  // Events that other loops published: whatever a client can have seen of them is here then.
  void take_mail();
  Metrics figures();                                         // of the whole server
  Injector* injector() noexcept { return injector_.get(); }  // null: nothing is injected

  void start();
  void stop();  // tells every client; what is left after stop_grace is cut
  // Cuts what is left, on the thread whose descriptors they are; the reactor must not run again.
  void close_all();

  // The tick of the clock, which is ahead of wheel.now() when the loop is late.
  std::uint32_t clock_tick() const noexcept { return wheel.tick_before(steady_now()); }

  Metrics metrics;
  Topics topics;
  Repeats repeats;
  Wheel wheel;
  HttpDate date;
  std::vector<char> input;  // the one read buffer
  std::string scratch;      // an answer in the making; free between two sends
  std::string body;         // its body, when the head must know its size
  wire::Deflater deflater;  // for all that this loop compresses
  wire::Inflater inflater;  // of what its clients send

 private:
  template <class Deliver>
  std::uint64_t append_with(Topic& topic, std::string_view text, Deliver deliver);
  template <class Deliver>
  void hand_out(Topic& topic, std::uint64_t seq, std::string_view text, Deliver deliver);
  void gather_event(Topic& topic, const Event& event);
  void write_all_gathered();
  const Metrics& own_figures();
  std::uint64_t publish_to_all(Topic& topic, std::string_view text);
  void arm_tick();
  void on_tick();
  void end_if_done();

  Reactor& reactor_;
  Crew* const crew_;
  const ServerOptions options_;
  const bool loopback_;
  Reactor::Alarm tick_;
  Pool<Connection> pool_;
  std::vector<Connection*> open_;
  std::vector<Connection*> closed_;  // whose last handler has not run yet
  // Only when connections per address are limited. The address is kept, since a connection that was
  // reset no longer knows its peer.
  std::unordered_map<const Connection*, std::string> address_of_;
  std::unordered_map<std::string, std::uint32_t> per_address_;
  std::function<void()> when_closed_;
  FanOutBuffers fan_out_;
  std::vector<Topic*> gathering_;  // topics with events that wait for write_delay
  Reactor::Alarm write_alarm_;
  std::string event_scratch_;
  std::unique_ptr<Injector> injector_;
  TimePoint cut_at_{};
  TimePoint ticked_{};
  bool was_late_ = false;
  bool stopping_ = false;
};

}  // namespace pushbench::servers
