// An emulated network between a client and the server, as a layer of its stream: a connect takes a
// round trip and the real connect, bytes reach the socket half a round trip after they were
// written, bytes of the socket can be read half a round trip after they came, and both wait for
// their turn on lines of a limited rate. The end of the stream, a reset and our own close travel
// likewise. Each trip takes one_way ± a uniform jitter (one draw for what is written or read
// together), in order. A shared line comes before the client's own in both directions; it counts
// the bytes of streams, without the heads of IP and TCP, in pieces of kPiece. Not emulated: loss,
// congestion, the slow start of TCP.
//
// The instant at which bytes come out is planned when they enter, so that a thread that comes late
// adds no latency: what it adds is told as the link's own error. At most Flight::kMaxBytes of a
// connection are under way in each direction; beyond it the socket is not read (TCP then holds the
// sender) and nothing more is taken from the writer. Errors: those of the socket, half a round trip
// late. Threads: one worker's; the hub outlives its streams.
#pragma once

#include "harness/base/time.h"
#include "harness/transport/due_queue.h"
#include "harness/transport/flight.h"
#include "harness/transport/link_lane.h"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pushbench::transport {

class LinkHub;

// The line to one client, whatever number of connections it has.
struct LinkAccess {
  LinkHub& hub;
  Line down, up;
};

// One connection. Owned by the hub, lent to a stream from connect to close, and kept by the hub
// until what was written before the close has gone out.
class EmulatedLink {
 public:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
  enum class Want : std::uint8_t { kTrip, kRead, kWrite, kEither };
  static constexpr std::size_t kPiece = 1448;  // what a full Ethernet frame carries of a stream

  explicit EmulatedLink(LinkHub& hub);

  // The three steps of a connect: a trip up, (the socket's own connect), a trip down, established.
  void begin(LinkAccess& access, Socket& socket);
  Task<error_code> trip(bool up, const bool* expired);
  void established();
  bool is_established() const noexcept { return state_ == State::kOpen; }

  // As Stream::readable() and its like; `expired` is looked at whenever wake() was called.
  Task<error_code> wait(Want want, const bool* expired);
  void wake() noexcept { changed_.cancel(); }
  std::size_t read_some(std::span<char> into, error_code& ec);
  std::size_t write_some(std::string_view bytes, error_code& ec);
  error_code quiet() const;
  // When the bytes of the last read_some() came out, by plan.
  TimePoint released() const noexcept { return released_; }

  void leave(Socket socket, bool reset);  // closes when all that was written has gone out
  void abandon();                         // ends a connect; the socket is the caller's

 private:
  friend class LinkHub;
  enum class State : std::uint8_t { kConnecting, kOpen, kLeaving, kDone };

  void due(bool upward);
  void enter_down(std::string_view bytes);
  void end(const error_code& ec);
  void watch();
  void on_readable();
  void send_due();
  void send_front();
  void wait_for_room();
  void flush();
  void hang_up();
  void forget_connection() noexcept;
  void retire();
  TimePoint ready_at(Want want) const noexcept;
  TimePoint next_down() const noexcept;
  template <class Handler>
  auto guarded(Handler handler);

  LinkHub& hub_;
  LinkAccess* access_ = nullptr;
  Socket* socket_ = nullptr;    // the stream's, or our own while leaving
  std::optional<Socket> own_;   // while leaving
  asio::steady_timer changed_;  // never expires: what the coroutines of the stream wait on
  Flight down_, up_;
  Lane down_lane_, up_lane_;
  DueQueue::Due down_due_, up_due_;
  TimePoint trip_at_{}, end_at_{}, leave_at_{}, released_{};
  std::optional<error_code> end_;  // of the peer's bytes, comes out at end_at_
  std::uint32_t connection_ = 0;   // tells the operations of this connection from older ones
  std::uint32_t operations_ = 0;   // of a socket, whose handlers have not yet run
  std::uint32_t waiting_ = 0;      // coroutines
  State state_ = State::kDone;
  bool watching_ = false;  // the socket, for bytes
  bool blocked_ = false;   // the kernel's buffer is full
  bool tried_ = false;     // the front of up_ has met a full buffer
  bool broken_ = false;    // the socket takes nothing more
  bool reset_ = false;
};

}  // namespace pushbench::transport
