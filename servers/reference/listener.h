// The accepting side of a loop: one listening socket, a bounded number of accepts a turn. The loops
// of a crew each have one on the same port, and the kernel gives every connection to one of them by
// a hash of its addresses (SO_REUSEPORT, socket(7)). Running out of
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

  // Who else listens on the port: nobody, loops that follow this one, or loops before it.
  enum class Role : std::uint8_t { kAlone, kFirst, kFurther };

  // The port it got, port 0 being the system's choice. `own_table`: what the loop opens fills a
  // descriptor table of its own. The failure names address and port, what the system said and what
  // to do.
  Result<std::uint16_t> listen(Role role, std::uint16_t port, bool own_table = true);
  void stop();

 private:
  error_code open(const asio::ip::tcp::endpoint& endpoint, Role role);
  void arm();
  void on_ready();
  void pause();
  void resume();
  void log_trouble(int error);
  bool refused(int descriptor, const asio::ip::tcp::endpoint& peer);
  bool admitted();
  void leave_admitted();

  Loop& loop_;
  int descriptor_ = -1;
  Reactor::Watch watch_;
  Reactor::Alarm retry_;
  std::size_t max_connections_ = 0;  // of the whole server
  std::size_t max_own_ = 0;          // of this loop
  TimePoint logged_{};
  bool paused_ = false;
};

}  // namespace pushbench::servers
