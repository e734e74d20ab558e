#include "reports/workload.h"

#include "harness/base/text.h"
#include "harness/plan/link.h"

#include <fmt/format.h>

namespace pushbench::reports {
namespace {

using result::RunResult;

std::string payload_text(const plan::PayloadSpec& payload) {
  switch (payload.kind) {
    case plan::PayloadSpec::Kind::kFixed: return human_bytes(payload.size) + " each";
    case plan::PayloadSpec::Kind::kUniform:
      return human_bytes(payload.low) + " to " + human_bytes(payload.high) + " each";
    case plan::PayloadSpec::Kind::kLognormal:
      return fmt::format("{} at the median", human_bytes(payload.median));
    case plan::PayloadSpec::Kind::kFile: return "payload from " + payload.file;
  }
  return "";
}

std::string arrival_text(const plan::EventSpec& events) {
  switch (events.arrival) {
    case plan::Arrival::kConstant: return "constant";
    case plan::Arrival::kPoisson: return "poisson";
    case plan::Arrival::kBurst: return "burst";
    case plan::Arrival::kTrace: return "trace " + events.trace->file;
  }
  return "";
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return human_count(static_cast<double>(n)) + " " + std::string(n == 1 ? one : many);
}

}  // namespace

std::string workload_line(const RunResult& run) {
  const auto& scenario = run.scenario;
  const std::string repeats =
      scenario.repeats > 1 ? fmt::format(", {} repeats", scenario.repeats) : "";
  const std::string link =
      scenario.link ? ", over a link of " + plan::describe(*scenario.link) : "";
  return fmt::format("{}, {}, {} ({}), {}, {} measured per cell{}{}", scenario.clients_text(),
                     counted(scenario.topics, "topic", "topics"), scenario.rate_text(),
                     arrival_text(scenario.events), payload_text(scenario.events.payload),
                     human_duration(scenario.phases.measure), repeats, link);
}

std::string server_name(const RunResult& run) {
  if (run.server == "own") {
    return "pushbench's own server";
  }
  return (run.server.starts_with("http") ? "the server at " : "the server of ") + run.server;
}

std::string environment_line(const RunResult& run) {
  std::string out = server_name(run);
  for (const auto& [key, value] : run.environment) {
    out += ", " + key + " " + value;
  }
  return out;
}

}  // namespace pushbench::reports
