#include "reports/topics.h"

#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/stats/interval.h"
#include "reports/predicted.h"
#include "reports/remarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace pushbench::reports {
namespace {

using result::CellResult;
using result::Counter;
using result::RunResult;

constexpr auto kLatency = std::to_array<Column>({
    {"latency_p50_ns", "p50"},
    {"latency_p99_ns", "p99"},
    {"latency_p999_ns", "p99.9"},
    {"latency_max_ns", "max"},
    {"lost", "lost"},
});
constexpr auto kAudit = std::to_array<Column>({
    {"expected", "expected"},
    {"delivered", "delivered"},
    {"lost", "lost"},
    {"lost_in_gap", "of it\nin gaps"},
    {"in_flight", "in\nflight"},
    {"duplicate", "duplicate"},
    {"reordered", "reordered"},
    {"late", "late"},
    {"gaps", "gaps"},
});
constexpr auto kPolling = std::to_array<Column>({
    {"latency_p50_ns", "age p50"},
    {"latency_p99_ns", "age p99"},
    {"latency_max_ns", "age max"},
    {"requests", "polls"},
    {"empty_share", "empty\nshare"},
    {"events_per_response", "events/\nanswer"},
    {"skipped_polls", "skipped"},
    {"duplicate", "repeats"},
});
constexpr auto kFanOut = std::to_array<Column>({
    {"fan_out_spread_p50_ns", "spread\np50"},
    {"fan_out_spread_p99_ns", "spread\np99"},
    {"client_p50_low_ns", "client p50\nlow"},
    {"client_p50_high_ns", "client p50\nhigh"},
    {"client_p99_high_ns", "client p99\nhigh"},
    {"connect_order_effect_ns", "last −\nfirst"},
});
constexpr auto kTiming = std::to_array<Column>({
    {"latency_from_sent_p50_ns", "from sent\np50"},
    {"latency_from_sent_p99_ns", "from sent\np99"},
    {"publisher_lag_p99_ns", "publisher\nlag p99"},
    {"publish_ack_p99_ns", "publish\nack p99"},
    {"loop_lag_p99_ns", "loop lag\np99"},
    {"setup_p50_ns", "set-up\np50"},
    {"setup_p99_ns", "set-up\np99"},
    {"link_error_p99_ns", "link error\np99"},
});
constexpr auto kBytes = std::to_array<Column>({
    {"bytes_per_delivery", "all"},
    {"head_bytes_per_delivery", "head"},
    {"framing_bytes_per_delivery", "framing"},
    {"payload_bytes_per_delivery", "payload"},
    {"ip_bytes_per_delivery", "on IP\nlevel"},
    {"segments_per_delivery", "segments"},
});
constexpr auto kBytesInAll = std::to_array<Column>({
    {"head_up_bytes", "head\nup"},
    {"head_down_bytes", "head\ndown"},
    {"framing_up_bytes", "framing\nup"},
    {"framing_down_bytes", "framing\ndown"},
    {"payload_up_bytes", "payload\nup"},
    {"payload_down_bytes", "payload\ndown"},
    {"heartbeat_bytes", "of these:\nheartbeats"},
    {"empty_poll_bytes", "empty\npolls"},
    {"reconnect_bytes", "reconnects"},
});
constexpr auto kCost = std::to_array<Column>({
    {"requests_per_delivery", "requests/\ndelivery"},
    {"sockets_peak", "peak\nsockets"},
    {"time_wait_peak", "peak\nTIME_WAIT"},
    {"server_cpu_ns_per_delivery", "server CPU/\ndelivery"},
    {"server_memory_bytes_per_connection", "memory/\nsocket"},
});
constexpr auto kServer = std::to_array<Column>({
    {"server_cpu_ns_per_delivery", "CPU/\ndelivery"},
    {"server_cpu_user_ns_per_delivery", "of it\nuser"},
    {"server_cpu_system_ns_per_delivery", "of it\nsystem"},
    {"server_cpu_ns_per_publish", "CPU/\npublish"},
    {"server_switches_per_delivery", "switches/\ndelivery"},
    {"server_memory_bytes_per_connection", "memory/\nsocket"},
    {"kernel_memory_bytes_per_connection", "kernel\nmemory"},
    {"client_cpu_ns_per_delivery", "client CPU/\ndelivery"},
});
constexpr auto kSockets = std::to_array<Column>({
    {"clients_per_s", "clients\n/s"},
    {"sockets_opened", "opened"},
    {"sockets_failed", "failed"},
    {"sockets_cut", "cut"},
    {"reconnects", "re-\nconnects"},
    {"sockets_peak", "peak"},
    {"time_wait_peak", "TIME_\nWAIT"},
    {"close_wait_peak", "CLOSE_\nWAIT"},
    {"server_queue_peak_bytes", "server\nqueues"},
    {"clients_queue_peak_bytes", "client\nqueues"},
    {"socket_memory_peak_bytes", "kernel\nbuffers"},
});
constexpr auto kNetwork = std::to_array<Column>({
    {"ip_bytes_per_delivery", "IP bytes/\ndelivery"},
    {"segments_per_delivery", "segments/\ndelivery"},
    {"retransmitted_segments", "segments\nsent again"},
    {"rtt_mean_ns", "RTT"},
});
constexpr auto kUpstream = std::to_array<Column>({
    {"upstream_ack_p50_ns", "ack p50"},
    {"upstream_ack_p99_ns", "ack p99"},
    {"upstream_bytes_per_event", "bytes/\nevent"},
});

bool always(const RunResult&) {
  return true;
}

bool never(const RunResult&) {
  return false;
}

bool audit_found_any(const RunResult& run) {
  constexpr std::array kFindings{Counter::kLost,      Counter::kInFlight, Counter::kDuplicate,
                                 Counter::kReordered, Counter::kLate,     Counter::kGaps};
  return std::any_of(run.cells.begin(), run.cells.end(), [&](const CellResult& cell) {
    return std::any_of(kFindings.begin(), kFindings.end(),
                       [&cell](Counter finding) { return cell.counters[finding] > 0; });
  });
}

bool every_cell(const CellResult&) {
  return true;
}

bool asks(const CellResult& cell) {
  return cell.strategy.strategy == "polling" || cell.strategy.strategy == "long-polling";
}

std::vector<std::string> nothing_more(const RunResult&) {
  return {};
}

struct Topic {
  std::string_view id, title, about;
  std::span<const Column> columns;
  bool (*brief)(const RunResult&);     // whether the terminal shows it unasked
  bool (*applies)(const CellResult&);  // cells of which the topic speaks
  std::vector<std::string> (*lines)(const RunResult&);
};

// clang-format off
constexpr auto kTopics = std::to_array<Topic>({
  {"latency", "Latency", "From the instant an event was due until a client had it.",
   kLatency, always, every_cell, floor_remark},
  {"audit", "Audit", "Every event that every client should have got, one by one.",
   kAudit, audit_found_any, every_cell, nothing_more},
  {"polling", "Polling", "How old an event is when an answer brings it, and what the asking costs.",
   kPolling, never, asks, nothing_more},
  {"fan-out", "Fan-out",
   "From an event's first receiver to its last, and how the clients differ: the median of the "
   "luckiest and of the unluckiest twentieth, and whether it matters who connected first.",
   kFanOut, never, every_cell, nothing_more},
  {"timing", "Timing", "How punctual the measuring itself was, and how long connecting took.",
   kTiming, never, every_cell, nothing_more},
  {"bytes", "Bytes per delivery",
   "What crossed the sockets, both directions, for each event that reached a client.",
   kBytes, always, every_cell, compression_remark},
  {"bytes-in-all", "Bytes in all", "The same over the whole measure phase, up and down.",
   kBytesInAll, never, every_cell, nothing_more},
  {"cost", "Cost", "What the server pays.", kCost, always, every_cell, nothing_more},
  {"server", "Server",
   "Processor time and memory of the server's process. On one host the kernel's work for the "
   "receiving side is in it.",
   kServer, never, every_cell, nothing_more},
  {"sockets", "Sockets", "From the first connect of a cell to its end; the census is the kernel's.",
   kSockets, never, every_cell, fault_remarks},
  {"network", "Network", "By the kernel's own count of the clients' sockets, both directions.",
   kNetwork, never, every_cell, nothing_more},
  {"upstream", "Upstream", "Events that clients send to the server.",
   kUpstream, always, every_cell, nothing_more},
});
// clang-format on

const result::Metric& metric_of(const Column& column) {
  const auto* metric = result::find_metric(column.metric);
  PUSHBENCH_CHECK(metric != nullptr);
  return *metric;
}

// What a reader compares the cells by; a figure that two cells share is nobody's best.
constexpr std::array<std::string_view, 3> kCompared{"latency_p99_ns", "bytes_per_delivery",
                                                    "server_cpu_ns_per_delivery"};

// One for every row of the topic's table; none when a cell lacks it.
std::vector<double> values_of(const Topic& topic,
                              const result::Metric& metric,
                              const RunResult& run) {
  std::vector<double> values;
  for (const auto& cell : run.cells) {
    if (!topic.applies(cell)) {
      continue;
    }
    const auto value = metric.read(cell);
    if (!value) {
      return {};
    }
    values.push_back(*value);
  }
  return values;
}

void mark_best(Table& table, std::size_t figure, const std::vector<double>& values) {
  if (values.size() < 2) {
    return;
  }
  const auto least = std::min_element(values.begin(), values.end());
  if (std::count(values.begin(), values.end(), *least) == 1) {
    table.best.push_back({static_cast<std::size_t>(least - values.begin()), figure});
  }
}

// Absent when no cell has any figure for it.
std::optional<Table> table_of(const Topic& topic, const RunResult& run) {
  Table table{.id = topic.id, .title = topic.title, .about = topic.about};
  for (const auto& column : topic.columns) {
    table.heads.emplace_back(column.head);
  }
  bool any = false;
  for (const auto& cell : run.cells) {
    if (!topic.applies(cell)) {
      continue;
    }
    auto& row = table.rows.emplace_back(Table::Row{.name = cell.label()});
    for (const auto& column : topic.columns) {
      const auto& metric = metric_of(column);
      const auto value = metric.read(cell);
      any = any || value;
      row.figures.push_back(result::format_metric(metric, value));
    }
  }
  for (std::size_t i = 0; i < topic.columns.size(); ++i) {
    const auto& compared = topic.columns[i].metric;
    if (std::find(kCompared.begin(), kCompared.end(), compared) != kCompared.end()) {
      mark_best(table, i, values_of(topic, metric_of(topic.columns[i]), run));
    }
  }
  table.lines = topic.lines(run);
  return any ? std::optional(std::move(table)) : std::nullopt;
}

}  // namespace

std::vector<Table> tables_of(const RunResult& run, Extent extent) {
  std::vector<Table> out;
  for (const auto& topic : kTopics) {
    if (extent == Extent::kBrief && !topic.brief(run)) {
      continue;
    }
    if (auto table = table_of(topic, run)) {
      out.push_back(std::move(*table));
    }
  }
  for (auto& table : predicted_tables(run, extent)) {
    out.push_back(std::move(table));
  }
  return out;
}

std::vector<TopicOutline> topic_outlines() {
  std::vector<TopicOutline> out;
  out.reserve(std::size(kTopics));
  for (const auto& topic : kTopics) {
    out.push_back({.id = topic.id,
                   .title = topic.title,
                   .about = topic.about,
                   .only_polls = topic.applies == asks,
                   .columns = topic.columns});
  }
  return out;
}

std::string topic_reference() {
  std::string out = "| topic | columns | in the terminal |\n|---|---|---|\n";
  for (const auto& topic : kTopics) {
    std::string columns;
    for (const auto& column : topic.columns) {
      columns += (columns.empty() ? "" : ", ") + one_line(column.head);
    }
    const std::string_view when = topic.brief == always            ? "always"
                                  : topic.brief == audit_found_any ? "when it found anything"
                                                                   : "`--full`";
    out += fmt::format("| {} | {} | {} |\n", topic.title, columns, when);
  }
  return out +
         "| Measured and predicted | measured, predicted, low, high, residual, inside | latency "
         "and bytes; the other metrics `--full` |\n";
}

std::string one_line(std::string_view head) {
  std::string out;
  for (const char c : head) {
    if (c != '\n') {
      out += c;
    } else if (!out.ends_with('/') && !out.ends_with('-') && !out.ends_with('_')) {
      out += ' ';
    }
  }
  return out;
}

bool is_absent(std::string_view figure) {
  return figure == "-" || figure == "n too small";
}

bool withholds(const std::vector<Table>& tables) {
  return std::any_of(tables.begin(), tables.end(), [](const Table& table) {
    return std::any_of(table.rows.begin(), table.rows.end(), [](const Table::Row& row) {
      return std::find(row.figures.begin(), row.figures.end(), "n too small") != row.figures.end();
    });
  });
}

std::string withheld_note() {
  return fmt::format(
      "n too small: a percentile is withheld until enough independent events were measured; p99 "
      "needs {}, p99.9 needs {}.",
      human_count(static_cast<double>(stats::samples_needed(0.99))),
      human_count(static_cast<double>(stats::samples_needed(0.999))));
}

}  // namespace pushbench::reports
