#include "harness/result/metrics.h"

#include "harness/base/text.h"
#include "harness/stats/interval.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace pushbench::result {
namespace {

using Value = std::optional<double>;
using HistogramMember = stats::Histogram CellResult::*;

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

// Quantiles in per mille: clang 14 takes no floating-point template arguments.
template <int PerMille>
Value latency(const CellResult& cell) {
  return percentile(cell.latency, PerMille / 1000.0, cell.events_measured);
}

// Histograms in which every value is a draw of its own.
template <HistogramMember Member, int PerMille>
Value own(const CellResult& cell) {
  return percentile(cell.*Member, PerMille / 1000.0, (cell.*Member).count());
}

template <Counter... Which>
Value total(const CellResult& cell) {
  return sum_of(cell, {Which...});
}

template <Counter... Which>
Value per_delivery(const CellResult& cell) {
  return ratio(sum_of(cell, {Which...}), sum_of(cell, {Counter::kReceived}));
}

Value latency_mean(const CellResult& cell) {
  return cell.latency.empty() ? std::nullopt : Value(mean_ns(cell.latency));
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

Value upstream_bytes(const CellResult& cell) {
  return ratio(sum_of(cell, {Counter::kUpstreamBytesUp, Counter::kUpstreamBytesDown}),
               sum_of(cell, {Counter::kUpstreamSent}));
}

Value server_cpu(const CellResult& cell) {
  // 0 ns: a kernel without schedstat, not a server without cost.
  return cell.server && cell.server->cpu_ns > 0
             ? ratio(static_cast<double>(cell.server->cpu_ns), sum_of(cell, {Counter::kReceived}))
             : std::nullopt;
}

Value server_memory(const CellResult& cell) {
  // With a connection for every poll nothing is held that the growth could be divided by.
  if (!cell.server || cell.strategy.new_connection ||
      cell.server->memory_bytes < cell.server->memory_base_bytes) {
    return std::nullopt;
  }
  return ratio(static_cast<double>(cell.server->memory_bytes - cell.server->memory_base_bytes),
               static_cast<double>(cell.server->connections));
}

Value time_wait_peak(const CellResult& cell) {
  // Without a series nobody looked: the kernel offers no socket census.
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

constexpr auto kLess = Better::kLess;
constexpr auto kMore = Better::kMore;
constexpr auto kNeither = Better::kNeither;
constexpr auto kNanos = Unit::kNanos;
constexpr auto kBytes = Unit::kBytes;
constexpr auto kEach = Unit::kCount;
constexpr auto kRatio = Unit::kRatio;
using C = Counter;
using R = CellResult;

// clang-format off
constexpr auto kMetrics = std::to_array<Metric>({
  {"latency_mean_ns", "mean", kNanos, kLess, 0, latency_mean,
   "Mean latency: received − due, over the deliveries of all events that fell due in the "
   "measure window."},
  {"latency_p50_ns", "p50", kNanos, kLess, 0.5, latency<500>,
   "Median latency."},
  {"latency_p90_ns", "p90", kNanos, kLess, 0.9, latency<900>,
   "Latency that 90 % of the deliveries do not exceed."},
  {"latency_p99_ns", "p99", kNanos, kLess, 0.99, latency<990>,
   "Latency that 99 % of the deliveries do not exceed."},
  {"latency_p999_ns", "p99.9", kNanos, kLess, 0.999, latency<999>,
   "Latency that 99.9 % of the deliveries do not exceed."},
  {"latency_max_ns", "max", kNanos, kLess, 0, latency_max,
   "The highest latency that was seen."},
  {"setup_p50_ns", "set-up p50", kNanos, kLess, 0.5, own<&R::setup, 500>,
   "Median time from the start of connect to the first answer or finished handshake."},
  {"setup_p99_ns", "set-up p99", kNanos, kLess, 0.99, own<&R::setup, 990>,
   "99 % of the connections were set up within this time."},
  {"publisher_lag_p99_ns", "publisher lag p99", kNanos, kLess, 0.99, own<&R::publisher_lag, 990>,
   "How late the publisher wrote events: sent − due."},
  {"publish_ack_p99_ns", "publish ack p99", kNanos, kLess, 0.99, own<&R::publish_ack, 990>,
   "From writing an event to the server's acknowledgement."},
  {"upstream_ack_p50_ns", "upstream ack p50", kNanos, kLess, 0.5, own<&R::upstream_ack, 500>,
   "Median time from sending an upstream event to its acknowledgement."},
  {"upstream_ack_p99_ns", "upstream ack p99", kNanos, kLess, 0.99, own<&R::upstream_ack, 990>,
   "99 % of the upstream events were acknowledged within this time."},
  {"loop_lag_p99_ns", "loop lag p99", kNanos, kLess, 0.99, own<&R::loop_lag, 990>,
   "How late the timers of the client's threads fired."},
  {"received_per_s", "received/s", Unit::kPerSecond, kMore, 0, received_per_s,
   "Deliveries per second that arrived in the measure window."},
  {"published", "published", kEach, kNeither, 0, total<C::kPublished>,
   "Events that fell due in the measure window and were written to the server."},
  {"expected", "expected", kEach, kNeither, 0, total<C::kExpected>,
   "Deliveries that these events should have led to."},
  {"delivered", "delivered", kEach, kMore, 0, total<C::kDelivered>,
   "Of these, the distinct ones that arrived."},
  {"lost", "lost", kEach, kLess, 0, total<C::kLost>,
   "Of these, the ones that never arrived."},
  {"duplicate", "duplicate", kEach, kLess, 0, total<C::kDuplicate>,
   "Deliveries that arrived again."},
  {"reordered", "reordered", kEach, kLess, 0, total<C::kReordered>,
   "Deliveries that arrived after a later event of the same topic."},
  {"late", "late", kEach, kLess, 0, total<C::kLate>,
   "Deliveries older than the scenario's bound for late ones."},
  {"requests", "requests", kEach, kLess, 0, total<C::kRequests>,
   "HTTP requests sent for events (polls, long-polls, streams, upgrades)."},
  {"empty_polls", "empty polls", kEach, kLess, 0, total<C::kEmptyPolls>,
   "Answers that held no event."},
  {"skipped_polls", "skipped polls", kEach, kLess, 0, total<C::kSkippedPolls>,
   "Polls that fell due while their predecessor was unanswered."},
  {"events_per_response", "events/response", kRatio, kNeither, 0, events_per_response,
   "Deliveries per answer that held any."},
  {"requests_per_delivery", "requests/delivery", kRatio, kLess, 0, per_delivery<C::kRequests>,
   "HTTP requests sent per delivery."},
  {"head_up_bytes", "head up", kBytes, kLess, 0, total<C::kHeadUp>,
   "HTTP heads that clients sent."},
  {"framing_up_bytes", "framing up", kBytes, kLess, 0, total<C::kFramingUp>,
   "Framing that clients sent."},
  {"payload_up_bytes", "payload up", kBytes, kNeither, 0, total<C::kPayloadUp>,
   "Payload that clients sent."},
  {"head_down_bytes", "head down", kBytes, kLess, 0, total<C::kHeadDown>,
   "HTTP heads that clients received."},
  {"framing_down_bytes", "framing down", kBytes, kLess, 0, total<C::kFramingDown>,
   "Framing that clients received: every body byte that is no payload."},
  {"payload_down_bytes", "payload down", kBytes, kNeither, 0, total<C::kPayloadDown>,
   "The events themselves, as clients received them."},
  {"bytes_per_delivery", "bytes/delivery", kBytes, kLess, 0,
   per_delivery<C::kHeadUp, C::kFramingUp, C::kPayloadUp, C::kHeadDown, C::kFramingDown,
     C::kPayloadDown>,
   "All bytes of both directions per delivery."},
  {"head_bytes_per_delivery", "head", kBytes, kLess, 0, per_delivery<C::kHeadUp, C::kHeadDown>,
   "Bytes of HTTP heads of both directions per delivery."},
  {"framing_bytes_per_delivery", "framing", kBytes, kLess, 0,
   per_delivery<C::kFramingUp, C::kFramingDown>,
   "Bytes of framing of both directions per delivery."},
  {"payload_bytes_per_delivery", "payload", kBytes, kNeither, 0,
   per_delivery<C::kPayloadUp, C::kPayloadDown>,
   "Bytes of payload of both directions per delivery."},
  {"upstream_bytes_per_event", "upstream bytes/event", kBytes, kLess, 0, upstream_bytes,
   "All bytes of both directions per event that a client sent."},
  {"sockets_opened", "sockets opened", kEach, kLess, 0, total<C::kSocketsOpened>,
   "Connections opened in the whole cell."},
  {"sockets_failed", "sockets failed", kEach, kLess, 0, total<C::kSocketsFailed>,
   "Connects that did not come to a usable connection."},
  {"sockets_peak", "peak sockets", kEach, kLess, 0, total<C::kSocketsPeak>,
   "Most connections open at the same time."},
  {"time_wait_peak", "TIME_WAIT", kEach, kLess, 0, time_wait_peak,
   "Most sockets of the cell in TIME_WAIT, from the kernel."},
  {"server_cpu_ns_per_delivery", "server CPU", kNanos, kLess, 0, server_cpu,
   "CPU time of the server process, all threads, per delivery."},
  {"server_memory_bytes_per_connection", "memory/conn.", kBytes, kLess, 0, server_memory,
   "Growth of the server's resident memory per connection, before the first event."},
  {"client_cpu_ns_per_delivery", "client CPU", kNanos, kLess, 0, client_cpu,
   "CPU time of the client's worker threads per delivery."},
});
// clang-format on

constexpr std::string_view unit_name(Unit unit) {
  switch (unit) {
    case Unit::kNanos: return "ns";
    case Unit::kBytes: return "bytes";
    case Unit::kCount: return "count";
    case Unit::kPerSecond: return "per second";
    case Unit::kRatio: return "ratio";
  }
  return "";
}

}  // namespace

std::span<const Metric> metrics() noexcept {
  return kMetrics;
}

const Metric* find_metric(std::string_view name) noexcept {
  const auto found = std::find_if(kMetrics.begin(), kMetrics.end(),
                                  [name](const Metric& metric) { return metric.name == name; });
  return found == kMetrics.end() ? nullptr : &*found;
}

std::string format_metric(const Metric& metric, std::optional<double> value) {
  if (!value) {
    return metric.quantile > 0 ? "n too small" : "-";
  }
  switch (metric.unit) {
    case Unit::kNanos: return human_duration(stats::Nanos{std::llround(*value)});
    case Unit::kBytes: return human_bytes(*value);
    case Unit::kPerSecond: return human_count(*value) + "/s";
    case Unit::kCount:
    case Unit::kRatio: return human_count(*value);
  }
  return "-";
}

double mean_ns(const stats::Histogram& histogram) noexcept {
  // A histogram that is read back knows its mean to a few units in the last place only; in 12
  // digits it is the same mean.
  constexpr int kDigits = 12;
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.begin(), text.end(), histogram.mean(),
                                     std::chars_format::general, kDigits);
  double rounded = 0;
  std::from_chars(text.begin(), written.ptr, rounded);
  return rounded;
}

std::string metric_reference() {
  std::string out = "| metric | shown as | unit | better | what it says |\n|---|---|---|---|---|\n";
  for (const auto& metric : kMetrics) {
    const std::string_view better = metric.better == Better::kLess   ? "less"
                                    : metric.better == Better::kMore ? "more"
                                                                     : "";
    out += "| `" + std::string(metric.name) + "` | " + std::string(metric.title) + " | " +
           std::string(unit_name(metric.unit)) + " | " + std::string(better) + " | " +
           std::string(metric.about) + " |\n";
  }
  return out;
}

}  // namespace pushbench::result
