#include "harness/result/json_io.h"

#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/result/consistency.h"
#include "harness/result/json_cell.h"
#include "harness/result/json_reader.h"
#include "harness/result/json_scenario.h"
#include "harness/result/json_writer.h"

#include <array>
#include <charconv>
#include <string>

namespace pushbench::result {
namespace {

constexpr std::size_t kMaxCells = 1000;  // each holds six histograms in memory
constexpr std::size_t kMaxItems = 100'000;
constexpr std::string_view kSchemaStem = "pushbench.result/";

void write_head(JsonWriter& json, const RunResult& run) {
  json.field("schema", kSchema);
  json.key("tool");
  json.begin_object();
  json.field("version", run.tool_version);
  json.field("git", run.tool_commit);
  json.field("build", run.tool_build);
  json.end_object();
  json.field("started", run.started_utc);
  json.field("command", run.command);
  json.field("partial", run.partial);
  if (run.floor) {
    json.key("floor");
    json.begin_object();
    json.field("latency_p50_ns", run.floor->latency_p50_ns);
    json.field("latency_p99_ns", run.floor->latency_p99_ns);
    json.field("cost_ns_per_delivery", run.floor->cost_ns_per_delivery);
    json.end_object();
  }
}

void write_environment(JsonWriter& json, const RunResult& run) {
  json.field("server", run.server);
  json.key("environment");
  json.begin_object();
  for (const auto& [key, value] : run.environment) {
    json.field(key, value);
  }
  json.end_object();
}

void write_validity(JsonWriter& json, const RunResult& run) {
  json.key("validity");
  json.begin_object();
  json.field("verdict", verdict_name(run.verdict));
  json.key("caveats");
  json.begin_array();
  for (const auto& caveat : run.caveats) {
    json.begin_object();
    json.field("id", caveat.id);
    json.field("severity", severity_name(caveat.severity));
    json.field("cell", caveat.cell);
    json.field("text", caveat.text);
    json.field("remedy", caveat.remedy);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_thresholds(JsonWriter& json, const RunResult& run) {
  json.key("thresholds");
  json.begin_array();
  for (const auto& threshold : run.thresholds) {
    json.begin_object();
    json.field("text", threshold.text);
    json.field("cell", threshold.cell);
    json.field("wanted", threshold.wanted);
    json.field("actual", threshold.actual);
    json.field("crossed", threshold.crossed);
    json.end_object();
  }
  json.end_array();
}

// `best` is what the harmless one is called here: "valid" for a run, "note" for a caveat.
Verdict read_verdict(const JsonView& json, std::string_view best) {
  const std::string text = json.text();
  if (text == best) {
    return Verdict::kValid;
  }
  for (const auto verdict : {Verdict::kSuspect, Verdict::kInvalid}) {
    if (verdict_name(verdict) == text) {
      return verdict;
    }
  }
  json.fail("must be " + std::string(best) + ", suspect or invalid, not '" + printable(text) + "'");
  return Verdict::kInvalid;
}

void read_head(const JsonView& json, RunResult& run) {
  const auto tool = json.at("tool");
  run.tool_version = tool.at("version").text();
  run.tool_commit = tool.at("git").text();
  run.tool_build = tool.at("build").text();
  run.started_utc = json.at("started").text();
  run.command = json.at("command").text();
  run.partial = json.at("partial").boolean();
  run.server = json.at("server").text();
  if (const auto floor = json.find("floor")) {
    run.floor = {.latency_p50_ns = floor->at("latency_p50_ns").whole(),
                 .latency_p99_ns = floor->at("latency_p99_ns").whole(),
                 .cost_ns_per_delivery = floor->at("cost_ns_per_delivery").whole()};
  }
  for (const auto& [key, value] : json.at("environment").members()) {
    run.environment[key] = value.text();
  }
}

void check_hash(const JsonView& json, const plan::Scenario& scenario) {
  if (json.text() != scenario.hash()) {
    json.fail("is not that of the workload beside it (" + scenario.hash() +
              "); the file was edited by hand or written by a version that hashes differently");
  }
}

void read_validity(const JsonView& json, RunResult& run) {
  run.verdict = read_verdict(json.at("verdict"), verdict_name(Verdict::kValid));
  for (const auto& item : json.at("caveats").items(kMaxItems)) {
    run.caveats.push_back(
        {.id = item.at("id").text(),
         .severity = read_verdict(item.at("severity"), severity_name(Verdict::kValid)),
         .cell = item.at("cell").text(),
         .text = item.at("text").text(),
         .remedy = item.at("remedy").text()});
  }
}

void read_thresholds(const JsonView& json, RunResult& run) {
  for (const auto& item : json.items(kMaxItems)) {
    ThresholdResult threshold{.text = item.at("text").text(),
                              .cell = item.at("cell").text(),
                              .wanted = std::nullopt,
                              .actual = std::nullopt,
                              .crossed = item.at("crossed").boolean()};
    if (const auto wanted = item.find("wanted")) {
      threshold.wanted = wanted->number();
    }
    if (const auto actual = item.find("actual")) {
      threshold.actual = actual->number();
    }
    run.thresholds.push_back(std::move(threshold));
  }
}

std::optional<unsigned> schema_number(std::string_view schema) {
  if (!schema.starts_with(kSchemaStem)) {
    return std::nullopt;
  }
  schema.remove_prefix(kSchemaStem.size());
  unsigned number = 0;
  const auto [end, ec] = std::from_chars(schema.data(), schema.data() + schema.size(), number);
  return ec == std::errc() && end == schema.data() + schema.size() ? std::optional(number)
                                                                   : std::nullopt;
}

// Looked at before anything else, so that a newer or foreign file is named as such.
Result<void> check_schema(const Json& document, const std::string& origin) {
  const auto* object = std::get_if<Json::Object>(&document.content);
  const std::string* schema = nullptr;
  if (object != nullptr) {
    for (const auto& [key, value] : *object) {
      schema = key == "schema" ? std::get_if<std::string>(&value.content) : schema;
    }
  }
  const std::string expected = "expected schema '" + std::string(kSchema) + "'";
  if (schema == nullptr) {
    return usage(origin + ": not a result of pushbench, it names no schema (" + expected + ")");
  }
  if (*schema == kSchema) {
    return {};
  }
  const std::string found = "'" + printable(schema->substr(0, 64)) + "'";
  if (schema_number(*schema) > schema_number(kSchema)) {
    return usage(origin + ": schema " + found + " is newer than this program reads ('" +
                 std::string(kSchema) + "'); use the pushbench that wrote it, or a newer one");
  }
  return usage(origin + ": not a result of pushbench, its schema is " + found + " (" + expected +
               ")");
}

}  // namespace

std::string to_json(const RunResult& run) {
  JsonWriter json;
  json.begin_object();
  write_head(json, run);
  json.key("scenario");
  write_scenario(json, run.scenario);
  write_environment(json, run);
  write_validity(json, run);
  write_thresholds(json, run);
  json.key("cells");
  json.begin_array();
  for (const auto& cell : run.cells) {
    write_cell(json, cell);
  }
  json.end_array();
  json.end_object();
  return json.take();
}

Result<RunResult> from_json(std::string_view text, const std::string& origin) {
  if (text.size() > kMaxResultBytes) {
    return usage(origin + ": larger than " + std::to_string(kMaxResultBytes / 1024 / 1024) +
                 " MiB, which no result of pushbench is");
  }
  const auto document = parse_json(text, origin);
  if (!document) {
    return document.error();
  }
  if (const auto schema = check_schema(*document, origin); !schema) {
    return schema.error();
  }
  ReadContext context(origin);
  const JsonView json(*document, "", context);
  RunResult run;
  read_head(json, run);
  run.scenario = read_scenario(json.at("scenario"));
  check_hash(json.at("scenario").at("hash"), run.scenario);
  read_validity(json.at("validity"), run);
  read_thresholds(json.at("thresholds"), run);
  for (const auto& cell : json.at("cells").items(kMaxCells)) {
    run.cells.push_back(read_cell(cell));
    if (context.failure()) {
      break;
    }
  }
  if (context.failure()) {
    return *context.failure();
  }
  if (const auto wrong = contradiction_in(run); !wrong.empty()) {
    return usage(origin + ": " + wrong);
  }
  return run;
}

}  // namespace pushbench::result
