#include "harness/study/scaling_law.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace pushbench::study {
namespace {

Estimate over(const Estimate& part, double whole) {
  Estimate out = part;
  out.value /= whole;
  out.low /= whole;
  out.high /= whole;
  return out;
}

Result<void> check_points(const std::vector<ScalingPoint>& points) {
  std::set<double> sizes;
  for (const auto& point : points) {
    if (!(point.n >= 1) || !(point.throughput > 0)) {
      return usage(
          fmt::format("scaling: expected N of at least 1 and a throughput above 0, got {}:{}",
                      point.n, point.throughput));
    }
    sizes.insert(point.n);
  }
  if (points.size() < kLeastScalingPoints || sizes.size() < kLeastScalingSizes) {
    return usage(fmt::format(
        "scaling: {} points at {} sizes do not hold the three constants of the Universal "
        "Scalability Law; measure at least {} points at {} different sizes",
        points.size(), sizes.size(), kLeastScalingPoints, kLeastScalingSizes));
  }
  return {};
}

}  // namespace

double ScalingLaw::throughput(double n) const {
  return single * n / (1 + contention.value * (n - 1) + coherency.value * n * (n - 1));
}

std::optional<double> ScalingLaw::best_n() const {
  if (!(coherency.value > 0)) {
    return std::nullopt;
  }
  return std::sqrt(std::max(0.0, 1 - contention.value) / coherency.value);
}

Result<ScalingLaw> fit_scaling(const std::vector<ScalingPoint>& points) {
  if (const auto fine = check_points(points); !fine) {
    return fine.error();
  }
  std::vector<std::vector<double>> rows;
  std::vector<double> y;
  std::vector<double> weight;
  ScalingLaw law;
  for (const auto& [n, throughput] : points) {
    rows.push_back({1, n - 1, n * (n - 1)});
    y.push_back(n / throughput);
    weight.push_back(1 / (y.back() * y.back()));
    law.largest_n = std::max(law.largest_n, n);
  }
  const auto fit = least_squares(rows, y, weight);
  if (fit.constants.empty() || !(fit.constants[0].value > 0)) {
    return usage(
        "scaling: the points follow no Universal Scalability Law; throughput must not "
        "grow faster than the number of threads");
  }
  const double slowness = fit.constants[0].value;
  law.single = 1 / slowness;
  law.contention = over(fit.constants[1], slowness);
  law.coherency = over(fit.constants[2], slowness);
  for (const auto& [n, throughput] : points) {
    law.residual_worst = std::max(law.residual_worst, std::abs(law.throughput(n) / throughput - 1));
  }
  return law;
}

}  // namespace pushbench::study
