// Carries out what injection.h describes, between a publish and the topic log. Owned by a Loop,
// used from its thread only; there is none unless something is to be injected, so that the normal
// path pays one test of a pointer. Memory: events that wait (delayed, or for their successor) take
// at most kMaxWaiting bytes in all; beyond it a delayed event is refused like one that the log has
// no room for, and one that was to change places goes at once.
#pragma once

#include "harness/base/reactor.h"
#include "servers/reference/injection.h"
#include "servers/reference/topic.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pushbench::servers {

class Loop;

class Injector {
 public:
  static constexpr std::size_t kMaxWaiting = std::size_t{64} * 1024 * 1024;
  static constexpr std::uint64_t kShareEvery = 32;  // deliveries: to ask the clock costs too
  // A limited rate lets so much of its time through at once: the tolerance of the generic cell rate
  // algorithm (ITU-T I.371), so that even a random stream just below it hardly waits.
  static constexpr Nanos kRateTolerance{std::chrono::milliseconds(10)};
  static constexpr std::size_t kMaxCuts = 1024;  // per topic: the latest that polls still meet

  Injector(Loop& loop, const Injection& injection);
  ~Injector() { stop(); }
  Injector(const Injector&) = delete;
  Injector& operator=(const Injector&) = delete;

  // As Loop::publish(): what the publisher is told does not show what is done.
  std::uint64_t publish(Topic& topic, std::string_view text);
  // Events `after` + 1 to `last` are about to be answered: the event within which the answer has to
  // end. Never the first of them, so that a client which was cut there, and comes back with the
  // number before it, gets it whole.
  std::optional<std::uint64_t> cut_in(const EventLog& log, std::uint64_t after, std::uint64_t last);
  // So many deliveries are about to be made: uses the processor for as long as they are to cost in
  // addition. Waits that were too long, since a clock has steps, shorten the next.
  void before_delivery(std::uint64_t deliveries = 1);
  void stop();  // what still waits is dropped

 private:
  struct State {
    std::uint64_t events = 0;         // that came so far
    std::optional<std::string> held;  // until its successor has passed it
    std::deque<std::uint64_t> cuts;   // numbers in the log, rising
  };
  struct Delayed {
    TimePoint due;
    Topic* topic;
    std::uint64_t number;
    std::string text;
  };

  State& state_of(Topic& topic);
  std::uint64_t enter(Topic& topic, std::string_view text, std::uint64_t number);
  std::uint64_t append(Topic& topic, State& state, std::string_view text, std::uint64_t number);
  TimePoint due_instant(TimePoint now);
  bool delay(Topic& topic, std::string_view text, std::uint64_t number, TimePoint due);
  void arm_delay();
  void let_due_through();
  void arm_stall();

  Loop& loop_;
  const Injection injection_;
  Reactor::Alarm delay_alarm_;
  Reactor::Alarm stall_alarm_;
  std::deque<Delayed> delayed_;
  std::unordered_map<const EventLog*, State> states_;  // their topics stay, see pin()
  std::size_t waiting_bytes_ = 0;
  Nanos owed_{0};                  // of busy waits; below 0 when the last was too long
  std::uint64_t since_share_ = 0;  // deliveries
  Nanos used_before_;              // of the thread's processor time, when the last wait ended
  TimePoint rate_free_{};          // when all that came so far has had its time
  bool stall_armed_ = false;
  bool stopped_ = false;
};

}  // namespace pushbench::servers
