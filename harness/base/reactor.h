// The event loop of a thread that serves many sockets: one epoll instance, edge-triggered, and
// timers beside it. Who waits is resumed straight from the loop, without a queue, a lock or a
// system call of its own: with an io_context every wait of a socket re-arms its descriptor
// (EPOLL_CTL_MOD) and goes through a type-erased executor, which together is a fifth of what
// receiving a small event costs. The io_context stays for what is posted to it; its own sockets and
// timers would not be noticed here. Threads: one; post() may be called from any.
#pragma once

#include "harness/base/time.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

struct epoll_event;

namespace pushbench {

// A coroutine that waits: resumed once, with an error_code, or dropped.
class Continuation {
 public:
  Continuation() = default;
  ~Continuation() { reset(); }
  Continuation(Continuation&& other) noexcept { take(other); }
  Continuation& operator=(Continuation&& other) noexcept {
    if (this != &other) {
      reset();
      take(other);
    }
    return *this;
  }
  Continuation(const Continuation&) = delete;
  Continuation& operator=(const Continuation&) = delete;

  template <class Handler>
  explicit Continuation(Handler handler) : act_(&perform<Handler>) {
    static_assert(sizeof(Handler) <= kSize && alignof(Handler) <= alignof(void*));
    ::new (static_cast<void*>(place_.data())) Handler(std::move(handler));
  }
  explicit operator bool() const noexcept { return act_ != nullptr; }
  void operator()(const error_code& ec) && {
    std::exchange(act_, nullptr)(place_.data(), nullptr, &ec);
  }

 private:
  static constexpr std::size_t kSize = 2 * sizeof(void*);
  // Moves to `to`; or, without one, calls with `ec`; or, without either, destroys.
  using Act = void (*)(void* from, void* to, const error_code* ec);

  template <class Handler>
  static void perform(void* from, void* to, const error_code* ec) {
    Handler* const handler = std::launder(static_cast<Handler*>(from));
    Handler taken(std::move(*handler));
    std::destroy_at(handler);
    if (to != nullptr) {
      ::new (to) Handler(std::move(taken));
    } else if (ec != nullptr) {
      std::move(taken)(*ec);
    }
  }
  void take(Continuation& other) noexcept {
    act_ = std::exchange(other.act_, nullptr);
    if (act_ != nullptr) {
      act_(other.place_.data(), place_.data(), nullptr);
    }
  }
  void reset() noexcept {
    if (act_ != nullptr) {
      std::exchange(act_, nullptr)(place_.data(), nullptr, nullptr);
    }
  }

  alignas(void*) std::array<std::byte, kSize> place_;
  Act act_ = nullptr;
};

class Reactor final : public TimeSource {
 public:
  static constexpr int kMaxEvents = 64;  // taken at once, before timers have their turn

  enum class Want : std::uint8_t { kRead, kWrite, kEither };

  // Interest in one descriptor. It stays where it is while it is watched.
  class Watch {
   public:
    Watch() = default;
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    // A read that found nothing, or not as much as there was room for: wait for the next edge.
    void drained() noexcept { readable_ = ended_; }
    bool is_drained() const noexcept { return !readable_; }
    void filled() noexcept { writable_ = ended_; }  // likewise, the kernel's buffer
    // What is read as soon as there is news: it is fetched when news of this is to be expected.
    template <class Owner>
    void belongs_to(const Owner& owner) noexcept {
      own_.owner = &owner;
      own_.owner_bytes = sizeof owner;
    }

   private:
    friend class Reactor;
    struct Nearby {
      const void* owner = nullptr;
      void* step = nullptr;
      std::uint32_t owner_bytes = 0;
      std::uint32_t step_bytes = 0;
    };
    bool (*step_)(void*) = nullptr;  // of own_.step, before the reader is resumed
    Nearby own_;
    Nearby next_;  // of the watch that had news behind this one, be it still there or not
    Continuation reader_, writer_;
    bool readable_ = false, writable_ = false;
    bool ended_ = false;   // by the peer or an error: no edge will follow
    bool either_ = false;  // the reader waits for room to write as well
  };

  // One instant to be told of. It stays where it is while it is set.
  class Alarm {
   public:
    Alarm() = default;
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    bool is_set() const noexcept { return static_cast<bool>(who_); }

   private:
    friend class Reactor;
    Continuation who_;
    std::size_t place_ = 0;  // in the heap
  };

  explicit Reactor(asio::io_context& context);
  ~Reactor() override;
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  error_code add(int descriptor, Watch& watch) noexcept;
  // To be called before the descriptor is closed; waits end with operation_aborted.
  void remove(int descriptor, Watch& watch) noexcept;
  // The same for a descriptor that is closed next and has no duplicate: closing takes it out.
  void forget(Watch& watch) noexcept;
  void cancel(Watch& watch);  // waits end likewise, and it stays watched
  // To be awaited for a tuple of one error_code: none when the watched descriptor is what is wanted
  // or has ended, operation_aborted after cancel() or remove(). At most one reader and one writer
  // wait at a time. No coroutine of its own, since it is the innermost of every delivery.
  auto wait(Watch& watch, Want want) {
    const auto begin = [this, &watch, want](auto handler) {
      begin_wait(watch, want, Continuation(std::move(handler)));
    };
    constexpr auto kToken = asio::as_tuple(asio::deferred);
    return asio::async_initiate<decltype(kToken), void(error_code)>(begin, kToken);
  }

  // To be awaited likewise, for bytes that keep coming: `step` (bool()) is called whenever some
  // have come, until it returns false or leaves some behind; so an event costs a call instead of a
  // coroutine. REQUIRES: the watch is drained. `step` stays where it is until then.
  template <class Step>
  auto each(Watch& watch, Step& step) {
    const auto begin = [this, &watch, &step](auto handler) {
      watch.step_ = [](void* of) { return (*static_cast<Step*>(of))(); };
      watch.own_.step = &step;
      watch.own_.step_bytes = sizeof step;
      begin_wait(watch, Want::kRead, Continuation(std::move(handler)));
    };
    constexpr auto kToken = asio::as_tuple(asio::deferred);
    return asio::async_initiate<decltype(kToken), void(error_code)>(begin, kToken);
  }
  // As wait(), for a handler of one error_code, of two pointers at most and without a coroutine.
  template <class Handler>
  void when(Watch& watch, Want want, Handler handler) {
    begin_wait(watch, want, Continuation(std::move(handler)));
  }
  // Calls `handler` behind those who are ready now. For the loop's thread; see post().
  template <class Handler>
  void later(Handler handler) {
    ready_.push_back({Continuation(std::move(handler)), {}});
  }
  // Calls `handler` with no error at `instant`, or not at all after clear().
  template <class Handler>
  void set(Alarm& alarm, TimePoint instant, Handler handler) {
    clear(alarm);
    alarm.who_ = Continuation(std::move(handler));
    push({instant, &alarm});
  }
  void clear(Alarm& alarm) noexcept;

  TimePoint now() const noexcept override { return steady_now(); }
  std::unique_ptr<Sleeper> make_sleeper() override;

  // Runs `function` on the loop's thread. Any thread.
  template <class Function>
  void post(Function function) {
    asio::post(context_, std::move(function));
    wake();
  }
  // From now on run() looks for news again and again instead of sleeping until there is some.
  void busy_poll() noexcept { busy_poll_ = true; }
  void run();                // until stop()
  void run_for(Nanos time);  // or until that has passed
  void poll();               // what can be done without waiting, once around
  void stop() { context_.stop(); }
  bool stopped() const { return context_.stopped(); }

 private:
  friend class ReactorSleeper;
  struct Timer {
    TimePoint when;
    Alarm* alarm;
  };
  struct Ready {
    Continuation who;
    error_code ec;
  };

  void turn(bool may_wait);
  void begin_wait(Watch& watch, Want want, Continuation who);
  void wake() noexcept;
  void wake(Alarm& alarm);  // its handler is told operation_aborted
  void dispatch(const epoll_event& event);
  void fetch_next(Watch& watch) noexcept;
  static bool goes_on(Watch& watch);
  void resume_ready();
  void fire_timers();
  void arm_timer();
  void abort(Continuation& who);
  void push(Timer timer);
  void pull(std::size_t at) noexcept;  // takes a timer out of the heap
  void settle(std::size_t at) noexcept;

  asio::io_context& context_;
  int epoll_ = -1, timer_ = -1, wake_ = -1;
  std::vector<Timer> timers_;  // a binary heap; every alarm knows its place
  TimePoint armed_ = TimePoint::max();
  std::vector<Ready> ready_, resuming_;
  std::vector<epoll_event> events_;   // of one look at the sockets
  std::size_t told_ = 0, taken_ = 0;  // of them
  Watch* latest_ = nullptr;           // that had news
  bool busy_poll_ = false;
};

}  // namespace pushbench
