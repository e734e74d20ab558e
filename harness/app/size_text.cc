#include "harness/app/size_text.h"

#include "harness/app/model_text.h"
#include "harness/base/text.h"
#include "harness/plan/units.h"
#include "harness/result/json_writer.h"
#include "reports/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace pushbench::app {
namespace {

using reports::paragraph;
using reports::TextTable;
using study::Size;

std::string bit_rate(double bytes_per_s) {
  return plan::short_bit_rate(static_cast<std::uint64_t>(std::llround(bytes_per_s * 8)));
}

std::string megabits(double bytes_per_s) {
  return human_count(std::round(bytes_per_s * 8 / 1e4) / 100);
}

std::string whole_count(double value) {
  return human_count(std::round(value));
}

std::string cores_used(double cores) {
  return human_count(cores >= 100 ? std::round(cores) : std::round(cores * 1000) / 1000);
}

std::string decided(const Size& size) {
  return std::string(study::decides_name(size.decided_by)) + (size.extrapolated ? " *" : "");
}

double p99_of(const Size& size) {
  return size.flow.latency.p99_s + size.processing_p99_s;
}

std::string servers_table(const SizePlan& plan) {
  TextTable table;
  table.heads = {"strategy",    "servers",      "decided by",    "p99 at\nmost",
                 "cores\nused", "user\nmemory", "in the\nkernel"};
  for (const auto& [size, cost, day, fixed, scaled] : plan.rows) {
    if (!size.possible) {
      table.rows.push_back({size.family, "-", "impossible", "-", "-", "-", "-"});
      continue;
    }
    table.rows.push_back({size.family, whole_count(size.servers) + " + " + whole_count(plan.spare),
                          decided(size), human_seconds(p99_of(size)), cores_used(size.cores),
                          human_bytes(size.user_memory_bytes),
                          size.kernel_known ? human_bytes(size.kernel_memory_bytes) : "?"});
  }
  return table.render(kStudyWidth);
}

std::string sockets_table(const SizePlan& plan) {
  TextTable table;
  table.heads = {"strategy", "requests/s", "empty", "sockets", "TIME_WAIT"};
  for (const auto& row : plan.rows) {
    const auto& flow = row.size.flow;
    table.rows.push_back({row.size.family, whole_count(flow.requests_per_s),
                          flow.requests_per_s > 0 ? percent(flow.empty_share) : "-",
                          whole_count(flow.sockets), whole_count(flow.time_wait)});
  }
  return table.render(kStudyWidth);
}

std::string bandwidth_table(const SizePlan& plan) {
  TextTable table;
  table.heads = {"strategy", "head", "framing", "payload", "on IP\nlevel", "of it\nsent"};
  for (const auto& row : plan.rows) {
    const auto& bytes = row.size.flow.bytes_per_s;
    table.rows.push_back({row.size.family, megabits(bytes.head_up + bytes.head_down),
                          megabits(bytes.framing_up + bytes.framing_down),
                          megabits(bytes.payload_up + bytes.payload_down),
                          megabits(row.size.flow.ip_bytes_per_s),
                          megabits(row.size.flow.ip_down_bytes_per_s())});
  }
  return table.render(kStudyWidth);
}

std::string money(const SizePlan& plan, double value) {
  return fmt::format("{:.{}f} {}", value, value < 0.1 ? 4 : 2, plan.prices->currency);
}

std::string money_table(const SizePlan& plan) {
  TextTable table;
  table.heads = {"strategy", "a month", "a million\ndeliveries"};
  for (const auto& row : plan.rows) {
    if (row.cost) {
      table.rows.push_back({row.size.family, money(plan, row.cost->per_hour * 730),
                            money(plan, row.cost->per_million_deliveries)});
    }
  }
  return table.render(kStudyWidth);
}

std::string day_table(const SizePlan& plan) {
  TextTable table;
  table.heads = {"strategy", "servers", "at\nleast", "server-\nhours", "if all\nrun", "sent"};
  if (plan.prices) {
    table.heads.insert(table.heads.end(), {"cost", "if all\nrun"});
  }
  for (const auto& row : plan.rows) {
    if (!row.day) {
      continue;
    }
    table.rows.push_back({row.size.family, whole_count(row.day->servers_peak),
                          whole_count(row.day->servers_least), whole_count(row.day->server_hours),
                          whole_count(row.day->server_hours_fixed()),
                          human_bytes(row.day->sent_bytes)});
    if (plan.prices) {
      table.rows.back().push_back(money(plan, row.day_scaled->per_hour * 24));
      table.rows.back().push_back(money(plan, row.day_fixed->per_hour * 24));
    }
  }
  return table.render(kStudyWidth);
}

std::string question(const SizePlan& plan) {
  const auto& w = plan.workload;
  return paragraph(
      fmt::format("{} clients, each receives {} events/s of {}, an event goes to {}; {} deliveries "
                  "and {} events a second; round trip {}.",
                  whole_count(w.clients), human_count(w.events_per_client_per_s),
                  human_bytes(w.payload_bytes), whole_count(w.fan_out),
                  human_count(w.deliveries_per_s()), human_count(w.publishes_per_s()),
                  human_seconds(2 * w.one_way_s)),
      kStudyWidth);
}

std::string server_line(const SizePlan& plan) {
  const auto& kind = plan.kind;
  return paragraph(
      fmt::format("A server: {} cores of which {:.0f} % are used at most, {} of memory ({:.0f} %), "
                  "{} each way ({:.0f} %). {}",
                  human_count(kind.cores), kind.most_cpu * 100, human_bytes(kind.memory_bytes),
                  kind.most_memory * 100, bit_rate(kind.link_bytes_per_s), kind.most_link * 100,
                  plan.model.scaling
                      ? fmt::format("By the scaling law of the model its cores do the work of {}.",
                                    human_count(plan.model.scaling->gain(kind.cores)))
                      : "Its cores are taken to share the work evenly (pushbench fit --scaling "
                        "says better)."),
      kStudyWidth);
}

std::string notes(const SizePlan& plan) {
  std::string out;
  for (const auto& row : plan.rows) {
    if (!row.size.possible) {
      out += paragraph(fmt::format("{}: {}.", row.size.cell, row.size.why_not), kStudyWidth);
    }
  }
  for (const auto& text : plan.left_out) {
    out += paragraph(text + ".", kStudyWidth);
  }
  const bool extrapolated = std::any_of(plan.rows.begin(), plan.rows.end(), [](const SizeRow& row) {
    return row.size.possible && row.size.extrapolated;
  });
  if (extrapolated) {
    out += paragraph(
        fmt::format("* extrapolated: more clients a server than its constants were measured with, "
                    "and at most {:.0f} times as many; beyond that the answer is more servers.",
                    study::kMostExtrapolation),
        kStudyWidth);
  }
  if (plan.poll_interval > Nanos(0)) {
    out += paragraph(fmt::format("Polls are {} apart: {}.",
                                 plan::short_duration(plan.poll_interval), plan.poll_reason),
                     kStudyWidth);
  }
  out += paragraph(
      fmt::format("Processor and memory: {}. Rates, bytes, sockets and waits: closed forms "
                  "(pushbench predict). TIME_WAIT is at the server when it closes first, as "
                  "pushbench's own does. Kernel memory is half of what both ends of a connection "
                  "took on one host. Not in it: TLS, proxies, your own program's work for an "
                  "event.",
                  model_origin(plan.model)),
      kStudyWidth);
  return out;
}

void bytes_json(result::JsonWriter& json, const study::Flow& flow) {
  const auto& bytes = flow.bytes_per_s;
  json.field("head_bytes_per_s", bytes.head_up + bytes.head_down);
  json.field("framing_bytes_per_s", bytes.framing_up + bytes.framing_down);
  json.field("payload_bytes_per_s", bytes.payload_up + bytes.payload_down);
  json.field("ip_bytes_per_s", flow.ip_bytes_per_s);
  json.field("ip_down_bytes_per_s", flow.ip_down_bytes_per_s());
}

void money_json(result::JsonWriter& json, const SizeRow& row) {
  if (row.cost) {
    json.field("cost_per_hour", row.cost->per_hour);
    json.field("cost_per_million_deliveries", row.cost->per_million_deliveries);
  }
  if (row.day) {
    json.field("day_server_hours", row.day->server_hours);
    json.field("day_server_hours_fixed", row.day->server_hours_fixed());
    json.field("day_sent_bytes", row.day->sent_bytes);
  }
  if (row.day_scaled) {
    json.field("day_cost", row.day_scaled->per_hour * 24);
    json.field("day_cost_fixed", row.day_fixed->per_hour * 24);
  }
}

void row_json(result::JsonWriter& json, const SizePlan& plan, const SizeRow& row) {
  const Size& size = row.size;
  json.begin_object();
  json.field("strategy", size.cell);
  json.field("possible", size.possible);
  if (!size.possible) {
    json.field("why_not", size.why_not);
  } else {
    json.field("servers", size.servers);
    json.field("spare_servers", plan.spare);
    json.field("decided_by", study::decides_name(size.decided_by));
    json.field("extrapolated", size.extrapolated);
    json.field("clients_per_server", size.clients_each);
    json.field("cores", size.cores);
    json.field("cores_low", size.cores_low);
    json.field("cores_high", size.cores_high);
    json.field("user_memory_bytes", size.user_memory_bytes);
    if (size.kernel_known) {
      json.field("kernel_memory_bytes", size.kernel_memory_bytes);
    }
    json.field("cpu_share", size.cpu_share);
    json.field("memory_share", size.memory_share);
    json.field("link_share", size.link_share);
    json.field("latency_p99_ns", p99_of(size) * 1e9);
  }
  json.field("requests_per_s", size.flow.requests_per_s);
  json.field("sockets", size.flow.sockets);
  json.field("time_wait", size.flow.time_wait);
  bytes_json(json, size.flow);
  money_json(json, row);
  json.end_object();
}

}  // namespace

std::string size_text(const SizePlan& plan) {
  std::string out = question(plan) + server_line(plan) + "\n" + servers_table(plan) +
                    "\nRequests and sockets of all clients\n" + sockets_table(plan) +
                    "\nMbit/s of all clients, both directions\n" + bandwidth_table(plan);
  if (plan.prices && plan.any_possible()) {
    out += "\nCost, spare servers included\n" + money_table(plan);
  }
  if (!plan.shares.empty() && plan.any_possible()) {
    out += "\nA day of that curve, spare servers included, their number following the load\n" +
           day_table(plan);
  }
  return out + "\n" + notes(plan);
}

std::string size_json(const SizePlan& plan) {
  result::JsonWriter json;
  json.begin_object();
  json.field("schema", "pushbench.size/1");
  json.field("clients", plan.workload.clients);
  json.field("events_per_client_per_s", plan.workload.events_per_client_per_s);
  json.field("payload_bytes", plan.workload.payload_bytes);
  json.field("fan_out", plan.workload.fan_out);
  json.field("rtt_ns", plan.workload.one_way_s * 2e9);
  json.field("model", model_origin(plan.model));
  json.field("model_is_reference", plan.model.reference);
  if (plan.poll_interval > Nanos(0)) {
    json.field("poll_interval_ns", plan.poll_interval.count());
  }
  if (plan.prices) {
    json.field("currency", plan.prices->currency);
  }
  json.key("strategies");
  json.begin_array();
  for (const auto& row : plan.rows) {
    row_json(json, plan, row);
  }
  json.end_array();
  json.key("left_out");
  json.begin_array();
  for (const auto& text : plan.left_out) {
    json.value(text);
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace pushbench::app
