#include "harness/swarm/cell_observer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ctime>

namespace pushbench::swarm {

using result::Counter;
using result::kNotMeasured;
using transport::SocketTraffic;

namespace {

void put(std::vector<double>& points, std::size_t second, std::uint64_t value) {
  points.resize(second, kNotMeasured);
  points.push_back(static_cast<double>(value));
}

// Of a processor; waiting for one is no cost.
Nanos thread_time() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + Nanos(now.tv_nsec);
}

// What opened or closed between takes counts with it that only its own side could tell.
bool same_sockets(const CensusEnd& a, const CensusEnd& b) {
  return a.traffic.sockets == b.traffic.sockets;
}

}  // namespace

void CellObserver::watch(const Subject& subject) {
  subject_ = subject;
  sockets_.server = subject.address;
  sockets_.clients = subject.clients;
  if (const auto now = sample()) {
    process_started_ = now->started_ticks;
    auto& server = result_.server.emplace();
    server.memory_base_bytes = now->resident_bytes;
    kernel_base_ = kernel_memory();
    server.kernel_base_bytes = kernel_base_ ? kernel_base_->bytes : 0;
  }
}

// Another process that got the same number is not the server.
std::optional<ProcessSample> CellObserver::sample() const {
  auto now = subject_.pid ? sample_process(*subject_.pid) : std::nullopt;
  const bool other = now && process_started_ && now->started_ticks != *process_started_;
  return other ? std::nullopt : now;
}

bool CellObserver::process_gone() const {
  if (!subject_.pid) {
    return false;
  }
  const auto times = process_times(*subject_.pid);
  return !times || (process_started_ && times->started_ticks != *process_started_);
}

void CellObserver::connected(std::uint64_t connections) {
  const auto now = sample();
  if (now && result_.server) {
    result_.server->memory_bytes = now->resident_bytes;
    const auto kernel = kernel_memory();
    const auto growth =
        kernel && kernel_base_ ? clear_growth(*kernel_base_, *kernel) : std::nullopt;
    result_.server->kernel_bytes = growth ? kernel_base_->bytes + *growth : 0;
    result_.server->connections = connections;
  }
}

bool CellObserver::is_due(TimePoint now, std::uint64_t received) {
  close_slice(now, received);
  return now >= next_look_;
}

void CellObserver::look(TimePoint now) {
  next_look_ = now + kEvery;
  if (now >= cell_start_ + std::chrono::seconds(seconds_ + 1)) {
    count_sockets(now);
    close_second(now);
  }
}

void CellObserver::close_slice(TimePoint now, std::uint64_t received) {
  if (!quiet_ || !subject_.pid || now < next_slice_) {
    return;
  }
  const Nanos before = thread_time();
  if (const auto cpu_ns = process_cpu_ns(*subject_.pid)) {
    quiet_->mark(*cpu_ns, received);
  }
  next_slice_ = now + std::max(kSlice / 2, kCensusShare * (thread_time() - before));
}

void CellObserver::count_sockets(TimePoint now) {
  if (now < next_census_) {
    return;
  }
  const Nanos before = thread_time();
  const auto count = census_.take(sockets_, false);
  next_census_ = now + kCensusShare * (thread_time() - before);
  if (!count) {
    return;
  }
  result::Series& series = result_.series;
  const CensusEnd& clients = count->clients;
  const CensusEnd& server = count->server;
  const std::uint64_t waiting = clients.time_wait + server.time_wait;
  auto& peak = result_.counters[Counter::kTimeWaitPeak];
  peak = std::max(peak, waiting);
  put(series.time_wait, seconds_, waiting);
  put(series.clients_established, seconds_, clients.established);
  put(series.clients_time_wait, seconds_, clients.time_wait);
  put(series.clients_close_wait, seconds_, clients.close_wait);
  put(series.clients_queue_bytes, seconds_, clients.queue_bytes);
  put(series.socket_memory_bytes, seconds_, count->memory_bytes);
  server_end_seen_ |= server.sockets > 0;
  if (server_end_seen_) {  // else it is on another host, or in another network namespace
    put(series.server_established, seconds_, server.established);
    put(series.server_time_wait, seconds_, server.time_wait);
    put(series.server_close_wait, seconds_, server.close_wait);
    put(series.server_queue_bytes, seconds_, server.queue_bytes);
  }
}

// What the server used in the second that has passed.
void CellObserver::close_second(TimePoint now) {
  const auto used = sample();
  if (used && result_.server) {
    // A thread that ended took its time with it.
    const bool known = seen_cpu_ns_ != 0 && used->cpu_ns >= seen_cpu_ns_;
    auto& shares = result_.series.server_cpu_share;
    shares.resize(seconds_, kNotMeasured);
    shares.push_back(
        known ? static_cast<double>(used->cpu_ns - seen_cpu_ns_) /
                    static_cast<double>(std::max<std::int64_t>(1, (now - seen_at_).count()))
              : kNotMeasured);
    put(result_.series.server_memory_bytes, seconds_, used->resident_bytes);
    seen_cpu_ns_ = used->cpu_ns;
    seen_at_ = now;
  }
  ++seconds_;
}

std::optional<CensusCount> CellObserver::detailed_census() {
  auto count = census_.take(sockets_, true);
  if (!count) {
    return count;
  }
  auto& peak = result_.counters[Counter::kTimeWaitPeak];
  peak = std::max(peak, count->clients.time_wait + count->server.time_wait);
  for (const auto& [name, end] :
       {std::pair("clients", &count->clients), std::pair("server", &count->server)}) {
    if (end->sockets > 0 && !end->congestion_control.empty()) {
      in_force_[fmt::format("{}_congestion_control", name)] =
          fmt::format("{}", fmt::join(end->congestion_control, ", "));
    }
    if (!end->data_per_segment.empty()) {
      const auto low = *end->data_per_segment.begin();
      const auto high = *end->data_per_segment.rbegin();
      in_force_[fmt::format("{}_segment_bytes", name)] =
          low == high ? std::to_string(low) : fmt::format("{}-{}", low, high);
    }
  }
  return count;
}

void CellObserver::window_opens(TimePoint now, const SocketTraffic& closed) {
  window_began_ = now;
  closed_at_open_ = closed;
  // First what is divided by the window's deliveries: a census of many sockets takes its time.
  at_open_ = sample();
  ticks_at_open_ = processor_ticks();
  census_at_open_ = detailed_census();
  quiet_.emplace();
}

void CellObserver::window_closes(TimePoint now, const SocketTraffic& closed) {
  result_.measure_s = seconds_of(now - window_began_);
  const auto used = sample();
  result_.generator.steal_share = stolen_between(ticks_at_open_, processor_ticks());
  measure_traffic(closed);
  // A server that is gone, or that was another process at the start, has no cost that could be
  // told.
  if (at_open_ && used && result_.server && used->cpu_ns >= at_open_->cpu_ns) {
    measure_server(*used);
  } else {
    result_.server.reset();
  }
  quiet_.reset();
}

void CellObserver::measure_traffic(const SocketTraffic& closed) {
  const auto now = detailed_census();
  if (!now || !census_at_open_) {
    return;
  }
  const auto& [clients, server, memory] = *now;
  const auto& clients_then = census_at_open_->clients;
  const auto& server_then = census_at_open_->server;
  if (clients.traffic_known && clients_then.traffic_known) {
    result_.kernel_clients =
        traffic_between({.open = clients_then.traffic, .closed = closed_at_open_},
                        {.open = clients.traffic, .closed = closed});
  }
  const bool nothing_closed = closed.sockets == closed_at_open_.sockets &&
                              same_sockets(clients, clients_then) &&
                              same_sockets(server, server_then);
  if (nothing_closed && server.traffic_known && server_then.traffic_known) {
    result_.kernel_server = traffic_between({.open = server_then.traffic, .closed = {}},
                                            {.open = server.traffic, .closed = {}});
  }
}

void CellObserver::measure_server(const ProcessSample& used) {
  const auto since = [](std::uint64_t now, std::uint64_t then) {
    return now > then ? now - then : 0;
  };
  result::ServerCost& server = *result_.server;
  server.cpu_ns = used.cpu_ns - at_open_->cpu_ns;
  server.user_ticks = since(used.user_ticks, at_open_->user_ticks);
  server.system_ticks = since(used.system_ticks, at_open_->system_ticks);
  server.voluntary_switches = since(used.voluntary_switches, at_open_->voluntary_switches);
  server.involuntary_switches = since(used.involuntary_switches, at_open_->involuntary_switches);
  server.quiet_cpu_ps_per_delivery = quiet_->per_delivery_ps().value_or(0);
}

}  // namespace pushbench::swarm
