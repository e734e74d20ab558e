#include "harness/study/cost_model.h"

#include "harness/stats/bootstrap.h"
#include "harness/study/held_out.h"

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
         cold_deliveries(load.deliveries_per_s, load.publishes_per_s) * (cost.cold_cpu_s.*end) +
         load.publishes_per_s * (cost.publish_cpu_s.value + cost.wake_cpu_s.*end);
}

struct Regressor {
  double (*read)(const Observation&);
  Estimate FamilyCost::*to;
};

using Read = double (*)(const Observation&);
double one(const Observation& /*point*/) {
  return 1;
}
double taken_off(const Observation& /*point*/) {
  return -1;
}
double requests(const Observation& point) {
  return point.requests_per_s;
}
double empty_answers(const Observation& point) {
  return point.empty_per_s;
}
double full_answers(const Observation& point) {
  return point.requests_per_s - point.empty_per_s;
}
double deliveries(const Observation& point) {
  return point.deliveries_per_s;
}
double cold_ones(const Observation& point) {
  return cold_deliveries(point.deliveries_per_s, point.publishes_per_s);
}
double publishes(const Observation& point) {
  return point.publishes_per_s;
}
double connections(const Observation& point) {
  return point.connections;
}

// Processor time scatters by a part of itself; the host's memory by what else the host does, so
// that many connections say more of it than few.
enum class Scatter : std::uint8_t { kRelative, kAbsolute };

// A point that chance has put low would weigh more by its own figure than by what is fitted there.
constexpr int kReweighted = 3;

std::vector<double> weights_by(const std::vector<double>& y,
                               const std::vector<double>& scale,
                               bool relative) {
  std::vector<double> out;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double one = scale[i] > 0 ? scale[i] : y[i];
    out.push_back(!relative ? 1 : y[i] > 0 ? 1 / (one * one) : 0);
  }
  return out;
}

// Fits `y` over those regressors that are anywhere but 0; the constants go where they belong.
Regression fit_into(FamilyCost& cost,
                    const Points& points,
                    const std::vector<double>& y,
                    const std::vector<Regressor>& regressors,
                    Scatter scatter = Scatter::kRelative) {
  std::vector<Regressor> there;
  for (const auto& regressor : regressors) {
    if (std::any_of(points.begin(), points.end(),
                    [&](const Observation* point) { return regressor.read(*point) != 0; })) {
      there.push_back(regressor);
    }
  }
  std::vector<std::vector<double>> rows;
  for (const auto* point : points) {
    rows.emplace_back();
    for (const auto& regressor : there) {
      rows.back().push_back(regressor.read(*point));
    }
  }
  const bool relative = scatter == Scatter::kRelative;
  Regression fit = least_squares(rows, y, weights_by(y, y, relative));
  for (int i = 0; relative && i < kReweighted && !fit.constants.empty(); ++i) {
    fit = least_squares(rows, y, weights_by(y, fit.fitted, true));
  }
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

// Constants that are small beside what events cost: as long as chance alone may have made one it is
// taken for nothing, since somebody may ask of seldom events and 100,000 clients, and it would then
// be all that is told.
Regression fit_beyond_chance(FamilyCost& cost,
                             const Points& points,
                             const std::vector<double>& y,
                             std::vector<Regressor> regressors,
                             const std::vector<Estimate FamilyCost::*>& small,
                             Scatter scatter) {
  auto fit = fit_into(cost, points, y, regressors, scatter);
  for (const auto one_of_them : small) {
    Estimate& estimate = cost.*one_of_them;
    if (fit.constants.empty() || estimate.state != Estimate::State::kFitted || estimate.low > 0) {
      continue;
    }
    std::erase_if(regressors, [&](const Regressor& one) { return one.to == one_of_them; });
    estimate = {0, 0, 0, Estimate::State::kHeldAtZero};
    if (!regressors.empty()) {
      fit = fit_into(cost, points, y, regressors, scatter);
    }
  }
  return fit;
}

double off_by(const FamilyCost& cost, const Points& points) {
  double squares = 0;
  for (const auto* point : points) {
    squares += std::pow(point->cores - cost.cores(point->load()), 2);
  }
  return squares;
}

// Of cells without an event. In busy ones a server pays less for an event the more there are, and
// least squares would give the difference to whatever does not grow with events: the clients and
// the server itself. Two cells hold one constant, which is the one that says more of them. False:
// there is no such cell, or one that tells nothing.
bool measure_idle(FamilyCost& cost, const Points& idle) {
  const std::vector<Regressor> both{{connections, &FamilyCost::idle_cores},
                                    {one, &FamilyCost::base_cores}};
  const auto y = read_all_of(idle, [](const Observation& p) { return p.cores; });
  if (idle.size() > both.size()) {
    fit_beyond_chance(cost, idle, y, both, {&FamilyCost::idle_cores, &FamilyCost::base_cores},
                      Scatter::kAbsolute);
    return true;
  }
  std::optional<FamilyCost> best;
  for (const auto& either : both) {
    FamilyCost tried = cost;
    tried.idle_cores.state = tried.base_cores.state = Estimate::State::kHeldAtZero;
    const auto fit = fit_beyond_chance(tried, idle, y, {either}, {either.to}, Scatter::kAbsolute);
    if (!fit.constants.empty() && (!best || off_by(tried, idle) < off_by(*best, idle))) {
      best = tried;
    }
  }
  cost = best.value_or(cost);
  return best.has_value();
}

// What idle clients cost is never inferred from busy cells; what the server itself does, only
// where no cell without an event tells.
Regression fit_cores(FamilyCost& cost,
                     const Points& points,
                     const std::vector<double>& y,
                     bool idle_measured) {
  std::vector<Regressor> regressors{{requests, &FamilyCost::request_cpu_s},
                                    {deliveries, &FamilyCost::delivery_cpu_s},
                                    {cold_ones, &FamilyCost::cold_cpu_s},
                                    {publishes, &FamilyCost::wake_cpu_s}};
  if (!idle_measured) {
    regressors.push_back({one, &FamilyCost::base_cores});
  }
  return fit_beyond_chance(cost, points, y, regressors, {&FamilyCost::base_cores},
                           Scatter::kRelative);
}

// False: too few points for the constants.
bool fit_processor(FamilyCost& cost, const Points& points, bool idle_measured) {
  std::vector<double> y;
  for (const auto* point : points) {
    // Measured apart; of what is fitted below there is nothing in it yet.
    const double rest = point->cores - cost.cores(point->load());
    // A cell in which publishing was all there was tells nothing of deliveries.
    y.push_back(std::max(rest, 0.05 * point->cores));
  }
  const auto fit = fit_cores(cost, points, y, idle_measured);
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
           {{connections, &FamilyCost::kernel_each_bytes},
            {taken_off, &FamilyCost::kernel_at_hand_bytes}},
           Scatter::kAbsolute);
}

void fit_bandwidth(FamilyCost& cost, const Points& points) {
  fit_into(
      cost, points,
      read_all_of(points, [](const Observation& p) { return p.overhead_up_bytes_per_s; }),
      {{requests, &FamilyCost::request_up_bytes}, {deliveries, &FamilyCost::delivery_up_bytes}});
  fit_into(cost, points,
           read_all_of(points, [](const Observation& p) { return p.overhead_down_bytes_per_s; }),
           {{full_answers, &FamilyCost::request_down_bytes},
            {empty_answers, &FamilyCost::empty_down_bytes},
            {deliveries, &FamilyCost::delivery_down_bytes}});
}

std::optional<FamilyCost> fit_family(const std::string& family, const Points& all) {
  Points fitted;
  Points busy;
  Points idle;
  FamilyCost cost;
  cost.family = family;
  for (const auto* point : all) {
    if (!point->held_out) {
      fitted.push_back(point);
      (point->idle() ? idle : busy).push_back(point);
      cost.clients_most = std::max(cost.clients_most, point->clients);
    }
  }
  take_publish_cost(cost, busy);
  if (!fit_processor(cost, busy, measure_idle(cost, idle))) {
    return std::nullopt;
  }
  fit_memory(cost, fitted);
  fit_bandwidth(cost, busy);
  cost.points = fitted.size();
  cost.held_out = hold_out(cost, all);
  cost.evidence = fmt::format("fitted from {} cells, {} of them without an event", cost.points,
                              idle.empty() ? "none" : std::to_string(idle.size()));
  return cost;
}

}  // namespace

double FamilyCost::delivery_s(double deliveries_per_s, double publishes_per_s) const {
  return delivery_cpu_s.value +
         cold_deliveries(deliveries_per_s, publishes_per_s) / deliveries_per_s * cold_cpu_s.value;
}

double FamilyCost::cores(const Load& load) const {
  return sum_at(*this, load, &Estimate::value);
}
double FamilyCost::memory_bytes(const Load& load) const {
  return memory_base_bytes.value + load.connections * memory_each_bytes.value;
}
double FamilyCost::kernel_bytes(const Load& load) const {
  return std::max(0.0, load.connections * kernel_each_bytes.value - kernel_at_hand_bytes.value);
}
double FamilyCost::overhead_bytes_per_s(const Load& load) const {
  return load.requests_per_s * request_up_bytes.value +
         (load.requests_per_s - load.empty_per_s) * request_down_bytes.value +
         load.empty_per_s * empty_down_bytes.value +
         load.deliveries_per_s * (delivery_up_bytes.value + delivery_down_bytes.value);
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
