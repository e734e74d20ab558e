// What a cell needs, computed before anything starts, and what this machine cannot give. Pure: `run
// --dry-run` prints it, `run` refuses on a shortage.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"
#include "harness/plan/scenario.h"
#include "harness/swarm/census.h"
#include "harness/swarm/machine.h"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace pushbench::swarm {

inline constexpr std::uint64_t kReservedDescriptors = 64;  // files, pipes, epoll, publisher
// Measured with 100,000 idle connections on loopback: 8.3 to 8.8 kB of the kernel for both
// ends, 1.5 kB of the client, 0.4 kB of our server. With room for what waits in buffers.
inline constexpr std::uint64_t kBytesPerConnection = 12'000;
inline constexpr std::uint32_t kMaxTables = 256;  // threads of one side, as our server allows
// Of one address, of the ephemeral range. Linux looks for a port first among those of one parity
// (__inet_hash_connect), one after the other: past half of the range every connect looks at all of
// them, which costs more than the connection. So where addresses are free, few ports of each.
inline constexpr std::uint64_t kPortsPerSource = 5'000;
inline constexpr std::uint64_t kMostPortsPerSource = 20'000;  // where there is one address

struct CellNeeds {
  std::string name;
  std::uint64_t sockets_per_client = 1;
  Nanos time{};               // all phases
  std::uint64_t sockets = 0;  // most open at once on the client side, upstream included
  std::uint64_t client_descriptors = 0;
  std::uint64_t server_descriptors = 0;
  // Threads of the clients and of our own server, at least, so that each finds room for its sockets
  // in a table of descriptors of its own.
  std::uint32_t workers = 1, server_threads = 1;
  std::uint64_t connections = 0;  // opened over the whole cell
  double connections_per_s = 0;   // in the steady state
  std::uint64_t time_wait = 0;  // predicted most: rate × min(60 s, cell time), capped by the kernel
  std::uint32_t sources = 1;    // source addresses so that ports suffice
  std::uint64_t memory_bytes = 0;  // of all sockets, both ends, kernel and user
  double deliveries_per_s = 0;     // planned
  double requests_per_s = 0;       // polls and long-polls, without the publisher's
};

CellNeeds needs_of(const plan::Scenario& scenario,
                   const plan::StrategySpec& cell,
                   const Machine& machine);

// One sentence a shortage, which begins with the cell's name; empty when all is well. `loopback`:
// source addresses can be spread over 127.0.0.0/8.
std::vector<std::string> shortages(const CellNeeds& needs, const Machine& machine, bool loopback);

// Source addresses on loopback: the first of `count` in a net of their own, 127.N.0.1, 127.N.0.2 …
// Different numbers give different nets (of 200), so that ports which an earlier cell left in
// TIME_WAIT are not in the way.
Census::Net loopback_net(std::uint64_t number) noexcept;
std::vector<asio::ip::address> loopback_sources(const Census::Net& net, std::uint32_t count);

}  // namespace pushbench::swarm
