// The one clock of the product. Latency is a difference of monotonic instants of one host; wall
// time appears only in the provenance of a result. Code that waits takes a TimeSource, so that
// tests can use ManualTime. Threads: a TimeSource belongs to one io_context and is used from its
// thread only.
#pragma once

#include "harness/base/error.h"
#include "harness/base/nanos.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <list>
#include <string>

namespace pushbench {

namespace asio = boost::asio;

// What waits on a thread's loop. The executor's type is spelt out: asio::any_io_executor would cost
// every frame 40 bytes and every wait a virtual call.
template <class T>
using Task = asio::awaitable<T, asio::io_context::executor_type>;

using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Nanos>;

TimePoint steady_now() noexcept;
std::string utc_now_compact();  // "20261121T014300Z": for names of run directories
std::string utc_now_iso();      // "2026-11-21T01:43:00Z": for provenance

// A place to wait that another part of the same thread can wake. The owner keeps it for as long as
// it waits.
class Sleeper {
 public:
  virtual ~Sleeper() = default;
  // Completes with no error at `when`, or with operation_aborted after wake().
  virtual Task<error_code> until(TimePoint when) = 0;
  virtual void wake() = 0;
};

class TimeSource {
 public:
  virtual ~TimeSource() = default;
  virtual TimePoint now() const noexcept = 0;
  virtual std::unique_ptr<Sleeper> make_sleeper() = 0;
};

class AsioTime final : public TimeSource {
 public:
  explicit AsioTime(asio::io_context& context) : context_(context) {}
  TimePoint now() const noexcept override { return steady_now(); }
  std::unique_ptr<Sleeper> make_sleeper() override;

 private:
  asio::io_context& context_;
};

// Time that moves only when a test says so.
class ManualTime final : public TimeSource {
 public:
  explicit ManualTime(asio::io_context& context) : context_(context) {}
  TimePoint now() const noexcept override { return now_; }
  std::unique_ptr<Sleeper> make_sleeper() override;
  void advance(Nanos by);  // wakes the sleepers that fall due, in the order of their instants
  std::size_t sleeping() const noexcept { return waiting_.size(); }

 private:
  friend class ManualSleeper;
  struct Waiting {
    TimePoint when;
    asio::steady_timer* timer;
    bool* due;
  };
  asio::io_context& context_;
  TimePoint now_{std::chrono::hours(1)};
  std::list<Waiting> waiting_;
};

}  // namespace pushbench
