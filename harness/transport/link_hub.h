// All emulated links of a worker: the lines of its clients, its part of the shared ones, the links
// themselves, which outlive the streams that use them until their last handler has run, and one
// heap with one timer that says when something comes out. What falls due within kSlice comes out
// together. Threads: one worker's. Outlives its streams; its io_context outlives it.
#pragma once

#include "harness/base/random.h"
#include "harness/plan/link.h"
#include "harness/transport/emulated_link.h"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace pushbench::transport {

class LinkHub {
 public:
  struct Share {
    std::uint32_t workers = 1;  // a shared line is divided evenly among them
    std::uint32_t topics_per_client = 1;
    std::uint64_t seed = 1;
    std::uint32_t worker = 0;
  };
  static constexpr std::size_t kReadBuffer = 64 * 1024;
  // What falls due so close together is let out together: at most so late, at most so many wakes.
  static constexpr Nanos kSlice{std::chrono::microseconds(100)};

  // `late` hears, for everything that came out, how long after its instant that was.
  LinkHub(asio::io_context& context,
          TimeSource& time,
          const plan::LinkSpec& spec,
          const Share& share,
          std::function<void(Nanos)> late);

  // The line of the client that has the subscription of this number.
  LinkAccess& access_of(std::uint64_t subscription);
  EmulatedLink& take(LinkAccess& access, EmulatedLink::Socket& socket);
  Task<void> run();  // until stop()
  // Lets everything out at once, now and from now on.
  void stop();

  // For links: a trip, and when so many bytes have passed the lines before it.
  Nanos draw_trip() noexcept;
  bool limited_down(const LinkAccess& access) const noexcept;
  bool limited_up(const LinkAccess& access) const noexcept;
  TimePoint pass_down(LinkAccess& access, TimePoint at, std::size_t bytes) noexcept;
  TimePoint pass_up(LinkAccess& access, TimePoint at, std::size_t bytes) noexcept;

 private:
  friend class EmulatedLink;
  TimePoint now() const noexcept { return time_.now(); }
  void schedule(DueQueue::Due& due, TimePoint when);

  asio::io_context& context_;
  TimeSource& time_;
  plan::LinkSpec spec_;
  Share share_;
  std::function<void(Nanos)> late_;
  Line downlink_, uplink_;
  Random random_;
  std::vector<char> scratch_;
  std::deque<LinkAccess> accesses_;
  std::deque<EmulatedLink> links_;
  std::vector<EmulatedLink*> free_;
  DueQueue queue_;
  std::unique_ptr<Sleeper> sleeper_;
  TimePoint sleeping_until_ = TimePoint::max();
  bool releasing_ = false;
  bool stopped_ = false;
};

}  // namespace pushbench::transport
