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
inline constexpr std::uint64_t kPortsPerSource =
    20'000;  // of the ephemeral range, with room for collisions

struct CellNeeds {
  std::string name;
  std::uint64_t sockets_per_client = 1;
  Nanos time{};               // all phases
  std::uint64_t sockets = 0;  // most open at once on the client side, upstream included
  std::uint64_t client_descriptors = 0;
  std::uint64_t server_descriptors = 0;
  std::uint64_t connections = 0;  // opened over the whole cell
  double connections_per_s = 0;   // in the steady state
  std::uint64_t time_wait = 0;  // predicted most: rate × min(60 s, cell time), capped by the kernel
  std::uint32_t sources = 1;    // source addresses so that ports suffice
  double deliveries_per_s = 0;  // planned
  double requests_per_s = 0;    // polls and long-polls, without the publisher's
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
