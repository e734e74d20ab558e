// Sockets in TIME_WAIT by the kernel's own count: a sock_diag dump (netlink, sock_diag(7),
// linux/inet_diag.h) of the TCP sockets with the server's port at one end. Where the clients have
// source addresses of their own (loopback), only sockets with one of those at an end count, so that
// what earlier cells left behind does not mix in.
#pragma once

#include "harness/base/error.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace pushbench::swarm {

class Census {
 public:
  // First two bytes of the IPv4 addresses that the clients of a cell use: 127.16 of 127.16.0.1.
  using Net = std::pair<std::uint8_t, std::uint8_t>;

  Census() = default;
  ~Census();
  Census(const Census&) = delete;
  Census& operator=(const Census&) = delete;

  // nullopt where the kernel offers no sock_diag, or this dump failed; bounded by a receive timeout
  // of 1 s.
  std::optional<std::uint64_t> time_wait(std::uint16_t server_port,
                                         std::optional<Net> clients,
                                         bool v6 = false);

 private:
  bool open();
  void close() noexcept;
  int socket_ = -1;
  std::uint32_t sequence_ = 0;
};

}  // namespace pushbench::swarm
