#include "harness/app/advise_text.h"

#include "harness/app/model_text.h"
#include "harness/base/text.h"
#include "harness/plan/units.h"
#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"
#include "harness/study/model_file.h"
#include "reports/layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace pushbench::app {
namespace {

constexpr std::size_t kMostVerified = 1000;
constexpr double kGiB = 1024.0 * 1024 * 1024;

using reports::paragraph;
using study::Option;
using study::Said;

std::string options_table(const study::Advice& advice) {
  reports::TextTable table;
  table.heads = {"strategy", "fits", "servers", "at\nworst", "cores", "memory", "Mbit/s"};
  for (const auto& option : advice.options) {
    table.rows.push_back({option.family,
                          !option.fits() ? "no"
                          : option.tie   ? "tie"
                                         : "yes",
                          fmt::format("{:.2g}", option.share),
                          human_seconds(option.flow.latency.max_s),
                          fmt::format("{:.3g}", option.cores), human_bytes(option.memory_bytes),
                          human_count(std::round(option.flow.ip_bytes_per_s * 8 / 1e4) / 100)});
  }
  return table.render(kStudyWidth);
}

std::string said(const Said& one) {
  return paragraph(fmt::format("- {} [{}]", one.text, one.evidence), kStudyWidth);
}

std::string answer_of(const study::Advice& advice) {
  const Option* const best = advice.best();
  if (best == nullptr) {
    return paragraph("No strategy fits: each has an objection below.", kStudyWidth);
  }
  std::string ties;
  for (const auto& option : advice.options) {
    if (!option.tie) {
      if (&option != best) {
        break;
      }
      continue;
    }
    ties += (ties.empty() ? "" : ", ") + option.family;
  }
  return paragraph(
      fmt::format(
          "{}{}: it takes {:.2g} of a server, of which the {} is scarcest.{}", best->family,
          best->cell.strategy == "polling" ? " every " + plan::short_duration(best->cell.interval)
                                           : "",
          best->share, best->scarcest, ties.empty() ? "" : " Within a tenth of it: " + ties + "."),
      kStudyWidth);
}

const study::Measured& measured_of_family(const AdviceView& view, const std::string& family) {
  return *std::find_if(view.measured.begin(), view.measured.end(),
                       [&](const study::Measured& one) { return one.family == family; });
}

const Option& option_of_family(const AdviceView& view, const std::string& family) {
  return *std::find_if(view.advice.options.begin(), view.advice.options.end(),
                       [&](const Option& one) { return one.family == family; });
}

std::string value_text(const Verified& one, double value) {
  if (one.unit == "ns") {
    return human_duration(Nanos(std::llround(value)));
  }
  return one.unit == "bytes" ? human_bytes(std::round(value * 10) / 10) : human_count(value);
}

std::string runs_text(const AdviceView& view) {
  return fmt::format(
      "\nMeasured with at most {} clients of this workload{}; the middle one of {} runs each\n",
      human_count(view.run_clients),
      view.compression > 1
          ? fmt::format(", time-compressed {} times", human_count(view.compression))
          : "",
      study::kPartRounds);
}

// Of the whole, as the part says it, in the order of what was measured.
std::string measured_text(const AdviceView& view) {
  if (view.measured.empty()) {
    return "";
  }
  reports::TextTable table;
  table.heads = {"strategy",           "clients\nrun", "servers,\nadvised", "measured", "all\nruns",
                 "of which\nscarcest", "p99",          "at\nworst"};
  for (const auto& family : view.agreement.ranking) {
    const auto& seen = measured_of_family(view, family);
    table.rows.push_back({family, human_count(seen.run_clients),
                          fmt::format("{:.2g}", option_of_family(view, family).share),
                          fmt::format("{:.2g}", seen.share.value),
                          fmt::format("{:.2g}–{:.2g}", seen.share_low, seen.share_high),
                          seen.share.scarcest, human_seconds(seen.latency_p99_s),
                          human_seconds(seen.latency_max_s)});
  }
  const auto& against = view.agreement.contradictions;
  std::string out = "\nThe whole workload, by what was measured\n" + table.render(kStudyWidth);
  out += paragraph(against.empty() ? "The runs confirm the ranking."
                                   : fmt::format("The runs do not confirm the ranking: {}.",
                                                 fmt::join(against, "; ")),
                   kStudyWidth);
  return out;
}

std::string verified_text(const AdviceView& view) {
  if (view.verified.empty()) {
    return "";
  }
  reports::TextTable table;
  table.heads = {"strategy", "metric", "predicted", "measured", "off by"};
  for (const auto& one : view.verified) {
    table.rows.push_back({one.family, one.metric, value_text(one, one.predicted),
                          one.measured ? value_text(one, *one.measured) : "not measured",
                          one.measured && one.predicted > 0
                              ? fmt::format("{:+.0f} %", (*one.measured / one.predicted - 1) * 100)
                              : "-"});
  }
  return runs_text(view) + table.render(kStudyWidth) + measured_text(view);
}

void said_json(result::JsonWriter& json, std::string_view key, const std::vector<Said>& list) {
  json.key(key);
  json.begin_array();
  for (const auto& one : list) {
    json.begin_object();
    json.field("text", one.text);
    json.field("evidence", one.evidence);
    json.end_object();
  }
  json.end_array();
}

void option_json(result::JsonWriter& json, const Option& option) {
  json.begin_object();
  json.field("strategy", option.cell.cell_name());
  json.field("fits", option.fits());
  if (!option.fits()) {
    json.field("objection", option.objection);
    json.field("evidence", option.objection_evidence);
  }
  json.field("tie", option.tie);
  json.field("servers", option.share);
  json.field("scarcest", option.scarcest);
  json.field("latency_mean_ns", option.flow.latency.mean_s * 1e9);
  json.field("latency_p99_ns", option.flow.latency.p99_s * 1e9);
  json.field("latency_max_ns", option.flow.latency.max_s * 1e9);
  json.field("cores", option.cores);
  json.field("memory_bytes", option.memory_bytes);
  json.field("ip_bytes_per_s", option.flow.ip_bytes_per_s);
  json.field("requests_per_s", option.flow.requests_per_s);
  json.end_object();
}

// What was asked, by a server of which kind, so that a page can go on from there.
void needs_json(result::JsonWriter& json, const AdviceView& view) {
  const auto& needs = view.needs;
  const auto& w = needs.workload;
  json.key("needs");
  json.begin_object();
  json.field("events_per_client_per_s", w.events_per_client_per_s);
  json.field("staleness_ns", std::round(needs.staleness_s * 1e9));
  json.field("payload_bytes", w.payload_bytes);
  json.field("clients", w.clients);
  json.field("fan_out", w.fan_out);
  json.field("rtt_ns", std::round(2 * w.one_way_s * 1e9));
  json.field("upstream_per_client_per_s", w.upstream_per_client_per_s);
  json.field("upstream_payload_bytes", w.upstream_payload_bytes);
  json.field("old_browsers", needs.old_browsers);
  json.field("proxy_buffers", needs.proxy_buffers);
  json.field("proxy_no_upgrade", needs.proxy_no_upgrade);
  if (needs.proxy_idle_s) {
    json.field("proxy_idle_ns", std::round(*needs.proxy_idle_s * 1e9));
  }
  json.end_object();
  json.key("server");
  json.begin_object();
  json.field("cores", view.kind.cores);
  json.field("memory_bytes", view.kind.memory_bytes);
  json.field("link_bytes_per_s", view.kind.link_bytes_per_s);
  json.field("most_cpu", view.kind.most_cpu);
  json.field("most_memory", view.kind.most_memory);
  json.field("most_link", view.kind.most_link);
  json.end_object();
  json.key("costs");
  study::write_model(json, view.costs);
}

void verified_json(result::JsonWriter& json, const AdviceView& view) {
  json.key("verified");
  json.begin_array();
  for (const auto& one : view.verified) {
    json.begin_object();
    json.field("strategy", one.family);
    json.field("metric", one.metric);
    json.field("unit", one.unit);
    json.field("predicted", one.predicted);
    json.field("measured", one.measured);
    json.end_object();
  }
  json.end_array();
}

// In the order of what was measured.
void measured_json(result::JsonWriter& json, const AdviceView& view) {
  if (view.measured.empty()) {
    return;
  }
  json.key("measured");
  json.begin_array();
  for (const auto& family : view.agreement.ranking) {
    const auto& seen = measured_of_family(view, family);
    json.begin_object();
    json.field("strategy", family);
    json.field("clients", seen.run_clients);
    json.field("servers", seen.share.value);
    json.field("scarcest", seen.share.scarcest);
    json.field("servers_low", seen.share_low);
    json.field("servers_high", seen.share_high);
    json.field("cores", seen.takes.cores);
    json.field("memory_bytes", seen.takes.memory_bytes);
    json.field("ip_down_bytes_per_s", seen.takes.ip_down_bytes_per_s);
    json.field("latency_p99_ns", seen.latency_p99_s * 1e9);
    json.field("latency_max_ns", seen.latency_max_s * 1e9);
    json.end_object();
  }
  json.end_array();
  json.field("confirmed", view.agreement.confirmed());
  json.key("contradictions");
  json.begin_array();
  for (const auto& one : view.agreement.contradictions) {
    json.value(one);
  }
  json.end_array();
}

}  // namespace

std::string advice_text(const AdviceView& view) {
  const auto& w = view.needs.workload;
  std::string out = answer_of(view.advice);
  out += paragraph(
      fmt::format("For {} clients that each receive {} events/s of {}, an event going to {}, at "
                  "most {} old, over a round trip of {}.",
                  human_count(w.clients), human_count(w.events_per_client_per_s),
                  human_bytes(w.payload_bytes), human_count(w.fan_out),
                  human_seconds(view.needs.staleness_s), human_seconds(2 * w.one_way_s)),
      kStudyWidth);
  out += "\n" + options_table(view.advice) + "\n";
  for (const auto& option : view.advice.options) {
    if (!option.fits()) {
      out +=
          said({option.family + " does not fit: " + option.objection, option.objection_evidence});
    }
  }
  for (const auto* list : {&view.advice.crossovers, &view.advice.remarks}) {
    for (const auto& one : *list) {
      out += said(one);
    }
  }
  out += verified_text(view) + "\n";
  return out +
         paragraph(fmt::format("Waits, bytes and requests: closed forms. Processor and memory: {}. "
                               "Servers: of {:g} cores, {:g} GiB and {:g} Gbit/s, with headroom "
                               "(pushbench size says it for yours).",
                               view.model, view.kind.cores, view.kind.memory_bytes / kGiB,
                               view.kind.link_bytes_per_s * 8 / 1e9),
                   kStudyWidth);
}

std::string advice_json(const AdviceView& view) {
  result::JsonWriter json;
  json.begin_object();
  json.field("schema", kAdviceSchema);
  json.field("model", view.model);
  json.field("staleness_ns", view.needs.staleness_s * 1e9);
  json.field("clients", view.needs.workload.clients);
  json.field("events_per_client_per_s", view.needs.workload.events_per_client_per_s);
  json.key("strategies");
  json.begin_array();
  for (const auto& option : view.advice.options) {
    option_json(json, option);
  }
  json.end_array();
  said_json(json, "crossovers", view.advice.crossovers);
  said_json(json, "remarks", view.advice.remarks);
  needs_json(json, view);
  if (!view.verified.empty()) {
    json.field("verified_clients", view.run_clients);
    json.field("time_compressed", view.compression);
    verified_json(json, view);
    measured_json(json, view);
  }
  json.end_object();
  return json.take();
}

Result<void> check_advice(std::string_view text, const std::string& origin) {
  const auto tree = result::parse_json(text, origin);
  if (!tree) {
    return tree.error();
  }
  result::ReadContext context(origin);
  const result::JsonView root(*tree, "", context);
  root.at("model").text();
  for (const char* number : {"events_per_client_per_s", "staleness_ns", "payload_bytes", "clients",
                             "fan_out", "rtt_ns", "upstream_per_client_per_s"}) {
    root.at("needs").at(number).number();
  }
  root.at("server").at("cores").number();
  for (const auto& family : root.at("costs").at("families").items(study::kMostFamilies)) {
    family.at("family").text();
  }
  if (const auto verified = root.find("verified")) {
    verified->items(kMostVerified);
  }
  return context.failure() ? Result<void>(*context.failure()) : Result<void>();
}

}  // namespace pushbench::app
