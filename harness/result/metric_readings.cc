#include "harness/result/metric_readings.h"

#include "harness/result/metrics.h"
#include "harness/stats/interval.h"

#include <algorithm>
#include <cmath>

namespace pushbench::result::readings {
namespace {

constexpr std::uint64_t kLeastTicks = 100;

// 0 ns: a kernel without schedstat, not a server without cost.
bool has_server_cpu(const CellResult& cell) {
  return cell.server && cell.server->cpu_ns > 0;
}

// With a connection for every poll nothing is held that a growth could be divided by.
Value growth_per_connection(const CellResult& cell, std::uint64_t before, std::uint64_t after) {
  if (cell.strategy.new_connection || before == 0 || after < before) {
    return std::nullopt;
  }
  return ratio(static_cast<double>(after - before), static_cast<double>(cell.server->connections));
}

// Ticks give the share, schedstat the time.
Value part_of_cpu(const CellResult& cell, std::uint64_t ServerCost::*ticks) {
  if (!has_server_cpu(cell)) {
    return std::nullopt;
  }
  const auto all = cell.server->user_ticks + cell.server->system_ticks;
  if (all < kLeastTicks) {
    return std::nullopt;
  }
  const double share = static_cast<double>((*cell.server).*ticks) / static_cast<double>(all);
  return ratio(share * static_cast<double>(cell.server->cpu_ns),
               sum_of(cell, {Counter::kReceived}));
}

}  // namespace

Value ratio(double numerator, double denominator) {
  return denominator > 0 ? Value(numerator / denominator) : std::nullopt;
}

double sum_of(const CellResult& cell, std::initializer_list<Counter> counters) {
  double sum = 0;
  for (const auto counter : counters) {
    sum += static_cast<double>(cell.counters[counter]);
  }
  return sum;
}

Value percentile(const stats::Histogram& histogram, double q, std::uint64_t independent) {
  if (histogram.empty() || independent < stats::samples_needed(q)) {
    return std::nullopt;
  }
  return static_cast<double>(histogram.quantile(q).count());
}

Value mean(const stats::Histogram& histogram) {
  return histogram.empty() ? std::nullopt : Value(mean_ns(histogram));
}

Value highest(const std::vector<double>& points) {
  Value most;
  for (const double point : points) {
    if (!std::isnan(point)) {
      most = std::max(most.value_or(point), point);
    }
  }
  return most;
}

Value latency_max(const CellResult& cell) {
  return cell.latency.empty() ? std::nullopt
                              : Value(static_cast<double>(cell.latency.max().count()));
}

Value received_per_s(const CellResult& cell) {
  return ratio(sum_of(cell, {Counter::kReceived}), cell.measure_s);
}

Value events_per_response(const CellResult& cell) {
  return ratio(sum_of(cell, {Counter::kReceived}),
               sum_of(cell, {Counter::kAnswers}) - sum_of(cell, {Counter::kEmptyPolls}));
}

Value empty_share(const CellResult& cell) {
  return ratio(sum_of(cell, {Counter::kEmptyPolls}), sum_of(cell, {Counter::kAnswers}));
}

Value upstream_bytes(const CellResult& cell) {
  return ratio(sum_of(cell, {Counter::kUpstreamBytesUp, Counter::kUpstreamBytesDown}),
               sum_of(cell, {Counter::kUpstreamSent}));
}

Value rtt(const CellResult& cell) {
  return cell.kernel_clients && cell.kernel_clients->rtt_mean_ns > 0
             ? Value(static_cast<double>(cell.kernel_clients->rtt_mean_ns))
             : std::nullopt;
}

// Both ends where both are seen: each knows only what it sent.
Value retransmitted(const CellResult& cell) {
  if (!cell.kernel_clients) {
    return std::nullopt;
  }
  const auto far = cell.kernel_server ? cell.kernel_server->retransmitted : 0;
  return static_cast<double>(cell.kernel_clients->retransmitted + far);
}

Value compression_ratio(const CellResult& cell) {
  return cell.strategy.compresses() && cell.counters[Counter::kEventText] > 0
             ? ratio(sum_of(cell, {Counter::kEventText}), sum_of(cell, {Counter::kPayloadDown}))
             : std::nullopt;
}

Value head_per_request(const CellResult& cell) {
  return ratio(sum_of(cell, {Counter::kHeadUp, Counter::kHeadDown}),
               sum_of(cell, {Counter::kRequests}));
}

Value unexplained(const CellResult& cell) {
  return cell.unexplained_bytes ? Value(static_cast<double>(*cell.unexplained_bytes))
                                : std::nullopt;
}

Value connect_order_effect(const CellResult& cell) {
  return cell.connect_order.size() < 2
             ? std::nullopt
             : Value(cell.connect_order.back().mean_ns - cell.connect_order.front().mean_ns);
}

Value server_cpu(const CellResult& cell) {
  return has_server_cpu(cell)
             ? ratio(static_cast<double>(cell.server->cpu_ns), sum_of(cell, {Counter::kReceived}))
             : std::nullopt;
}

Value server_cpu_quiet(const CellResult& cell) {
  constexpr double kPicos = 1000;
  return cell.server && cell.server->quiet_cpu_ps_per_delivery > 0
             ? Value(static_cast<double>(cell.server->quiet_cpu_ps_per_delivery) / kPicos)
             : std::nullopt;
}

Value server_cpu_user(const CellResult& cell) {
  return part_of_cpu(cell, &ServerCost::user_ticks);
}

Value server_cpu_system(const CellResult& cell) {
  return part_of_cpu(cell, &ServerCost::system_ticks);
}

Value clients_per_s(const CellResult& cell) {
  const auto came = cell.clients_at_start.value_or(cell.clients);
  return cell.phases.warmup_s ? ratio(came, *cell.phases.warmup_s) : std::nullopt;
}

// 0: nobody counted them, since a server that serves sleeps now and then.
Value server_switches(const CellResult& cell) {
  const auto switches = has_server_cpu(cell)
                            ? cell.server->voluntary_switches + cell.server->involuntary_switches
                            : 0;
  return switches > 0 ? ratio(static_cast<double>(switches), sum_of(cell, {Counter::kReceived}))
                      : std::nullopt;
}

Value server_memory(const CellResult& cell) {
  return cell.server ? growth_per_connection(cell, cell.server->memory_base_bytes,
                                             cell.server->memory_bytes)
                     : std::nullopt;
}

Value publish_cpu(const CellResult& cell) {
  return cell.server && cell.server->publish_cpu_ns > 0
             ? Value(static_cast<double>(cell.server->publish_cpu_ns))
             : std::nullopt;
}

Value kernel_memory(const CellResult& cell) {
  return cell.server ? growth_per_connection(cell, cell.server->kernel_base_bytes,
                                             cell.server->kernel_bytes)
                     : std::nullopt;
}

// Without a series nobody looked: the kernel offers no socket census.
Value time_wait_peak(const CellResult& cell) {
  return cell.series.time_wait.empty()
             ? std::nullopt
             : Value(static_cast<double>(cell.counters[Counter::kTimeWaitPeak]));
}

Value client_cpu(const CellResult& cell) {
  return cell.generator.worker_cpu_ns == 0
             ? std::nullopt
             : ratio(static_cast<double>(cell.generator.worker_cpu_ns),
                     sum_of(cell, {Counter::kReceived}));
}

}  // namespace pushbench::result::readings
