// How throughput grows with threads, processes or servers: Gunther's Universal Scalability Law,
//   X(n) = g n / (1 + a (n - 1) + b n (n - 1)),
// g throughput of one, a what is serial (contention), b what all must agree on (coherency); most at
// n* = sqrt((1 - a) / b). (N. J. Gunther, "Guerrilla Capacity Planning", 2007, chapter 4.) Divided
// into n it is linear: n / X = (1 + a (n - 1) + b n (n - 1)) / g; so it is fitted by least squares
// with weights that hold relative errors alike, and the intervals of a and b are those of their
// ratio to 1/g by the delta method, 1/g taken as known. Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/study/least_squares.h"

#include <optional>
#include <vector>

namespace pushbench::study {

inline constexpr std::size_t kLeastScalingPoints = 6;
inline constexpr std::size_t kLeastScalingSizes = 4;  // different n among them

struct ScalingPoint {
  double n = 1;
  double throughput = 0;
};

struct ScalingLaw {
  double single = 0;               // g
  Estimate contention, coherency;  // a, b
  double largest_n = 0;            // that was measured
  double residual_worst = 0;       // relative, of the points
  double throughput(double n) const;
  double gain(double n) const { return throughput(n) / throughput(1); }
  std::optional<double> best_n() const;  // nullopt: it never turns down
};

// A failure says what is missing: fewer than 6 points, or too few different n.
Result<ScalingLaw> fit_scaling(const std::vector<ScalingPoint>& points);

}  // namespace pushbench::study
