#include "harness/study/sizing.h"

#include "harness/base/text.h"
#include "harness/study/observation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pushbench::study {
namespace {

constexpr double kShortestInterval = 0.010;  // s; below it a client asks without pause
constexpr double kTurnaround = model::kExchangeSeconds;

struct Case {
  const Workload& workload;
  const FamilyCost& cost;
  double gain;  // cores that work as one
  const ServerKind& kind;
  const LatencyBounds& bounds;
  const Flow& flow;

  double clients_of_a_topic(double servers) const {
    return std::max(1.0, workload.fan_out / servers);
  }
  // An event goes to every server that has clients of its topic.
  Load load(double servers) const {
    return {flow.connections / servers, flow.requests_per_s / servers,
            workload.deliveries_per_s() / servers,
            workload.publishes_per_s() * std::min(servers, workload.fan_out) / servers};
  }
};

// Of one server.
struct Use {
  double cpu = 0, memory = 0, link = 0;
  double processing_p99_s = 0;
};

double user_memory(const FamilyCost& cost, double connections, double servers) {
  return servers * cost.memory_base_bytes.value + connections * cost.memory_each_bytes.value;
}

// Both ends were on one host when it was measured, and have the same buffers.
double kernel_memory(const FamilyCost& cost, double connections) {
  return connections * cost.kernel_each_bytes.value / 2;
}

double processing_p99(const Case& c, double servers, double utilisation) {
  // Polls come when they like, not when an event does.
  const bool polls = c.cost.family.starts_with("polling");
  const Load load = c.load(servers);
  const double each =
      c.cost.delivery_s(load.deliveries_per_s, load.publishes_per_s) + c.cost.request_cpu_s.value;
  const double batch = (polls ? 1 : c.clients_of_a_topic(servers)) * each / c.gain;
  if (utilisation >= 1) {
    return INFINITY;
  }
  const double tail = std::log(std::max(1.0, 100 * utilisation)) / (2 * (1 - utilisation));
  return batch * (0.99 + tail);
}

Use use_of(const Case& c, double servers) {
  const double connections = c.flow.connections / servers;
  Use out;
  out.cpu = c.cost.cores(c.load(servers)) / c.gain;
  out.memory = (user_memory(c.cost, connections, 1) + kernel_memory(c.cost, connections)) /
               c.kind.memory_bytes;
  out.link = c.flow.ip_down_bytes_per_s() / servers / c.kind.link_bytes_per_s;
  out.processing_p99_s = processing_p99(c, servers, out.cpu);
  return out;
}

bool keeps(const std::optional<double>& bound, double value) {
  return !bound || value < *bound;
}

bool latency_kept(const Case& c, double processing) {
  const auto& wait = c.flow.latency;
  return keeps(c.bounds.mean_s, wait.mean_s + processing / 2) &&
         keeps(c.bounds.p50_s, wait.p50_s + processing / 2) &&
         keeps(c.bounds.p99_s, wait.p99_s + processing) &&
         keeps(c.bounds.max_s, wait.max_s + processing);
}

// What keeps `servers` from being enough; kOne: nothing does.
Decides short_of(const Case& c, double servers) {
  const Use use = use_of(c, servers);
  const double clients_each = c.flow.connections / servers;
  if (use.cpu > c.kind.most_cpu) {
    return Decides::kProcessor;
  }
  if (use.memory > c.kind.most_memory) {
    return Decides::kMemory;
  }
  if (use.link > c.kind.most_link) {
    return Decides::kLink;
  }
  if (c.cost.clients_most > 0 && clients_each > kMostExtrapolation * c.cost.clients_most) {
    return Decides::kMeasuredRange;
  }
  return latency_kept(c, use.processing_p99_s) ? Decides::kOne : Decides::kLatency;
}

std::string share_text(double share) {
  return fmt::format("{:.0f} %", share * 100);
}

std::string cannot(const Case& c, Decides what) {
  const Use use = use_of(c, kMostServers);
  if (what == Decides::kLatency) {
    return fmt::format(
        "no number of servers keeps the latency: an event waits {} at p99 before any processor "
        "has touched it",
        human_seconds(c.flow.latency.p99_s));
  }
  return fmt::format("more servers do not help: what each must do anyway takes {} of its {}",
                     share_text(what == Decides::kMemory ? use.memory : use.cpu),
                     decides_name(what));
}

// Doubling, then bisection: every need falls with the number of servers.
void find_servers(const Case& c, Size& size) {
  double servers = 1;
  Decides last = Decides::kOne;
  for (;;) {
    const Decides now = short_of(c, servers);
    if (now == Decides::kOne) {
      break;
    }
    last = now;
    if (servers >= kMostServers || servers > c.workload.clients) {
      size.possible = false;
      size.why_not = cannot(c, now);
      return;
    }
    servers *= 2;
  }
  double enough = servers;
  double few = std::floor(servers / 2);
  while (enough - few > 1) {
    const double middle = std::floor((enough + few) / 2);
    const Decides now = short_of(c, middle);
    if (now == Decides::kOne) {
      enough = middle;
    } else {
      few = middle;
      last = now;
    }
  }
  size.servers = enough;
  size.decided_by = last;
}

}  // namespace

std::string_view decides_name(Decides what) noexcept {
  constexpr std::array<std::string_view, 6> kNames{"processor", "memory",  "link",
                                                   "range",     "latency", "one does"};
  return kNames.at(static_cast<std::size_t>(what));
}

std::optional<plan::Nanos> longest_interval(const LatencyBounds& bounds, double one_way_s) {
  double longest = INFINITY;
  const auto limit = [&](const std::optional<double>& bound, double part) {
    if (bound) {
      longest = std::min(longest, (*bound - one_way_s) / part);
    }
  };
  limit(bounds.mean_s, 0.5);
  limit(bounds.p50_s, 0.5);
  limit(bounds.p99_s, 0.99);
  limit(bounds.max_s, 1);
  // Below the bound and not at it; and what a processor adds has to fit too.
  const double milliseconds = std::floor(longest * 1000 * 0.99 + 1e-6);
  const double shortest = std::max(kShortestInterval, 2 * one_way_s + kTurnaround);
  if (!std::isfinite(longest) || milliseconds / 1000 < shortest) {
    return std::nullopt;
  }
  return plan::Nanos(std::llround(std::min(milliseconds, 3'600'000.0)) * 1'000'000);
}

Size size_of(const Workload& workload,
             const plan::StrategySpec& cell,
             const FamilyCost& cost,
             const std::optional<ScalingLaw>& scaling,
             const ServerKind& kind,
             const LatencyBounds& bounds) {
  Size size;
  size.cell = cell.cell_name();
  size.family = cost.family;
  size.flow = flow_of(workload, cell);
  const double gain = scaling ? scaling->gain(kind.cores) : kind.cores;
  const Case c{workload, cost, gain, kind, bounds, size.flow};
  find_servers(c, size);
  const Load load = c.load(size.servers);
  const Use use = use_of(c, size.servers);
  size.cores = size.servers * cost.cores(load);
  size.cores_low = size.servers * cost.cores_low(load);
  size.cores_high = size.servers * cost.cores_high(load);
  size.user_memory_bytes = user_memory(cost, size.flow.connections, size.servers);
  size.kernel_memory_bytes = kernel_memory(cost, size.flow.connections);
  size.kernel_known = cost.kernel_each_bytes.usable();
  size.cpu_share = use.cpu;
  size.memory_share = use.memory;
  size.link_share = use.link;
  size.processing_p99_s = use.processing_p99_s;
  size.clients_each = workload.clients / size.servers;
  size.extrapolated =
      cost.clients_most > 0 && size.flow.connections / size.servers > cost.clients_most;
  return size;
}

}  // namespace pushbench::study
