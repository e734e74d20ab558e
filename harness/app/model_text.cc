#include "harness/app/model_text.h"

#include "harness/base/nanos.h"
#include "harness/base/text.h"
#include "reports/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pushbench::app {
namespace {

using study::CostModel;
using study::Estimate;
using study::FamilyCost;

std::string cores_text(double cores) {
  return fmt::format("{:.3g} cores", cores);
}
// A client that only waits costs less than a nanosecond can say.
std::string idle_text(double cores) {
  return human_seconds(cores) + "/s";
}
std::string bytes_text(double bytes) {
  return human_bytes(std::round(bytes * 10) / 10);
}

constexpr double kGoodHoldOut = 0.25;

struct Line {
  std::string_view name;
  Estimate FamilyCost::*where;
  std::string (*text)(double);
};
constexpr std::array<Line, 16> kLines{{
    {"processor: a request", &FamilyCost::request_cpu_s, human_seconds},
    {"processor: a delivery", &FamilyCost::delivery_cpu_s, human_seconds},
    {"processor: a cold delivery, on top", &FamilyCost::cold_cpu_s, human_seconds},
    {"processor: a publish", &FamilyCost::publish_cpu_s, human_seconds},
    {"processor: an event, on top", &FamilyCost::wake_cpu_s, human_seconds},
    {"processor: an idle client", &FamilyCost::idle_cores, idle_text},
    {"processor: the server itself", &FamilyCost::base_cores, cores_text},
    {"memory: a connection", &FamilyCost::memory_each_bytes, bytes_text},
    {"memory: the server itself", &FamilyCost::memory_base_bytes, bytes_text},
    {"kernel memory, both ends", &FamilyCost::kernel_each_bytes, bytes_text},
    {"kernel memory: had at hand", &FamilyCost::kernel_at_hand_bytes, bytes_text},
    {"bytes up: a request", &FamilyCost::request_up_bytes, bytes_text},
    {"bytes up: a delivery", &FamilyCost::delivery_up_bytes, bytes_text},
    {"bytes down: a request", &FamilyCost::request_down_bytes, bytes_text},
    {"bytes down: an empty answer", &FamilyCost::empty_down_bytes, bytes_text},
    {"bytes down: a delivery", &FamilyCost::delivery_down_bytes, bytes_text},
}};

std::vector<std::string> line_of(const Line& line, const Estimate& estimate) {
  switch (estimate.state) {
    case Estimate::State::kFitted:
      return {std::string(line.name), line.text(estimate.value), line.text(estimate.low),
              line.text(estimate.high)};
    case Estimate::State::kHeldAtZero: return {std::string(line.name), "0, none seen", "", ""};
    case Estimate::State::kInseparable: return {std::string(line.name), "in the others", "", ""};
    case Estimate::State::kGiven:
    case Estimate::State::kAbsent: break;
  }
  return {std::string(line.name), line.text(estimate.value), "", ""};
}

std::string off_text(std::string_view what, const std::optional<study::Foretold>& one) {
  return one ? fmt::format(", {} {:+.1f} %", what, one->error() * 100) : "";
}

std::string held_out_text(const FamilyCost& cost) {
  if (cost.held_out.empty()) {
    return "No cell was held out.";
  }
  std::string out;
  double worst = 0;
  for (const auto& held : cost.held_out) {
    worst = std::max(worst, std::abs(held.cores.error()));
    out += fmt::format("{}{} instead of {} ({:+.0f} %){}{}{}", out.empty() ? "" : "; ",
                       cores_text(held.cores.predicted), cores_text(held.cores.measured),
                       held.cores.error() * 100, off_text("memory", held.memory_bytes),
                       off_text("kernel memory", held.kernel_bytes),
                       off_text("bytes", held.bytes_per_s));
  }
  return fmt::format("Held out and predicted: {}.{}", out,
                     worst <= kGoodHoldOut ? ""
                                           : " That is far off: measure longer, with more load, on "
                                             "a quieter machine.");
}

std::string describe_family(const FamilyCost& cost) {
  reports::TextTable table;
  table.heads = {"constant", "value", "95 %: from", "to"};
  for (const auto& line : kLines) {
    if ((cost.*line.where).usable()) {
      table.rows.push_back(line_of(line, cost.*line.where));
    }
  }
  // Absent from what was fitted, and not nothing.
  if (cost.points > 0 && !cost.idle_cores.usable() && study::holds_connections(cost.family)) {
    table.rows.push_back({"processor: an idle client", "not measured", "", ""});
  }
  std::string out = cost.family + "\n" + table.render(kStudyWidth);
  if (cost.points > 0) {
    out += reports::paragraph(
        fmt::format("{} cells with up to {} clients; {} of processor time unexplained in the "
                    "median cell, {} in the worst. {}",
                    cost.points, human_count(cost.clients_most), percent(cost.residual_median),
                    percent(cost.residual_worst), held_out_text(cost)),
        kStudyWidth);
  } else {
    out += reports::paragraph(cost.evidence, kStudyWidth);
  }
  return out + "\n";
}

std::string describe_scaling(const study::ScalingLaw& law) {
  const auto best = law.best_n();
  return reports::paragraph(
      fmt::format("Scaling (Universal Scalability Law): {} alone, contention {} ({} to {}), "
                  "coherency {:.2g} ({:.2g} to {:.2g}); {}; measured up to {}, off by {} at most.",
                  human_count(law.single) + "/s", percent(law.contention.value),
                  percent(law.contention.low), percent(law.contention.high), law.coherency.value,
                  law.coherency.low, law.coherency.high,
                  best ? "most at " + human_count(std::round(*best)) : "it never turns down",
                  human_count(law.largest_n), percent(law.residual_worst)),
      kStudyWidth);
}

}  // namespace

std::string percent(double share) {
  return fmt::format("{:.{}f} %", share * 100, std::abs(share) < 0.0995 ? 1 : 0);
}

std::string model_origin(const CostModel& model) {
  return fmt::format("{}{} ({}, {})",
                     model.reference ? "shipped reference constants, not of this "
                                       "machine: "
                                     : "",
                     model.source, model.machine, model.date.substr(0, 10));
}

std::string describe_model(const CostModel& model) {
  std::string out =
      reports::paragraph("What a server pays, " + model_origin(model) + ".", kStudyWidth) + "\n";
  for (const auto& cost : model.families) {
    out += describe_family(cost);
  }
  if (model.scaling) {
    out += describe_scaling(*model.scaling);
  }
  return out;
}

}  // namespace pushbench::app
