#include "harness/swarm/preflight.h"

#include "harness/base/text.h"
#include "harness/plan/visits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pushbench::swarm {
namespace {

constexpr std::uint64_t kSourceNets = 200;
constexpr std::uint64_t kFirstSourceNet = 16;  // away from addresses that people use by hand
// Of polls that follow each other at once: what one processor does on a fast machine.
constexpr double kMostRequestsPerS = 150'000;
constexpr double kMostConnectionsPerS = 25'000;
constexpr double kTimeWaitSeconds = 60;  // TCP_TIMEWAIT_LEN of Linux

std::string count(std::uint64_t value) {
  return human_count(static_cast<double>(value));
}

// Threads so that each has room for its part of `sockets`, given how unevenly they may fall; 1
// where they share one table anyway.
std::uint32_t threads_for(std::uint64_t sockets, bool even, const Machine& machine) {
  // Of a hash that spreads n sockets over k threads: n / k with a deviation of at most √(n / k).
  constexpr double kDeviations = 6;
  if (!machine.own_tables || machine.descriptors_hard <= 2 * kReservedDescriptors) {
    return 1;
  }
  const auto room = static_cast<double>(machine.descriptors_hard - kReservedDescriptors);
  std::uint32_t threads = 1;
  const auto most = [&] {
    const double part = std::ceil(static_cast<double>(sockets) / threads);
    return even || threads == 1 ? part : part + kDeviations * std::sqrt(part);
  };
  while (threads < kMaxTables && most() > room) {
    ++threads;
  }
  return threads;
}

}  // namespace

CellNeeds needs_of(const plan::Scenario& scenario,
                   const plan::StrategySpec& cell,
                   const Machine& machine) {
  CellNeeds needs;
  const auto subscriptions = static_cast<double>(scenario.subscriptions());
  const double per_topic = scenario.events.highest_rate_per_s() / scenario.topics;
  needs.name = cell.cell_name();
  needs.time = scenario.cell_time(cell);
  needs.deliveries_per_s = subscriptions * per_topic;
  needs.sockets = scenario.subscriptions();
  if (scenario.upstream && cell.strategy != "websocket") {
    needs.sockets += scenario.clients;  // a connection for their own events
  }
  needs.sockets_per_client = (needs.sockets + scenario.clients - 1) / scenario.clients;
  needs.connections = needs.sockets;
  if (cell.strategy == "polling") {
    needs.requests_per_s = cell.polls_at_once()
                               ? cell.new_connection ? kMostConnectionsPerS : kMostRequestsPerS
                               : subscriptions / seconds_of(cell.interval);
  } else if (cell.strategy == "long-polling") {
    needs.requests_per_s = subscriptions * std::max(per_topic, 1 / seconds_of(cell.hold));
  }
  if (cell.new_connection) {
    needs.connections_per_s = needs.requests_per_s;
    needs.connections +=
        static_cast<std::uint64_t>(std::ceil(needs.connections_per_s * seconds_of(needs.time)));
    const double waiting =
        needs.connections_per_s * std::min(kTimeWaitSeconds, seconds_of(needs.time));
    needs.time_wait =
        std::min<std::uint64_t>(static_cast<std::uint64_t>(waiting), machine.max_time_wait);
  }
  // A close travels half a round trip over an emulated link; its descriptor stays until then.
  const auto leaving = static_cast<std::uint64_t>(
      std::ceil(needs.connections_per_s * seconds_of(scenario.round_trip()) / 2));
  needs.client_descriptors = needs.sockets + leaving + kReservedDescriptors;
  needs.server_descriptors = needs.sockets + kReservedDescriptors;
  needs.memory_bytes = needs.sockets * kBytesPerConnection;
  // Emulated links keep their sockets in the table of the process.
  needs.workers = scenario.link ? 1 : threads_for(needs.sockets + leaving, true, machine);
  needs.server_threads = threads_for(needs.sockets, false, machine);
  // Those that left may wait with their ports.
  const auto left =
      static_cast<std::uint64_t>(std::max(0.0, plan::count_visits(scenario) - scenario.clients));
  const std::uint64_t ports = needs.sockets + needs.time_wait + left * needs.sockets_per_client;
  const std::uint64_t each = std::clamp<std::uint64_t>(machine.ports() / 4, 1, kPortsPerSource);
  needs.sources = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, (ports + each - 1) / each));
  return needs;
}

Census::Net loopback_net(std::uint64_t number) noexcept {
  return {127, static_cast<std::uint8_t>(kFirstSourceNet + number % kSourceNets)};
}

std::vector<asio::ip::address> loopback_sources(const Census::Net& net, std::uint32_t count) {
  constexpr std::uint32_t kHosts = 250;  // of a last byte: 1 to 250
  std::vector<asio::ip::address> sources;
  sources.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    sources.emplace_back(
        asio::ip::address_v4({net.first, net.second, static_cast<std::uint8_t>(i / kHosts),
                              static_cast<std::uint8_t>(1 + i % kHosts)}));
  }
  return sources;
}

std::vector<std::string> shortages(const CellNeeds& needs, const Machine& machine, bool loopback) {
  std::vector<std::string> out;
  const auto part = [](std::uint64_t all, std::uint32_t threads) {
    return (all - kReservedDescriptors + threads - 1) / threads + kReservedDescriptors;
  };
  const auto need = std::max(part(needs.client_descriptors, needs.workers),
                             part(needs.server_descriptors, needs.server_threads));
  if (need > machine.descriptors_hard) {
    const auto spare =
        machine.descriptors_hard - std::min(machine.descriptors_hard, kReservedDescriptors);
    const auto clients = spare / needs.sockets_per_client;
    out.push_back(fmt::format(
        "{} needs {} descriptors in one process, this machine allows {}: {}raise the limit "
        "(ulimit -Hn {})",
        needs.name, count(need), count(machine.descriptors_hard),
        clients == 0 ? "" : fmt::format("use at most {} clients, or ", count(clients)), need));
  }
  if (loopback && machine.memory_bytes > 0 && needs.memory_bytes > machine.memory_bytes) {
    out.push_back(fmt::format(
        "{} needs some {} of memory for its connections, this machine has {}: use at most {} "
        "clients",
        needs.name, human_bytes(static_cast<double>(needs.memory_bytes)),
        human_bytes(static_cast<double>(machine.memory_bytes)),
        count(machine.memory_bytes / kBytesPerConnection / needs.sockets_per_client)));
  }
  const std::uint64_t ports = needs.sockets + needs.time_wait;
  if (ports > std::min<std::uint64_t>(kMostPortsPerSource, machine.ports() * 3 / 4) && !loopback) {
    out.push_back(
        fmt::format("{} needs {} ports at once, one source address has {}: use fewer clients, a "
                    "longer interval or keep-alive, "
                    "or widen net.ipv4.ip_local_port_range",
                    needs.name, count(ports), count(machine.ports())));
  }
  return out;
}

}  // namespace pushbench::swarm
