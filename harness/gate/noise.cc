#include "harness/gate/noise.h"

#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/gate/compare.h"
#include "harness/gate/policy.h"
#include "harness/plan/payload_file.h"
#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"
#include "harness/stats/bootstrap.h"
#include "harness/stats/rank_test.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

namespace pushbench::gate {
namespace {

double log_deviation(const std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) {
    mean += std::log(value) / static_cast<double>(values.size());
  }
  double squares = 0;
  for (const double value : values) {
    squares += (std::log(value) - mean) * (std::log(value) - mean);
  }
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

// nullopt where there is no ratio.
std::optional<NoiseFloor> floor_of_values(std::vector<double> values) {
  const bool usable = values.size() >= kLeastNoiseRuns &&
                      std::all_of(values.begin(), values.end(), [](double v) { return v > 0; });
  if (!usable) {
    return std::nullopt;
  }
  Random random(1);
  std::vector<double> distances;
  const std::size_t half = values.size() / 2;
  for (std::uint32_t i = 0; i < kNoiseSplits; ++i) {
    random.shuffle(values);
    const std::span<const double> all(values);
    const auto ratio = stats::median_ratio(all.first(half), all.subspan(half));
    distances.push_back(std::abs(std::log(ratio.value_or(1))));
  }
  return NoiseFloor{.floor = std::expm1(stats::quantile_of(distances, kNoiseQuantile)),
                    .scatter = log_deviation(values),
                    .runs = static_cast<std::uint32_t>(values.size())};
}

std::map<std::string, std::vector<const CellFacts*>> by_cell(const Arm& arm) {
  std::map<std::string, std::vector<const CellFacts*>> out;
  for (const auto& run : arm.runs) {
    for (const auto& [name, repeats] : run.cells) {
      for (const auto& facts : repeats) {
        out[name].push_back(&facts);
      }
    }
  }
  return out;
}

NoiseFloor read_floor(const result::JsonView& json) {
  const NoiseFloor out{.floor = json.at("floor").number(),
                       .scatter = json.at("scatter").number(),
                       .runs = json.at("runs").whole32()};
  if (out.floor < 0 || out.scatter < 0) {
    json.fail("must not be below 0");
  }
  return out;
}

}  // namespace

double Noise::floor_of(std::string_view cell, std::string_view metric) const {
  const auto found = cells.find(cell);
  if (found == cells.end()) {
    return 0;
  }
  const auto floor = found->second.find(metric);
  return floor == found->second.end() ? 0 : floor->second.floor;
}

Result<Noise> learn_noise(const Arm& arm) {
  if (const auto alike = check_alike(arm, {}); !alike) {
    return alike.error();
  }
  if (const auto valid = check_valid(arm); !valid) {
    return valid.error();
  }
  Noise out{.origin = arm.name,
            .scenario = arm.runs[0].scenario,
            .scenario_hash = arm.runs[0].scenario_hash,
            .environment = arm.runs[0].environment,
            .cells = {}};
  Policy policy = default_policy();
  add_shown(policy);
  std::size_t most_runs = 0;
  for (const auto& [cell, runs] : by_cell(arm)) {
    most_runs = std::max(most_runs, runs.size());
    for (const auto& gated : policy.metrics) {
      std::vector<double> values;
      for (const auto* run : runs) {
        if (const auto value = run->read(gated.metric->name)) {
          values.push_back(*value);
        }
      }
      if (const auto floor = floor_of_values(std::move(values))) {
        out.cells[cell].emplace(gated.metric->name, *floor);
      }
    }
  }
  if (out.cells.empty()) {
    return usage(fmt::format("{}: {} runs of a cell; a noise floor needs {} of the same build",
                             arm.name, most_runs, kLeastNoiseRuns));
  }
  return out;
}

std::string noise_json(const Noise& noise) {
  result::JsonWriter json;
  json.begin_object();
  json.field("schema", kNoiseSchema);
  json.field("scenario", noise.scenario);
  json.field("scenario_hash", noise.scenario_hash);
  json.key("environment");
  json.begin_object();
  for (const auto& [key, value] : noise.environment) {
    json.field(key, value);
  }
  json.end_object();
  json.key("cells");
  json.begin_object();
  for (const auto& [cell, floors] : noise.cells) {
    json.key(cell);
    json.begin_object();
    for (const auto& [metric, floor] : floors) {
      json.key(metric);
      json.begin_object();
      json.field("floor", floor.floor);
      json.field("scatter", floor.scatter);
      json.field("runs", floor.runs);
      json.end_object();
    }
    json.end_object();
  }
  json.end_object();
  json.end_object();
  return json.take();
}

Result<Noise> read_noise(std::string_view text, const std::string& origin) {
  const auto document = result::parse_json(text, origin);
  if (!document) {
    return document.error();
  }
  result::ReadContext context(origin);
  const result::JsonView json(*document, "", context);
  const std::string schema = json.at("schema").text();
  if (!context.failure() && schema != kNoiseSchema) {
    return usage(
        fmt::format("{}: its schema is '{}', expected '{}'; 'pushbench calibrate' writes it",
                    origin, printable(schema.substr(0, 64)), kNoiseSchema));
  }
  Noise out;
  out.origin = origin;
  out.scenario = json.at("scenario").text();
  out.scenario_hash = json.at("scenario_hash").text();
  for (const auto& [key, value] : json.at("environment").members()) {
    out.environment[key] = value.text();
  }
  for (const auto& [cell, floors] : json.at("cells").members()) {
    for (const auto& [metric, floor] : floors.members()) {
      if (result::find_metric(metric) == nullptr) {
        floor.fail("is of a metric that does not exist");
      }
      out.cells[cell].emplace(metric, read_floor(floor));
    }
  }
  if (context.failure()) {
    return *context.failure();
  }
  return out;
}

Result<Noise> load_noise(const std::string& path) {
  const auto text = plan::read_small_file(path, kMostNoiseBytes);
  if (!text) {
    return text.error();
  }
  return read_noise(*text, path);
}

std::string noise_misfit(const Noise& noise, const RunFacts& run) {
  if (noise.scenario_hash != run.scenario_hash) {
    return fmt::format("it was learned with another workload ({} {})", printable(noise.scenario),
                       printable(noise.scenario_hash));
  }
  for (const auto& [key, value] : run.environment) {
    const auto found = noise.environment.find(key);
    if (found == noise.environment.end() || found->second != value) {
      return fmt::format("it was learned in another environment ({})", key);
    }
  }
  return {};
}

}  // namespace pushbench::gate
