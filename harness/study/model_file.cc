#include "harness/study/model_file.h"

#include "harness/base/text.h"
#include "harness/plan/payload_file.h"

#include <array>

namespace pushbench::study {
namespace {

using result::JsonView;
using result::JsonWriter;
using State = Estimate::State;

struct EstimateRow {
  std::string_view key;
  Estimate FamilyCost::*where;
};
constexpr std::array<EstimateRow, 16> kEstimates{{
    {"base_cores", &FamilyCost::base_cores},
    {"idle_cores", &FamilyCost::idle_cores},
    {"request_cpu_s", &FamilyCost::request_cpu_s},
    {"delivery_cpu_s", &FamilyCost::delivery_cpu_s},
    {"publish_cpu_s", &FamilyCost::publish_cpu_s},
    {"wake_cpu_s", &FamilyCost::wake_cpu_s},
    {"cold_cpu_s", &FamilyCost::cold_cpu_s},
    {"memory_base_bytes", &FamilyCost::memory_base_bytes},
    {"memory_each_bytes", &FamilyCost::memory_each_bytes},
    {"kernel_each_bytes", &FamilyCost::kernel_each_bytes},
    {"kernel_at_hand_bytes", &FamilyCost::kernel_at_hand_bytes},
    {"request_up_bytes", &FamilyCost::request_up_bytes},
    {"request_down_bytes", &FamilyCost::request_down_bytes},
    {"empty_down_bytes", &FamilyCost::empty_down_bytes},
    {"delivery_up_bytes", &FamilyCost::delivery_up_bytes},
    {"delivery_down_bytes", &FamilyCost::delivery_down_bytes},
}};

struct ForetoldRow {
  std::string_view key;  // behind "measured_" and "predicted_"
  std::optional<Foretold> HeldOut::*where;
};
constexpr std::array<ForetoldRow, 3> kForetold{{{"memory_bytes", &HeldOut::memory_bytes},
                                                {"kernel_bytes", &HeldOut::kernel_bytes},
                                                {"bytes_per_s", &HeldOut::bytes_per_s}}};

// In the order of Estimate::State.
constexpr std::array<std::string_view, 5> kStates{"absent", "given", "fitted", "held-at-zero",
                                                  "inseparable"};

void write(JsonWriter& json, std::string_view key, const Estimate& estimate) {
  if (!estimate.usable()) {
    return;
  }
  json.key(key);
  json.begin_object();
  json.field("state", kStates.at(static_cast<std::size_t>(estimate.state)));
  json.field("value", estimate.value);
  if (estimate.state == State::kFitted) {
    json.field("low", estimate.low);
    json.field("high", estimate.high);
  }
  json.end_object();
}

void write(JsonWriter& json, const ScalingLaw& law) {
  json.key("scaling");
  json.begin_object();
  json.field("single_per_s", law.single);
  write(json, "contention", law.contention);
  write(json, "coherency", law.coherency);
  json.field("largest_n", law.largest_n);
  json.field("residual_worst", law.residual_worst);
  json.end_object();
}

void write(JsonWriter& json, const FamilyCost& cost) {
  json.begin_object();
  json.field("family", cost.family);
  json.field("evidence", cost.evidence);
  json.field("points", cost.points);
  json.field("clients_most", cost.clients_most);
  json.field("residual_median", cost.residual_median);
  json.field("residual_worst", cost.residual_worst);
  for (const auto& row : kEstimates) {
    write(json, row.key, cost.*row.where);
  }
  json.key("held_out");
  json.begin_array();
  for (const auto& held : cost.held_out) {
    json.begin_object();
    json.field("cell", held.cell);
    json.field("measured_cores", held.cores.measured);
    json.field("predicted_cores", held.cores.predicted);
    for (const auto& row : kForetold) {
      if (const auto& one = held.*row.where) {
        json.field("measured_" + std::string(row.key), one->measured);
        json.field("predicted_" + std::string(row.key), one->predicted);
      }
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

double not_negative(const JsonView& view) {
  const double value = view.number();
  if (value < 0) {
    view.fail("must not be negative");
  }
  return value;
}

Estimate read_estimate(const std::optional<JsonView>& view) {
  Estimate out;
  if (!view) {
    return out;
  }
  const std::string state = view->at("state").text();
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates.at(i) == state) {
      out.state = static_cast<State>(i);
    }
  }
  if (!out.usable()) {
    view->at("state").fail("must be given, fitted, held-at-zero or inseparable");
  }
  out.value = not_negative(view->at("value"));
  const auto low = view->find("low");
  const auto high = view->find("high");
  out.low = low ? not_negative(*low) : out.value;
  out.high = high ? not_negative(*high) : out.value;
  return out;
}

ScalingLaw read_scaling(const JsonView& view) {
  ScalingLaw law;
  law.single = not_negative(view.at("single_per_s"));
  law.contention = read_estimate(view.find("contention"));
  law.coherency = read_estimate(view.find("coherency"));
  law.largest_n = not_negative(view.at("largest_n"));
  law.residual_worst = not_negative(view.at("residual_worst"));
  return law;
}

Foretold read_foretold(const JsonView& held, const std::string& key) {
  const auto measured = held.at("measured_" + key);
  const Foretold out{not_negative(measured), not_negative(held.at("predicted_" + key))};
  if (!(out.measured > 0)) {
    measured.fail("must be above 0");
  }
  return out;
}

HeldOut read_held_out(const JsonView& held) {
  HeldOut out;
  out.cell = held.at("cell").text();
  out.cores = read_foretold(held, "cores");
  for (const auto& row : kForetold) {
    const std::string key(row.key);
    if (held.find("measured_" + key)) {
      out.*row.where = read_foretold(held, key);
    }
  }
  return out;
}

FamilyCost read_family(const JsonView& view) {
  FamilyCost cost;
  cost.family = view.at("family").text();
  cost.evidence = view.at("evidence").text();
  cost.points = view.at("points").whole();
  cost.clients_most = not_negative(view.at("clients_most"));
  cost.residual_median = not_negative(view.at("residual_median"));
  cost.residual_worst = not_negative(view.at("residual_worst"));
  for (const auto& row : kEstimates) {
    cost.*row.where = read_estimate(view.find(row.key));
  }
  for (const auto& held : view.at("held_out").items(kMostHeldOut)) {
    cost.held_out.push_back(read_held_out(held));
  }
  return cost;
}

}  // namespace

void write_model(JsonWriter& json, const CostModel& model) {
  json.begin_object();
  json.field("schema", kModelSchema);
  json.field("source", model.source);
  json.field("machine", model.machine);
  json.field("date", model.date);
  json.field("commit", model.commit);
  json.field("reference", model.reference);
  if (model.scaling) {
    write(json, *model.scaling);
  }
  json.key("families");
  json.begin_array();
  for (const auto& cost : model.families) {
    write(json, cost);
  }
  json.end_array();
  json.end_object();
}

std::string to_json(const CostModel& model) {
  JsonWriter json;
  write_model(json, model);
  return json.take();
}

CostModel model_in(const JsonView& view) {
  CostModel model;
  model.source = view.at("source").text();
  model.machine = view.at("machine").text();
  model.date = view.at("date").text();
  model.commit = view.at("commit").text();
  model.reference = view.at("reference").boolean();
  if (const auto law = view.find("scaling")) {
    model.scaling = read_scaling(*law);
  }
  for (const auto& family : view.at("families").items(kMostFamilies)) {
    model.families.push_back(read_family(family));
  }
  return model;
}

Result<CostModel> model_from_json(std::string_view text, const std::string& origin) {
  const auto tree = result::parse_json(text, origin);
  if (!tree) {
    return tree.error();
  }
  result::ReadContext context(origin);
  const JsonView root(*tree, "", context);
  const std::string schema = root.at("schema").text();
  if (!context.failure() && schema != kModelSchema) {
    return usage(printable(origin) + ": expected a cost model of schema " +
                 std::string(kModelSchema) + " (pushbench fit -o FILE writes one), got '" +
                 printable(schema) + "'");
  }
  CostModel model = model_in(root);
  if (context.failure()) {
    return *context.failure();
  }
  return model;
}

Result<CostModel> load_model(const std::string& path) {
  const auto text = plan::read_small_file(path, kMaxModelBytes);
  return text ? model_from_json(*text, printable(path)) : Result<CostModel>(text.error());
}

}  // namespace pushbench::study
