#include "harness/study/cost_model.h"

#include "harness/stats/bootstrap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace pushbench::study {
namespace {

using Points = std::vector<const Observation*>;

double sum_at(const FamilyCost& cost, const Load& load, double Estimate::*end) {
  return cost.base_cores.*end + load.connections * (cost.idle_cores.*end) +
         load.requests_per_s * (cost.request_cpu_s.*end) +
         load.deliveries_per_s * (cost.delivery_cpu_s.*end) +
         load.publishes_per_s * cost.publish_cpu_s.value;
}

struct Regressor {
  double (*read)(const Observation&);
  Estimate FamilyCost::*to;
};

using Read = double (*)(const Observation&);
double one(const Observation& /*point*/) {
  return 1;
}
double requests(const Observation& point) {
  return point.requests_per_s;
}
double deliveries(const Observation& point) {
  return point.deliveries_per_s;
}
double connections(const Observation& point) {
  return point.connections;
}

// Fits `y` over those regressors that are anywhere above 0; the constants go where they belong.
Regression fit_into(FamilyCost& cost,
                    const Points& points,
                    const std::vector<double>& y,
                    const std::vector<Regressor>& regressors) {
  std::vector<Regressor> there;
  for (const auto& regressor : regressors) {
    if (std::any_of(points.begin(), points.end(),
                    [&](const Observation* point) { return regressor.read(*point) > 0; })) {
      there.push_back(regressor);
    }
  }
  std::vector<std::vector<double>> rows;
  std::vector<double> weight;
  for (std::size_t i = 0; i < points.size(); ++i) {
    rows.emplace_back();
    for (const auto& regressor : there) {
      rows.back().push_back(regressor.read(*points[i]));
    }
    weight.push_back(y[i] > 0 ? 1 / (y[i] * y[i]) : 0);
  }
  Regression fit = least_squares(rows, y, weight);
  for (std::size_t i = 0; i < fit.constants.size(); ++i) {
    cost.*(there[i].to) = fit.constants[i];
  }
  return fit;
}

std::vector<double> read_all_of(const Points& points, Read read) {
  std::vector<double> out;
  for (const auto* point : points) {
    out.push_back(read(*point));
  }
  return out;
}

void take_publish_cost(FamilyCost& cost, const Points& points) {
  std::vector<double> measured;
  for (const auto* point : points) {
    if (point->publish_cpu_s > 0) {
      measured.push_back(point->publish_cpu_s);
    }
  }
  if (!measured.empty()) {
    const double value = stats::median_of(std::move(measured));
    cost.publish_cpu_s = {value, value, value, Estimate::State::kGiven};
  }
}

// False: too few points for the constants.
bool fit_processor(FamilyCost& cost, const Points& points) {
  std::vector<double> y;
  for (const auto* point : points) {
    const double rest = point->cores - point->publishes_per_s * cost.publish_cpu_s.value;
    // A cell in which publishing was all there was tells nothing of deliveries.
    y.push_back(std::max(rest, 0.05 * point->cores));
  }
  const auto fit = fit_into(cost, points, y,
                            {{requests, &FamilyCost::request_cpu_s},
                             {deliveries, &FamilyCost::delivery_cpu_s},
                             {one, &FamilyCost::base_cores},
                             {connections, &FamilyCost::idle_cores}});
  if (fit.constants.empty()) {
    return false;
  }
  std::vector<double> off;
  for (std::size_t i = 0; i < points.size(); ++i) {
    off.push_back(std::abs(fit.fitted[i] / y[i] - 1));
  }
  cost.residual_median = stats::median_of(off);
  cost.residual_worst = *std::max_element(off.begin(), off.end());
  return true;
}

void fit_memory(FamilyCost& cost, const Points& points) {
  Points resident;
  Points kernel;
  for (const auto* point : points) {
    if (point->memory_bytes) {
      resident.push_back(point);
    }
    if (point->kernel_growth_bytes) {
      kernel.push_back(point);
    }
  }
  fit_into(cost, resident,
           read_all_of(resident, [](const Observation& p) { return *p.memory_bytes; }),
           {{one, &FamilyCost::memory_base_bytes}, {connections, &FamilyCost::memory_each_bytes}});
  fit_into(cost, kernel,
           read_all_of(kernel, [](const Observation& p) { return *p.kernel_growth_bytes; }),
           {{connections, &FamilyCost::kernel_each_bytes}});
}

void fit_bandwidth(FamilyCost& cost, const Points& points) {
  fit_into(
      cost, points,
      read_all_of(points, [](const Observation& p) { return p.overhead_up_bytes_per_s; }),
      {{requests, &FamilyCost::request_up_bytes}, {deliveries, &FamilyCost::delivery_up_bytes}});
  fit_into(cost, points,
           read_all_of(points, [](const Observation& p) { return p.overhead_down_bytes_per_s; }),
           {{requests, &FamilyCost::request_down_bytes},
            {deliveries, &FamilyCost::delivery_down_bytes}});
}

Load load_of(const Observation& point) {
  return {point.connections, point.requests_per_s, point.deliveries_per_s, point.publishes_per_s};
}

std::optional<FamilyCost> fit_family(const std::string& family,
                                     const std::vector<const Observation*>& all) {
  Points fitted;
  FamilyCost cost;
  cost.family = family;
  for (const auto* point : all) {
    if (!point->held_out) {
      fitted.push_back(point);
      cost.clients_most = std::max(cost.clients_most, point->clients);
    }
  }
  take_publish_cost(cost, fitted);
  if (!fit_processor(cost, fitted)) {
    return std::nullopt;
  }
  fit_memory(cost, fitted);
  fit_bandwidth(cost, fitted);
  cost.points = fitted.size();
  for (const auto* point : all) {
    if (point->held_out && cost.held_out.size() < kMostHeldOut) {
      cost.held_out.push_back({point->cell, point->cores, cost.cores(load_of(*point))});
    }
  }
  cost.evidence = fmt::format("fitted from {} cells", cost.points);
  return cost;
}

}  // namespace

double FamilyCost::cores(const Load& load) const {
  return sum_at(*this, load, &Estimate::value);
}
double FamilyCost::cores_low(const Load& load) const {
  return sum_at(*this, load, &Estimate::low);
}
double FamilyCost::cores_high(const Load& load) const {
  return sum_at(*this, load, &Estimate::high);
}

const FamilyCost* CostModel::find(std::string_view family) const {
  const auto found = std::find_if(families.begin(), families.end(),
                                  [&](const FamilyCost& cost) { return cost.family == family; });
  return found == families.end() ? nullptr : &*found;
}

Result<CostModel> fit_costs(const std::vector<Observation>& observations,
                            std::vector<std::string>& problems) {
  std::map<std::string, std::vector<const Observation*>> families;
  for (const auto& point : observations) {
    families[point.family].push_back(&point);
  }
  CostModel model;
  for (const auto& [family, points] : families) {
    if (auto cost = fit_family(family, points)) {
      model.families.push_back(std::move(*cost));
    } else {
      problems.push_back(fmt::format(
          "{}: {} cells do not hold its constants; give results with other numbers of clients and "
          "other rates",
          family, points.size()));
    }
  }
  if (model.families.empty()) {
    return usage(fmt::format("fit: there is nothing to fit: {}",
                             problems.empty() ? "no cell can be used" : problems.front()));
  }
  return model;
}

}  // namespace pushbench::study
