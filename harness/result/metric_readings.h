// How each metric of the table is read off a cell: the functions behind the rows of metrics.cc.
// nullopt: not measured, to be withheld, or a ratio without a denominator. Quantiles are template
// arguments in per mille, since clang 14 takes no floating-point ones. Pure.
#pragma once

#include "harness/result/run_result.h"

#include <cstdint>
#include <initializer_list>
#include <optional>

namespace pushbench::result::readings {

using Value = std::optional<double>;
using HistogramMember = stats::Histogram CellResult::*;
using KernelMember = std::uint64_t KernelTraffic::*;
using SeriesMember = std::vector<double> Series::*;

Value ratio(double numerator, double denominator);
double sum_of(const CellResult& cell, std::initializer_list<Counter> counters);
// Withheld below stats::samples_needed(q) independent draws.
Value percentile(const stats::Histogram& histogram, double q, std::uint64_t independent);
Value mean(const stats::Histogram& histogram);
Value highest(
    const std::vector<double>& points);  // of a series; points not measured are passed over

// Draws of latency are events: one broadcast to N clients is one.
template <HistogramMember Member, int PerMille>
Value of_events(const CellResult& cell) {
  return percentile(cell.*Member, PerMille / 1000.0, cell.events_measured);
}

// Histograms in which every value is a draw of its own.
template <HistogramMember Member, int PerMille>
Value own(const CellResult& cell) {
  return percentile(cell.*Member, PerMille / 1000.0, (cell.*Member).count());
}

// A quantile over the clients themselves, which are all there: no sample, nothing is withheld.
template <HistogramMember Member, int PerMille>
Value over_clients(const CellResult& cell) {
  const auto& histogram = cell.*Member;
  return histogram.empty()
             ? std::nullopt
             : Value(static_cast<double>(histogram.quantile(PerMille / 1000.0).count()));
}

template <Counter... Which>
Value total(const CellResult& cell) {
  return sum_of(cell, {Which...});
}

// Of a cell that was audited: with `--audit off` nothing is expected, and nothing was counted.
template <Counter... Which>
Value audited(const CellResult& cell) {
  return cell.counters[Counter::kExpected] > 0 ? total<Which...>(cell) : std::nullopt;
}

template <Counter... Which>
Value per_delivery(const CellResult& cell) {
  return ratio(sum_of(cell, {Which...}), sum_of(cell, {Counter::kReceived}));
}

template <Counter... Which>
Value per_second(const CellResult& cell) {
  return ratio(sum_of(cell, {Which...}), cell.measure_s);
}

template <HistogramMember Member>
Value mean_of(const CellResult& cell) {
  return mean(cell.*Member);
}

// Of the clients' end, both directions.
template <KernelMember... Which>
Value kernel(const CellResult& cell) {
  return cell.kernel_clients
             ? Value(static_cast<double>((0U + ... + ((*cell.kernel_clients).*Which))))
             : std::nullopt;
}

template <KernelMember... Which>
Value kernel_per_delivery(const CellResult& cell) {
  const Value sum = kernel<Which...>(cell);
  return sum ? ratio(*sum, sum_of(cell, {Counter::kReceived})) : std::nullopt;
}

template <SeriesMember Member>
Value peak(const CellResult& cell) {
  return highest(cell.series.*Member);
}

Value latency_max(const CellResult& cell);
Value received_per_s(const CellResult& cell);
Value events_per_response(const CellResult& cell);
Value empty_share(const CellResult& cell);
Value upstream_bytes(const CellResult& cell);
Value rtt(const CellResult& cell);
Value retransmitted(const CellResult& cell);
Value connect_order_effect(const CellResult& cell);
Value clients_per_s(const CellResult& cell);
Value server_cpu(const CellResult& cell);
// Withheld below 100 clock ticks: too coarse to be told apart.
Value server_cpu_quiet(const CellResult& cell);
Value server_cpu_user(const CellResult& cell);
Value server_cpu_system(const CellResult& cell);
Value server_switches(const CellResult& cell);
Value publish_cpu(const CellResult& cell);
Value server_memory(const CellResult& cell);
Value kernel_memory(const CellResult& cell);
Value time_wait_peak(const CellResult& cell);
Value client_cpu(const CellResult& cell);
Value unexplained(const CellResult& cell);
Value compression_ratio(const CellResult& cell);
Value head_per_request(const CellResult& cell);

}  // namespace pushbench::result::readings
