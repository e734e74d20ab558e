// The sink of one subscription: its audit, its latencies, and what is open of it. All else goes
// into the recorder of its worker. Memory: 184 bytes, fixed. Threads: the worker's.
#pragma once

#include "harness/swarm/recorder.h"
#include "harness/transport/delivery_sink.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace pushbench::swarm {

class SubscriptionRecorder final : public transport::DeliverySink {
 public:
  // `owed`: which events of the topic it owes; null: all that are measured.
  SubscriptionRecorder(Recorder& recorder, std::uint32_t topic, const plan::Owed* owed = nullptr)
      : recorder_(recorder),
        audit_(std::max(recorder.first_ordinal(topic), owed != nullptr ? owed->first : 0)),
        owed_(owed),
        topic_(topic) {}

  void on_open() override;
  void on_connect_failed(const error_code& ec) override;
  void on_close(const error_code& ec) override;
  void on_socket_traffic(const transport::SocketTraffic& whole_life) override {
    recorder_.live_.closed.add(whole_life);
  }
  void on_subscribed(Nanos took, TimePoint at) override;
  void on_event(std::string_view event, TimePoint received) override {
    recorder_.event({audit_, figures_, topic_, owed_}, event, received);
  }
  void on_gap() override;
  void on_traffic(const wire::Traffic& delta) override;
  void on_spelling(const transport::Spelling& delta) override;
  void on_ask() override;
  void on_request(std::uint32_t cursor_digits) override;
  void on_answer(const transport::Answer& answer) override;
  void on_stream_head(std::uint32_t cursor_digits) override;
  void on_request_failed(const error_code& ec) override;
  void on_skipped_poll() override;
  void on_upstream_sent(const wire::ByteTally& up) override;
  void on_upstream_acked(Nanos took, const wire::ByteTally& down) override;

  // An upstream event fell due and could not be sent, or its connection ended before the answer.
  void on_upstream_unsent();
  // subscribe() returned, though nobody had asked it to: the client is not connected, until the
  // next on_subscribed.
  void on_ended();
  // Its visit is over: it does not come back, and nothing is on its way to it any more.
  void on_left();
  // True once after each successful subscribe: the driver then starts its backoff anew.
  bool take_progress() noexcept { return std::exchange(progress_, false); }

  // When the worker has ended: `end` and `young` as Audit::close has them.
  void settle(std::uint64_t end, std::uint64_t young);
  std::uint32_t topic() const noexcept { return topic_; }
  const ClientFigures& figures() const noexcept { return figures_; }
  TimePoint first_subscribed() const noexcept { return first_subscribed_; }

 private:
  // A client that came back after a cut: the bytes until it is subscribed again are a reconnect's;
  // the read that told so is reported behind it.
  enum class Return : std::uint8_t { kNone, kOnTheWay, kArrived };

  Recorder& recorder_;
  Audit audit_;
  ClientFigures figures_;
  const plan::Owed* owed_;
  TimePoint first_subscribed_{};
  std::uint32_t topic_;
  std::uint8_t sockets_ = 0;  // open; one more with upstream over HTTP
  bool asked_ = false;        // a request is unanswered
  bool connected_ = false;
  Return return_ = Return::kNone;
  bool progress_ = false;
};

}  // namespace pushbench::swarm
