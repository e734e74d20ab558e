// Loads that wait for events: streams, WebSockets and long-polls, which share the way in which
// events are published. Closed loop: the next event leaves when all but in_flight - 1 have arrived
// everywhere; open loop: at fixed instants, whatever has arrived, and latency counts from them. One
// thread.
#pragma once

#include "servers/floor/load.h"
#include "servers/floor/publisher.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench::servers::floor {

class Subscribers : public Load {
 public:
  // `publisher` outlives this.
  Subscribers(const ClientOptions& options, std::uint32_t run_tag, Publisher& publisher);
  void on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) override;
  void start(TimePoint now) override;
  TimePoint act(TimePoint now) override;

 private:
  void publish(TimePoint due);
  void look_for_stall(TimePoint now);

  Publisher& publisher_;
  TimePoint next_;               // open loop
  std::uint64_t expected_ = 0;   // deliveries that the published events should lead to
  std::uint64_t last_seen_ = 0;  // deliveries at the last progress
  TimePoint progress_;
};

class LongPolls final : public Subscribers {
 public:
  using Subscribers::Subscribers;
  std::string_view on_opened(std::uint32_t id,
                             std::string_view bytes,
                             TimePoint now,
                             bool& live) override;
  void on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) override;

 private:
  void ask_after(std::uint32_t id, std::uint64_t seq);

  std::uint64_t question_seq_ = 0;  // clients wait for the same event, so one text serves all
  std::string question_;
};

}  // namespace pushbench::servers::floor
