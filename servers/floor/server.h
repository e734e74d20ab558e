// The floor server: what one thread on bare epoll can push. One read for a wake-up, one write for
// an event and a subscriber, from bytes made once; a connection is 8 bytes in a table. It promises
// nothing: no limits, no log but the newest event, no timeouts; a subscriber that does not take an
// event at once is dropped. Paths are those of servers/reference (any topic is the one topic):
// /poll/x, /long-poll/x?after=SEQ, /stream/x, /sse/x, /ws/x, POST /publish/x, and /echo.
// Threads: run() has the server for itself; everything else is before it.
#pragma once

#include "harness/base/error.h"
#include "servers/floor/event_bytes.h"
#include "servers/floor/http.h"
#include "servers/floor/sockets.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pushbench::servers::floor {

class Server {
 public:
  // Port of 127.0.0.1, 0 for any; returns the one that it got.
  Result<std::uint16_t> listen(std::uint16_t port);
  // Serves until the descriptor `stop` can be read (a signalfd, an eventfd).
  void run(int stop);

 private:
  enum class Kind : std::uint8_t { kClosed, kHttp, kLongPoll, kStream, kSse, kWebSocket, kEcho };
  static constexpr std::size_t kKinds = 7;
  struct Connection {
    Kind kind = Kind::kClosed;
    std::uint32_t place = 0;  // in the list of its kind
  };

  void accept_some();
  void on_readable(int descriptor);
  // Bytes that were used; 0 when a request or frame is not complete.
  std::size_t take(int descriptor, std::span<char> bytes);
  std::size_t take_request(int descriptor, std::string_view bytes);
  std::size_t take_echo(int descriptor, std::span<char> bytes);
  void answer(int descriptor, const Request& request);
  void publish(std::string_view text);
  void fan_out(Kind kind, std::string_view bytes);
  void answer_held();
  void subscribe(int descriptor, Kind kind, std::string_view head);
  void become(int descriptor, Kind kind);
  void write(int descriptor, std::string_view bytes);
  void drop(int descriptor);
  Connection& at(int descriptor) { return connections_[static_cast<std::size_t>(descriptor)]; }
  std::vector<int>& list(Kind kind) { return lists_[static_cast<std::size_t>(kind)]; }

  Epoll epoll_;
  Descriptor listener_;
  std::vector<Connection> connections_;           // by descriptor
  std::array<std::vector<int>, kKinds> lists_;    // of descriptors; that of kHttp stays empty
  std::unordered_map<int, std::string> partial_;  // what a read ended in the middle of
  std::vector<int> broken_;                       // found while a list was walked
  std::vector<char> buffer_;
  EventBytes event_;
  UpgradeHead upgrade_;
  std::uint64_t seq_ = 0;
};

}  // namespace pushbench::servers::floor
