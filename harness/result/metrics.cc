#include "harness/result/metrics.h"

#include "harness/base/text.h"
#include "harness/result/metric_readings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace pushbench::result {
namespace {

using namespace readings;  // NOLINT(google-build-using-namespace): the table below is made of them
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
  {"latency_mean_ns", "mean", kNanos, kLess, 0, mean_of<&R::latency>,
   "Mean latency: received − due, over the deliveries of all events that fell due in the "
   "measure window."},
  {"latency_p50_ns", "p50", kNanos, kLess, 0.5, of_events<&R::latency, 500>,
   "Median latency."},
  {"latency_p90_ns", "p90", kNanos, kLess, 0.9, of_events<&R::latency, 900>,
   "Latency that 90 % of the deliveries do not exceed."},
  {"latency_p99_ns", "p99", kNanos, kLess, 0.99, of_events<&R::latency, 990>,
   "Latency that 99 % of the deliveries do not exceed."},
  {"latency_p999_ns", "p99.9", kNanos, kLess, 0.999, of_events<&R::latency, 999>,
   "Latency that 99.9 % of the deliveries do not exceed."},
  {"latency_max_ns", "max", kNanos, kLess, 0, latency_max,
   "The highest latency that was seen."},
  {"latency_from_sent_p50_ns", "p50 from sent", kNanos, kLess, 0.5,
   of_events<&R::latency_from_sent, 500>,
   "Median of received − sent, of the same deliveries: what the publisher's own lag hides."},
  {"latency_from_sent_p99_ns", "p99 from sent", kNanos, kLess, 0.99,
   of_events<&R::latency_from_sent, 990>,
   "99 % of received − sent do not exceed this."},
  {"fan_out_spread_p50_ns", "fan-out p50", kNanos, kLess, 0.5, own<&R::fan_out_spread, 500>,
   "Median over the events: from an event's first receiver to its last."},
  {"fan_out_spread_p99_ns", "fan-out p99", kNanos, kLess, 0.99, own<&R::fan_out_spread, 990>,
   "99 % of the events reached their last receiver within this time of their first."},
  {"client_p50_low_ns", "client p50 low", kNanos, kLess, 0, over_clients<&R::client_p50, 50>,
   "Each client has a median of its own: 5 % of the clients have this or less."},
  {"client_p50_high_ns", "client p50 high", kNanos, kLess, 0, over_clients<&R::client_p50, 950>,
   "95 % of the clients have a median of this or less."},
  {"client_p99_high_ns", "client p99 high", kNanos, kLess, 0, over_clients<&R::client_p99, 950>,
   "Each client has a p99 of its own: 95 % of the clients have this or less."},
  {"connect_order_effect_ns", "last − first", kNanos, kNeither, 0, connect_order_effect,
   "Mean latency of the tenth of the clients that connected last, less that of the first tenth."},
  {"setup_p50_ns", "set-up p50", kNanos, kLess, 0.5, own<&R::setup, 500>,
   "Median time from the start of connect to the first answer or finished handshake."},
  {"setup_p99_ns", "set-up p99", kNanos, kLess, 0.99, own<&R::setup, 990>,
   "99 % of the connections were set up within this time."},
  {"publisher_lag_p99_ns", "publisher lag p99", kNanos, kLess, 0.99, own<&R::publisher_lag, 990>,
   "How late the publisher wrote events: sent − due."},
  {"publish_ack_p99_ns", "publish ack p99", kNanos, kLess, 0.99, own<&R::publish_ack, 990>,
   "From writing an event to the server's acknowledgement."},
  {"upstream_ack_p50_ns", "upstream ack p50", kNanos, kLess, 0.5, own<&R::upstream_ack, 500>,
   "Median time from an upstream event's due instant to its acknowledgement."},
  {"upstream_ack_p99_ns", "upstream ack p99", kNanos, kLess, 0.99, own<&R::upstream_ack, 990>,
   "99 % of the upstream events were acknowledged within this time of being due."},
  {"loop_lag_p99_ns", "loop lag p99", kNanos, kLess, 0.99, own<&R::loop_lag, 990>,
   "How late the timers of the client's threads fired."},
  {"received_per_s", "received/s", Unit::kPerSecond, kMore, 0, received_per_s,
   "Deliveries per second that arrived in the measure window."},
  {"published", "published", kEach, kNeither, 0, total<C::kPublished>,
   "Events that fell due in the measure window and were written to the server."},
  {"expected", "expected", kEach, kNeither, 0, audited<C::kExpected>,
   "Deliveries that these events should have led to."},
  {"delivered", "delivered", kEach, kMore, 0, audited<C::kDelivered>,
   "Of these, the distinct ones that arrived."},
  {"lost", "lost", kEach, kLess, 0, audited<C::kLost>,
   "Of these, the ones that never arrived."},
  {"lost_in_gap", "lost in gap", kEach, kLess, 0, audited<C::kLostInGap>,
   "Of the lost, those between a client's last event before a cut and its first after it."},
  {"in_flight", "in flight", kEach, kLess, 0, audited<C::kInFlight>,
   "Expected, not arrived, and young enough to be on their way when the cell ended."},
  {"duplicate", "duplicate", kEach, kLess, 0, audited<C::kDuplicate>,
   "Deliveries that arrived again."},
  {"reordered", "reordered", kEach, kLess, 0, audited<C::kReordered>,
   "Deliveries that arrived after a later event of the same topic."},
  {"late", "late", kEach, kLess, 0, audited<C::kLate>,
   "Deliveries older than the scenario's bound for late ones."},
  {"gaps", "gaps", kEach, kLess, 0, total<C::kGaps>,
   "Times a client was told that the log no longer holds what it asked for."},
  {"requests", "requests", kEach, kLess, 0, total<C::kRequests>,
   "HTTP requests sent for events (polls, long-polls, streams, upgrades)."},
  {"empty_polls", "empty polls", kEach, kLess, 0, total<C::kEmptyPolls>,
   "Answers that held no event."},
  {"empty_share", "empty share", kRatio, kLess, 0, empty_share,
   "Share of the answers that held no event."},
  {"requests_failed", "requests failed", kEach, kLess, 0, total<C::kRequestsFailed>,
   "Requests of the whole cell that a fault ended before their answer."},
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
  {"head_bytes_per_request", "head/request", kBytes, kLess, 0, head_per_request,
   "Bytes of HTTP heads of both directions per request."},
  {"head_bytes_per_s", "head/s", kBytes, kLess, 0, per_second<C::kHeadUp, C::kHeadDown>,
   "Bytes of HTTP heads of both directions, of all clients together, per second."},
  {"framing_bytes_per_s", "framing/s", kBytes, kLess, 0,
   per_second<C::kFramingUp, C::kFramingDown>,
   "Bytes of framing of both directions, of all clients together, per second."},
  {"framing_bytes_per_delivery", "framing", kBytes, kLess, 0,
   per_delivery<C::kFramingUp, C::kFramingDown>,
   "Bytes of framing of both directions per delivery."},
  {"payload_bytes_per_delivery", "payload", kBytes, kNeither, 0,
   per_delivery<C::kPayloadUp, C::kPayloadDown>,
   "Bytes of payload of both directions per delivery."},
  {"compression_ratio", "compression", kRatio, kMore, 0, compression_ratio,
   "Where compression was asked for: bytes of the events as published, by bytes of payload that "
   "they came as, which then holds what an HTTP body has around them too."},
  {"heartbeat_bytes", "heartbeats", kBytes, kLess, 0, total<C::kHeartbeatBytes>,
   "Of the bytes of both directions: SSE comments, WebSocket pings and pongs."},
  {"empty_poll_bytes", "empty polls", kBytes, kLess, 0, total<C::kEmptyPollBytes>,
   "Of the bytes of both directions: requests and answers that carried no event."},
  {"reconnect_bytes", "reconnects", kBytes, kLess, 0, total<C::kReconnectBytes>,
   "Of the bytes of both directions: requests and heads of clients that came back after a cut."},
  {"unexplained_bytes", "unexplained", kBytes, kLess, 0, unexplained,
   "Of the bytes of both directions: what closed forms do not explain from the run's own counts. 0 "
   "with pushbench's own server; an exchange that an edge of the window cuts shows here."},
  {"segments_per_delivery", "segments/delivery", kRatio, kLess, 0,
   kernel_per_delivery<&KernelTraffic::segments_out, &KernelTraffic::segments_in>,
   "TCP segments of both directions per delivery, by the kernel's count at the clients' end."},
  {"ip_bytes_per_delivery", "IP bytes/delivery", kBytes, kLess, 0,
   kernel_per_delivery<&KernelTraffic::ip_out_bytes, &KernelTraffic::ip_in_bytes>,
   "Bytes on IP level of both directions per delivery: data, TCP and IP heads, pure "
   "acknowledgements."},
  {"retransmitted_segments", "retransmitted", kEach, kLess, 0, retransmitted,
   "Segments that were sent again, at both ends where both are on this host."},
  {"rtt_mean_ns", "RTT", kNanos, kNeither, 0, rtt,
   "Smoothed round-trip time that the kernel measured, mean over the clients' sockets."},
  {"upstream_bytes_per_event", "upstream bytes/event", kBytes, kLess, 0, upstream_bytes,
   "All bytes of both directions per event that a client sent."},
  {"sockets_opened", "sockets opened", kEach, kLess, 0, total<C::kSocketsOpened>,
   "Connections opened in the whole cell."},
  {"clients_per_s", "clients/s", Unit::kPerSecond, kNeither, 0, clients_per_s,
   "Clients that came per second of the ramp, until all were subscribed."},
  {"sockets_failed", "sockets failed", kEach, kLess, 0, total<C::kSocketsFailed>,
   "Connects that did not come to a usable connection."},
  {"sockets_cut", "sockets cut", kEach, kLess, 0, total<C::kSocketsCut>,
   "Connections that a fault ended."},
  {"reconnects", "reconnects", kEach, kLess, 0, total<C::kReconnects>,
   "Times that a client subscribed again after a cut."},
  {"sockets_peak", "peak sockets", kEach, kLess, 0, total<C::kSocketsPeak>,
   "Most connections open at the same time."},
  {"time_wait_peak", "TIME_WAIT", kEach, kLess, 0, time_wait_peak,
   "Most sockets of the cell in TIME_WAIT, from the kernel."},
  {"close_wait_peak", "CLOSE_WAIT", kEach, kLess, 0, peak<&Series::server_close_wait>,
   "Most sockets of the server in CLOSE_WAIT: closed by the client and not yet by the server."},
  {"server_queue_peak_bytes", "server queue", kBytes, kLess, 0, peak<&Series::server_queue_bytes>,
   "Most bytes in the kernel's queues of the server's sockets, unsent, unacknowledged or unread."},
  {"clients_queue_peak_bytes", "client queue", kBytes, kLess, 0, peak<&Series::clients_queue_bytes>,
   "The same of the clients' sockets."},
  {"socket_memory_peak_bytes", "socket memory", kBytes, kLess, 0,
   peak<&Series::socket_memory_bytes>,
   "Most kernel memory in the buffers of the cell's sockets, both ends."},
  {"server_cpu_ns_per_delivery", "server CPU", kNanos, kLess, 0, server_cpu,
   "CPU time of the server process, all threads, per delivery."},
  {"server_cpu_quiet_ns_per_delivery", "server CPU, quiet", kNanos, kLess, 0, server_cpu_quiet,
   "The same in the quietest tenth of the measure window's slices of 20 ms and more: to compare "
   "builds on a machine that has other work; withheld below 25 slices."},
  {"server_cpu_user_ns_per_delivery", "server user", kNanos, kLess, 0, server_cpu_user,
   "Of it, in user mode; withheld below 100 clock ticks."},
  {"server_cpu_system_ns_per_delivery", "server system", kNanos, kLess, 0, server_cpu_system,
   "Of it, in the kernel."},
  {"server_cpu_ns_per_publish", "publish CPU", kNanos, kLess, 0, publish_cpu,
   "CPU time of the server per event that nobody subscribes to."},
  {"server_switches_per_delivery", "switches/delivery", kRatio, kLess, 0, server_switches,
   "Context switches of the server per delivery."},
  {"server_memory_bytes_per_connection", "memory/conn.", kBytes, kLess, 0, server_memory,
   "Growth of the server's resident memory per connection, before the first event."},
  {"kernel_memory_bytes_per_connection", "kernel mem./conn.", kBytes, kLess, 0, kernel_memory,
   "Growth of the host's kernel memory per connection, before the first event; both ends of it "
   "where the clients are on the same host. Absent where many sockets of cells before left "
   "TIME_WAIT meanwhile."},
  {"client_cpu_ns_per_delivery", "client CPU", kNanos, kLess, 0, client_cpu,
   "CPU time of the client's worker threads per delivery."},
  {"link_error_p99_ns", "link error p99", kNanos, kLess, 0.99, own<&R::link_error, 990>,
   "How late the emulated link released bytes."},
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
