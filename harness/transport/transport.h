// A transport is one strategy on the client's side: one coroutine and one row in a constexpr table.
// subscribe() lives as long as one connection (polling with a new connection for each poll: as long
// as polling goes well) and returns why it ended; the swarm reconnects with backoff and calls it
// again with the same Subscription, whose cursor makes it resume. Threads: a Subscription belongs
// to one worker. Nothing here allocates per delivery.
#pragma once

#include "harness/base/random.h"
#include "harness/base/time.h"
#include "harness/plan/scenario.h"
#include "harness/plan/schedule.h"
#include "harness/transport/delivery_sink.h"
#include "harness/transport/dialect.h"
#include "harness/transport/stream.h"
#include "harness/wire/deflate.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::transport {

// Named bounds of a client; one object for a whole cell.
struct Limits {
  Nanos connect_timeout{std::chrono::seconds(5)};  // connect, and for a stream its handshake
  Nanos answer_timeout{
      std::chrono::seconds(10)};  // a poll, a publish; a long-poll has its hold on top
  Nanos silence_timeout{
      std::chrono::seconds(90)};  // a stream that says nothing, not even a comment or ping
  std::size_t max_message = 8 * 1024 * 1024;
  std::size_t max_outbox = 1024 * 1024;  // unsent upstream bytes of one client
  std::size_t max_unacked_upstream = 1024;
};

class LinkHub;

// What every subscription of a worker shares.
struct Shared {
  asio::io_context& context;
  TimeSource& time;
  const Endpoint& endpoint;
  const Dialect& dialect;
  const plan::StrategySpec& strategy;
  const Limits& limits;
  std::span<char> read_buffer;  // of the thread
  std::string&
      scratch;  // of the thread, for requests and unescaping; contents do not outlive a co_await
  LinkHub* links = nullptr;            // emulates the network of the clients; null: what is there
  Reactor* reactor = nullptr;          // watches their sockets; null: the io_context does
  wire::Inflater* inflater = nullptr;  // of the thread; needed where messages are compressed
};

// What was recognised in the bytes of a read.
struct Found {
  wire::ByteTally bytes;
  Spelling spelling;
};

// One connection of a client with its accounting: whatever happens, the sink hears of every socket
// once opened and once closed, and of every byte that crossed it.
class Link {
  std::uint64_t unsettled_ = 0;  // read and not yet reported: the start of an event perhaps

 public:
  Link(const Shared& shared_in, DeliverySink& sink_in, LinkAccess* access);

  const Shared& shared;
  DeliverySink& sink;
  Stream stream;
  TimePoint deadline =
      TimePoint::max();  // the worker's sweep calls stream.expire() when it has passed
  TimePoint began{};     // of the connect
  // Of the last read: right behind it, or when the link let its bytes out; and what inflating took.
  TimePoint received{};
  bool stopping = false;  // set by stop(); subscribe() then ends well
  bool asked = false;     // a request for events is unanswered

  // Connects; on_open or on_connect_failed. The deadline is then that of connect and handshake.
  Task<error_code> open(asio::ip::address source);
  void set_deadline(TimePoint when) noexcept;
  // Closes what is open and tells the sink why; returns `why`, or no error when stopping.
  error_code finish(const error_code& why);
  // An idle connection that can carry another request; otherwise it is closed (and told so).
  bool reusable();

  // Sends shared.scratch, whose last `payload` bytes are an event and whose rest is a head.
  Task<error_code> send_scratch(std::size_t payload);
  // One read, without waiting, into the shared buffer. would_block: nothing there.
  std::span<char> read(error_code& ec);
  // Reports bytes that were read: those recognised, and when no event lies half read, all others as
  // framing.
  void settle(Found found, bool between_events);
  // Closes the stream, and tells before what the kernel counted of it.
  void hang_up();

 private:
  void tell_traffic();
  bool told_open_ = false;  // the last member: those of a Subscription fill its word up
};

struct Outbox;  // upstream state of a WebSocket, see websocket.h

// One client's interest in one topic. Owned by the swarm, outlives the coroutines that use it.
class Subscription : public Link {
 public:
  // `source_in`: where its connections come from, and stays; null: the kernel's choice.
  Subscription(const Shared& shared_in,
               DeliverySink& sink_in,
               std::string topic_in,
               const asio::ip::address* source_in,
               std::uint64_t seed,
               std::uint64_t id);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  // What only polling keeps.
  struct Polls {
    plan::PollSchedule schedule;
    TimePoint from{};                  // origin of the schedule; set at first use
    std::unique_ptr<Sleeper> sleeper;  // made on first use
    std::string last_replayed;         // body of the last answer to a replayed request
  };

  bool subscribed = false;         // this call of subscribe() has told the sink
  bool ready = false;              // handshake done: upstream may write
  std::uint32_t request_size = 0;  // of the last request for events
  std::string topic;
  Cursor cursor;
  std::unique_ptr<Polls> polls;
  std::unique_ptr<Outbox> outbox;  // upstream over the same connection; made on first use

  // Unspecified: the kernel's choice.
  asio::ip::address source() const { return source_ != nullptr ? *source_ : asio::ip::address(); }
  void tell_subscribed();  // once for each call of subscribe()
  // The head of a stream is in: the request is answered, and events follow from `cursor` on.
  void take_stream_head(std::optional<std::uint64_t> start);
  // Ends the subscription from outside: polite where the protocol has a way (WebSocket close), then
  // closes. subscribe() ends at once, without an error.
  void stop();

 private:
  const asio::ip::address* source_;
};

using SubscribeFn = Task<error_code> (*)(Subscription&);
// Sends one event from the client to the server; the acknowledgement goes to the sink, and its time
// counts from `due`, so that an event that had to wait for the one before it shows its wait.
using UpstreamFn = Task<error_code> (*)(Subscription&, std::string_view event, TimePoint due);

struct Transport {
  std::string_view strategy;  // plan::StrategySpec::strategy
  SubscribeFn subscribe;
  bool upstream_on_stream;  // true: upstream events go over the subscription's own connection
  UpstreamFn upstream;      // null when upstream needs a connection of its own (upstream.h)
};

std::span<const Transport> transports() noexcept;
const Transport* find_transport(std::string_view strategy) noexcept;

// Reconnect delay: exponential from 100 ms to 5 s with full jitter below half (attempt counts from
// 0), so that a client makes at most about two connects a second and a swarm does not come back in
// step.
Nanos backoff(std::uint32_t attempt, Random& random) noexcept;

}  // namespace pushbench::transport
