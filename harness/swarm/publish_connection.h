// One pipelined keep-alive connection of the publisher: requests go out at once, answers come back
// in order. What the kernel does not take waits in a bounded outbox. Threads: the publisher's only.
#pragma once

#include "harness/base/time.h"
#include "harness/plan/event_plan.h"
#include "harness/swarm/worker.h"
#include "harness/transport/stream.h"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::swarm {

class PublishConnection {
 public:
  static constexpr std::size_t kMaxUnanswered =
      16'384;  // events written or waiting, not yet answered
  static constexpr std::size_t kMaxOutbox = 32 * 1024 * 1024;  // bytes the kernel has not taken

  // What happened to an event: told in the order of publishing.
  struct Outcome {
    virtual ~Outcome() = default;
    virtual void sent(const plan::PlannedEvent& event, TimePoint at) = 0;
    virtual void answered(const plan::PlannedEvent& event, Nanos took, int status) = 0;
    virtual void cut(
        const plan::PlannedEvent& event) = 0;  // written or waiting when the connection ended
  };

  PublishConnection(asio::io_context& context,
                    TimeSource& time,
                    const CellPlan& plan,
                    Outcome& outcome);

  static constexpr Nanos kConnectBound{std::chrono::seconds(5)};

  Task<error_code> connect();
  void expire_if_late(TimePoint now) noexcept;  // ends a connect that took longer than its bound
  // Queues the event's request; false when the connection is full or closed (nothing queued).
  bool offer(const plan::PlannedEvent& event, std::string_view bytes);
  void flush();  // writes what the kernel takes now
  // Writes what is left in the outbox as the kernel makes room; ends when it is empty or the
  // connection has failed. Only when needs_drain().
  Task<void> drain();
  bool needs_drain() const noexcept { return open_ && !draining_ && !outbox_.empty(); }
  Task<error_code> serve();  // reads answers; ends with the connection
  void stop() noexcept { stream_.close(); }
  bool full() const noexcept { return unanswered_.size() >= kMaxUnanswered; }
  std::size_t unanswered() const noexcept { return unanswered_.size(); }
  bool open() const noexcept { return open_; }
  std::uint16_t local_port() { return stream_.local_port(); }

 private:
  struct Unanswered {
    plan::PlannedEvent event;
    std::uint64_t end = 0;  // position of its last byte in everything ever queued
    TimePoint sent = TimePoint::max();
  };
  error_code take_answers(std::string_view bytes);
  void finish_front(int status);
  void end(const error_code& ec);

  TimeSource& time_;
  const CellPlan& plan_;
  Outcome& outcome_;
  transport::Stream stream_;
  std::string outbox_;
  std::size_t outbox_taken_ = 0;  // bytes at its front that the kernel has
  std::uint64_t queued_bytes_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::size_t sent_events_ = 0;  // of unanswered_, from the front
  std::deque<Unanswered> unanswered_;
  std::string carry_;  // an answer that is not complete
  std::string request_;
  std::vector<char> buffer_;
  TimePoint deadline_ = TimePoint::max();
  bool open_ = false;
  bool draining_ = false;
};

}  // namespace pushbench::swarm
