// Where a transport tells what happened to one subscription. The swarm's recorder implements it;
// tests use a collecting one. Transports never ask which phase a run is in, and never keep figures
// of their own. Threads: called on the worker's thread only.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"
#include "harness/wire/tally.h"

#include <cstdint>
#include <string_view>

namespace pushbench::transport {

class DeliverySink {
 public:
  virtual ~DeliverySink() = default;

  // Sockets: every connect attempt ends in exactly one of on_open and on_connect_failed; every
  // on_open is followed by exactly one on_close. No error or Errc::kGoingAway: closed well (by us
  // or by the peer at a message boundary); anything else is a cut. A connect that stop() ended
  // fails with operation_aborted.
  virtual void on_open() = 0;
  virtual void on_connect_failed(const error_code& ec) = 0;
  virtual void on_close(const error_code& ec) = 0;
  // The subscription can receive from now on: first answer, stream head or handshake is in. `took`
  // counts from the start of connect.
  virtual void on_subscribed(Nanos took) = 0;

  virtual void on_event(std::string_view event, TimePoint received) = 0;
  virtual void on_gap() = 0;  // the server says that events are gone
  virtual void on_traffic(const wire::Traffic& delta) = 0;
  virtual void on_request() = 0;  // an HTTP request for events was sent
  // A poll or long-poll was answered in full, with so many events. Streams and WebSockets have no
  // such instant.
  virtual void on_answer(std::size_t events) = 0;
  virtual void on_skipped_poll() = 0;

  // All bytes of one upstream event with all that wraps it, and of its acknowledgement. They are in
  // on_traffic too.
  virtual void on_upstream_sent(const wire::ByteTally& up) = 0;
  virtual void on_upstream_acked(Nanos took, const wire::ByteTally& down) = 0;
};

}  // namespace pushbench::transport
