// The accepting side: one listening socket, a bounded number of accepts a turn. Running out of
// descriptors, or of room in epoll, pauses it (no spinning) until a connection closes or a short
// time has passed; no other error of accept ends it.
#pragma once

#include "servers/reference/loop.h"

#include <cstdint>

namespace pushbench::servers {

class Listener {
 public:
  explicit Listener(Loop& loop) : loop_(loop) {}
  ~Listener() { stop(); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // The port it got. The failure names address and port, what the system said and what to do.
  Result<std::uint16_t> listen();
  void stop();

 private:
  error_code open(const asio::ip::tcp::endpoint& endpoint);
  void arm();
  void on_ready();
  void pause();
  void resume();
  void log_trouble(int error);
  bool refused(int descriptor, const asio::ip::tcp::endpoint& peer);

  Loop& loop_;
  int descriptor_ = -1;
  Reactor::Watch watch_;
  Reactor::Alarm retry_;
  std::size_t max_connections_ = 0;
  TimePoint logged_{};
  bool paused_ = false;
};

}  // namespace pushbench::servers
