// A cell's TCP sockets by the kernel's own count: how many in which state, what waits in their
// queues, what memory their buffers take, and (detailed) what crossed the wire. Both ends come from
// one dump: the client's end has the server's port as its remote one, the server's end as its local
// one. What is not the cell's is left out: other addresses, and the publisher's connections, told
// by the clients' own addresses (loopback) or else by the publisher's ports. Threads: the run's.
#pragma once

#include "harness/swarm/kernel_traffic.h"
#include "harness/swarm/sock_diag.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pushbench::swarm {

// One end of all connections of the cell.
struct CensusEnd {
  std::uint64_t sockets = 0;  // of whatever state
  std::uint64_t established = 0, time_wait = 0, close_wait = 0;
  std::uint64_t queue_bytes = 0;
  // Detailed only.
  transport::SocketTraffic traffic;
  bool traffic_known = true;  // false: the kernel gave no counts for some socket
  std::set<std::string> congestion_control;
  std::set<std::uint32_t> data_per_segment;
};

struct CensusCount {
  CensusEnd clients, server;
  std::uint64_t memory_bytes = 0;
};

class Census {
 public:
  // First two bytes of the IPv4 addresses that the clients of a cell use: 127.16 of 127.16.0.1.
  using Net = std::pair<std::uint8_t, std::uint8_t>;

  struct Subject {
    boost::asio::ip::tcp::endpoint server;
    std::optional<Net> clients;                // where they have addresses of their own
    std::vector<std::uint16_t> foreign_ports;  // of the publisher, where they have not
  };

  // nullopt where the kernel offers no sock_diag, or this dump failed.
  std::optional<CensusCount> take(const Subject& subject, bool detailed);

  static bool available();

 private:
  SockDiag diag_;
};

}  // namespace pushbench::swarm
