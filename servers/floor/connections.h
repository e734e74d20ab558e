// The sockets of the floor client: connects that are begun in bounded number, one read for a
// wake-up into a buffer that all share, one table of 32 bytes a connection. What the bytes mean is
// the Load's matter. One thread. Failures of single connections are counted as errors of the load.
#pragma once

#include "servers/floor/load.h"
#include "servers/floor/sockets.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace pushbench::servers::floor {

class Connections {
 public:
  Connections(const ClientOptions& options, Load& load);
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  // Begins to open the first `count` connections, a bounded number at a time, and waits until each
  // of them is live or has failed, or `bound` has passed.
  void open_until(std::uint32_t count, TimePoint bound);
  // Begins to open all of them and waits for none.
  void open_all();
  // Waits until something happens, at most until `bound`, and hands it to the load.
  void serve(TimePoint bound);

  void open(std::uint32_t id);
  void close(std::uint32_t id);
  // false: it could not be written whole. The connection is then closed, and an error counted.
  bool send(std::uint32_t id, std::string_view bytes);
  bool is_live(std::uint32_t id) const noexcept { return table_[id].state == State::kLive; }
  std::uint32_t live() const noexcept { return live_; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(table_.size()); }
  Carry& carry(std::uint32_t id) noexcept { return table_[id].carry; }
  // When the connection was begun, or what mark() was given last.
  TimePoint began(std::uint32_t id) const noexcept { return table_[id].began; }
  void mark(std::uint32_t id, TimePoint now) noexcept { table_[id].began = now; }

 private:
  enum class State : std::uint8_t { kClosed, kConnecting, kAsked, kLive };
  struct Connection {
    TimePoint began;
    int descriptor = -1;
    State state = State::kClosed;
    Carry carry;
  };
  void arm(TimePoint bound);
  void on_event(std::uint32_t id);
  void ask(std::uint32_t id);
  void on_readable(std::uint32_t id);
  std::uint8_t next_source() noexcept;

  Load& load_;
  const ModeRow& row_;
  std::uint16_t port_;
  bool spread_;
  std::uint32_t begun_ = 0;    // by open_until(), each once
  std::uint32_t opened_ = 0;   // sockets so far
  std::uint32_t waiting_ = 0;  // begun, and neither live nor closed
  std::uint32_t live_ = 0;
  Epoll epoll_;
  // The timeout of epoll_wait() counts milliseconds, which is late or busy waiting.
  Descriptor timer_;
  TimePoint armed_ = kNever;
  std::vector<Connection> table_;
  std::vector<char> buffer_;
};

}  // namespace pushbench::servers::floor
