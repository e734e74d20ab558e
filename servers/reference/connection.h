// One client's connection. It is not a coroutine: an idle connection owns no frame and no buffer,
// only its place in the reactor, and every read goes into the loop's one buffer; that keeps it near
// half a kilobyte and a delivery at one system call. Bytes are kept in `carry_`
// only while a request is incomplete, and in `outbox_` only while the socket takes no more.
// Lifetime: it lives in the loop's pool; close() may be called at any time, and the object goes
// when its last outstanding handler has run.
#pragma once

#include "harness/base/reactor.h"
#include "harness/wire/websocket.h"
#include "servers/reference/answer.h"
#include "servers/reference/endpoint.h"
#include "servers/reference/strategy.h"
#include "servers/reference/wheel.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::servers {

class Loop;

class Connection final : public Deadline, public Subscriber {
 public:
  enum class Phase : std::uint8_t {
    kHead,     // idle, or a head is coming in
    kBody,     // of a POST
    kHeld,     // a request waits for an event
    kStream,   // SSE, chunked, WebSocket
    kClosing,  // the last bytes are on their way, what comes in is dropped
    kClosed,
  };

  explicit Connection(Loop& loop);
  error_code assign(int descriptor);  // first; once
  void start();

  Loop& loop() noexcept { return loop_; }
  Phase phase() const noexcept { return phase_; }

  // --- For the HTTP layer and the strategies.

  struct Terms {
    std::uint8_t endpoint = 0;  // row of the counters
    bool keep_alive = false;
    bool head_only = false;       // HEAD: no body goes out
    bool asked_to_close = false;  // by the client, which thus sends nothing more
  };
  void begin_request(const Terms& terms) noexcept;
  bool keep_alive() const noexcept { return terms_.keep_alive; }
  bool head_only() const noexcept { return terms_.head_only; }
  // Bytes of an answer that is complete; then the next request, or the end. False: the connection
  // is gone and with it the answer.
  bool answer(std::string_view bytes, int status);
  // Number of the event that a replayed answer gives next; 0 before the first.
  std::uint64_t& replayed() noexcept { return cursor_; }
  void count_answer(int status) noexcept;  // of an answer that does not end: a stream
  // Head and, unless this is HEAD, body. `head.length` is set here when there is a body.
  bool answer(Head head, std::string_view body);
  void refuse(const Refusal& refusal);
  void refuse_and_close(const Refusal& refusal);

  void expect_body(std::unique_ptr<Upload> upload);
  std::unique_ptr<Upload> take_upload() noexcept;
  Upload* upload() noexcept { return upload_.get(); }

  // Waits for the next event of `topic`, at most `longest`.
  void hold(Topic& topic, std::size_t strategy, std::chrono::milliseconds longest);
  void end_hold() noexcept;  // before it is answered by something else than an event
  void resume_if_waiting();  // after that: requests that came behind it get their turn
  // Becomes a stream that begins with `first` (its head), goes on with the log after `cursor`, and
  // then gets events as they come.
  void stream(const Strategy& strategy,
              std::size_t row,
              Topic* topic,
              std::uint64_t cursor,
              std::string& first);
  void use_websocket(bool compressed);
  wire::MessageReader* websocket() noexcept { return reader_.get(); }
  bool finishing() const noexcept { return half_close_; }

  bool send(std::string_view bytes);       // false: the connection is gone
  void send_last(std::string_view bytes);  // once, before an end: also when the outbox is full
  void deliver(std::string_view bytes, const Strategy& strategy, const Event& event);
  void deliver(std::string_view bytes, std::uint32_t events);  // to a stream
  // Injected: half a message, then a reset.
  void cut_behind(std::string_view bytes);
  void answer_in_part(Head head, std::string_view body, std::size_t part);
  // No more events. Flushes, half-closes, reads on until the peer closes or time is up.
  void finish();
  // As finish(), but the peer has to say goodbye first (WebSocket).
  void await_goodbye(std::chrono::milliseconds longest);
  void close();

  // Silence: ticks of the wheel since bytes went out; since bytes came in, or the peer was seen to
  // take some of what waits for it.
  std::uint32_t quiet_out() const noexcept;
  std::uint32_t quiet_in() const noexcept;
  void arm(std::uint32_t ticks_from_now) noexcept;
  bool ping_sent = false;
  std::uint32_t ping_tick = 0;

  // --- For the loop.

  void on_deadline();
  void on_stop();
  std::uint32_t index = 0;  // in the loop's list of open connections

 private:
  struct ReadHandler;
  struct WriteHandler;
  struct ResumeHandler;

  void on_readable(const error_code& ec);
  void on_writable(const error_code& ec);
  void handler_done();
  void resume_later();

  bool wants_input() const noexcept;
  void arm_read();
  void arm_write();
  void on_eof();
  void on_error(int error);
  void consume(std::span<char> fresh);
  std::size_t feed(std::span<char> bytes);
  void keep_rest(std::span<char> fresh, std::size_t used);
  void watch_head(std::uint32_t now);  // a tick of the clock
  void arm_from(std::uint32_t tick, std::uint32_t ticks) noexcept;
  void drained();
  void catch_up(std::string& out);
  void leave() noexcept;
  void cut_slow();
  bool nothing_came();
  void look_for_progress();
  bool cut_stalled();
  void watch_peer();
  void arm_stall() noexcept;
  std::size_t backlog() const noexcept { return outbox_.size() - outbox_sent_; }
  bool outbox_empty() const noexcept { return outbox_.empty(); }

  Loop& loop_;
  int descriptor_ = -1;
  Reactor::Watch watch_;
  std::string carry_;
  std::string outbox_;
  std::unique_ptr<Upload> upload_;
  std::unique_ptr<wire::MessageReader> reader_;
  const Strategy* strategy_ = nullptr;  // while held or streaming
  std::uint64_t cursor_ = 0;  // of a stream that catches up: last number sent; see replayed()
  std::uint32_t outbox_sent_ = 0;
  std::uint32_t sent_tick_ = 0;
  std::uint32_t heard_tick_ = 0;
  std::uint32_t acknowledged_ = 0;   // bytes, when last looked at
  std::uint32_t progress_tick_ = 0;  // when that was last seen to grow, or the outbox to be empty
  std::uint8_t pending_ = 0;         // handlers that will still be called
  Terms terms_;
  Phase phase_ = Phase::kHead;
  bool reading_ = false;  // a wait is outstanding
  bool writing_ = false;
  bool resuming_ = false;
  bool behind_ = false;        // not live yet
  bool pinned_ = false;        // holds its topic without being listed
  bool head_started_ = false;  // the deadline is that of a head
  bool half_close_ = false;    // kClosing: shut our side down when all is sent
  bool shut_ = false;
  bool peer_done_ = false;  // kClosing: its end of stream was read
};

}  // namespace pushbench::servers
