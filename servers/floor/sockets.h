// Sockets and epoll as the floor uses them: loopback only, non-blocking, with the options that
// pushbench's own server sets (cubic, segments as on Ethernet, no Nagle), so that both sides of a
// comparison have the same TCP. A Descriptor has one owner; an Epoll belongs to one thread.
#pragma once

#include "harness/base/error.h"

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace pushbench::servers::floor {

// For everything of a process that is not a connection.
inline constexpr std::uint64_t kReservedDescriptors = 32;
// More than a wake-up of one connection brings, but for a client that reads late.
inline constexpr std::size_t kReadBytes = std::size_t{64} * 1024;

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const noexcept { return number_; }
  // Whoever calls this closes it.
  int release() noexcept { return std::exchange(number_, -1); }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_ = -1;
};

class Epoll {
 public:
  Epoll();
  bool add(int descriptor, std::uint32_t events, std::uint32_t id) noexcept;
  bool change(int descriptor, std::uint32_t events, std::uint32_t id) noexcept;
  // At most `milliseconds` (-1: until something happens). Valid until the next call.
  std::span<const epoll_event> wait(int milliseconds) noexcept;

 private:
  Descriptor descriptor_;
  std::array<epoll_event, 512> events_{};
};

// On 127.0.0.1; `port` 0 lets the kernel choose. A Failure says which port and why not.
Result<Descriptor> listen_on(std::uint16_t port);
std::uint16_t port_of(int descriptor) noexcept;

// A connect to 127.0.0.1 that was begun. `source` 0: the kernel chooses; else the connection comes
// from 127.0.1.`source`, whose ports are its own. A socket that could not be made, or was refused
// at once, is empty and errno says why.
Descriptor connect_to(std::uint16_t port, std::uint8_t source) noexcept;
// What became of that connect: 0, or its errno.
int connect_error(int descriptor) noexcept;
// Closing sends a reset: no TIME_WAIT holds the port of a client that comes and goes.
void reset_on_close(int descriptor) noexcept;

// All of `bytes` at once, or false: whoever does not take it is too slow for the floor.
bool write_whole(int descriptor, std::string_view bytes) noexcept;

}  // namespace pushbench::servers::floor
