// Upstream events over HTTP: POST on a keep-alive connection of the client's own, opened at the
// first event, one request at a time (the next waits for the answer). What a browser page has
// beside a long-poll or a stream. The acknowledgement time counts from the event's due instant:
// what an event waited for the answer before it, or for the connect of the first, is in it (no
// coordinated omission). Threads: the worker's.
#pragma once

#include "harness/base/time.h"
#include "harness/transport/transport.h"

#include <string_view>

namespace pushbench::transport {

class HttpUpstream final : public Link {
 public:
  explicit HttpUpstream(Subscription& subscription)
      : Link(subscription.shared, subscription.sink, subscription.stream.access()),
        subscription_(subscription) {}

  // Sends and waits for the answer; on a cut connection the next call opens a new one. Sockets are
  // reported to the sink as any other. `event` must stay until it ends. REQUIRES: no other send is
  // under way.
  Task<error_code> send(std::string_view event, TimePoint due);
  // Closes; a send that is under way ends at once without an error. To be called before the end, so
  // that the sink hears of the close.
  void stop();
  void expire() noexcept { stream.expire(); }

 private:
  Task<error_code> post(std::string_view event, TimePoint due);

  Subscription& subscription_;
  bool busy_ = false;
};

}  // namespace pushbench::transport
