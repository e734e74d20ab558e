#include "harness/study/least_squares.h"

#include "harness/base/check.h"

#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace pushbench::study {
namespace {

using Matrix = std::vector<std::vector<double>>;
using Columns = std::vector<std::size_t>;

struct Problem {
  const Matrix& rows;
  const std::vector<double>& y;
  const std::vector<double>& weight;

  double length(std::size_t column) const {
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sum += weight[i] * rows[i][column] * rows[i][column];
    }
    return std::sqrt(sum);
  }
  double product(std::size_t a, std::size_t b) const {
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sum += weight[i] * rows[i][a] * rows[i][b];
    }
    return sum;
  }
  double target(std::size_t column) const {
    double sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sum += weight[i] * rows[i][column] * y[i];
    }
    return sum;
  }
};

// Lower triangle of the Cholesky factor, row by row, over columns of unit length.
struct Factor {
  Matrix lower;
  std::vector<double> length;

  std::vector<double> forward(std::vector<double> b) const {
    for (std::size_t i = 0; i < lower.size(); ++i) {
      for (std::size_t k = 0; k < i; ++k) {
        b[i] -= lower[i][k] * b[k];
      }
      b[i] /= lower[i][i];
    }
    return b;
  }
  std::vector<double> backward(std::vector<double> b) const {
    for (std::size_t i = lower.size(); i-- > 0;) {
      for (std::size_t k = i + 1; k < lower.size(); ++k) {
        b[i] -= lower[k][i] * b[k];
      }
      b[i] /= lower[i][i];
    }
    return b;
  }
};

// One more row of the factor for `column`; false when it has too little of its own.
bool extend(Factor& factor, const Problem& problem, const Columns& used, std::size_t column) {
  const double length = problem.length(column);
  if (!(length > 0)) {
    return false;
  }
  std::vector<double> row;
  double own = 1;
  for (std::size_t i = 0; i < used.size(); ++i) {
    double entry = problem.product(used[i], column) / (factor.length[i] * length);
    for (std::size_t k = 0; k < i; ++k) {
      entry -= factor.lower[i][k] * row[k];
    }
    row.push_back(entry / factor.lower[i][i]);
    own -= row.back() * row.back();
  }
  if (own < kLeastOwnShare) {
    return false;
  }
  row.push_back(std::sqrt(own));
  factor.lower.push_back(std::move(row));
  factor.length.push_back(length);
  return true;
}

struct Solution {
  Columns columns;
  std::vector<double> value, error;
  std::vector<double> fitted;
  std::size_t degrees = 0;
};

std::vector<double> fitted_values(const Problem& problem, const Solution& solution) {
  std::vector<double> out;
  for (const auto& row : problem.rows) {
    double sum = 0;
    for (std::size_t i = 0; i < solution.columns.size(); ++i) {
      sum += row[solution.columns[i]] * solution.value[i];
    }
    out.push_back(sum);
  }
  return out;
}

// The diagonal of the inverse, scaled back: variances in units of the residual variance.
double inverse_diagonal(const Factor& factor, std::size_t at) {
  std::vector<double> unit(factor.lower.size(), 0);
  unit[at] = 1;
  const auto half = factor.forward(unit);
  double sum = 0;
  for (const double part : half) {
    sum += part * part;
  }
  return sum / (factor.length[at] * factor.length[at]);
}

std::optional<Solution> solve(const Problem& problem, const Columns& wanted, Columns& left_out) {
  Factor factor;
  Solution out;
  for (const std::size_t column : wanted) {
    if (extend(factor, problem, out.columns, column)) {
      out.columns.push_back(column);
    } else {
      left_out.push_back(column);
    }
  }
  if (out.columns.empty() || problem.rows.size() <= out.columns.size()) {
    return std::nullopt;
  }
  std::vector<double> right;
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    right.push_back(problem.target(out.columns[i]) / factor.length[i]);
  }
  out.value = factor.backward(factor.forward(right));
  for (std::size_t i = 0; i < out.value.size(); ++i) {
    out.value[i] /= factor.length[i];
  }
  out.fitted = fitted_values(problem, out);
  out.degrees = problem.rows.size() - out.columns.size();
  double squares = 0;
  for (std::size_t i = 0; i < problem.rows.size(); ++i) {
    squares += problem.weight[i] * std::pow(problem.y[i] - out.fitted[i], 2);
  }
  const double variance = squares / static_cast<double>(out.degrees);
  for (std::size_t i = 0; i < out.columns.size(); ++i) {
    out.error.push_back(std::sqrt(variance * inverse_diagonal(factor, i)));
  }
  return out;
}

}  // namespace

double student_t(std::size_t degrees, double confidence) {
  PUSHBENCH_CHECK(degrees > 0 && confidence > 0 && confidence < 1);
  const boost::math::students_t distribution(static_cast<double>(degrees));
  return boost::math::quantile(distribution, 0.5 + confidence / 2);
}

Regression least_squares(const Matrix& rows,
                         const std::vector<double>& y,
                         const std::vector<double>& weight) {
  PUSHBENCH_CHECK(rows.size() == y.size() && rows.size() == weight.size());
  Regression out;
  if (rows.empty()) {
    return out;
  }
  const Problem problem{rows, y, weight};
  std::vector<Estimate> constants(rows.front().size());
  Columns wanted;
  for (std::size_t i = 0; i < constants.size(); ++i) {
    wanted.push_back(i);
  }
  for (;;) {
    Columns left_out;
    const auto solution = solve(problem, wanted, left_out);
    for (const std::size_t column : left_out) {
      constants[column].state = Estimate::State::kInseparable;
    }
    if (!solution) {
      return out;
    }
    const auto lowest = std::min_element(solution->value.begin(), solution->value.end());
    const auto at = static_cast<std::size_t>(lowest - solution->value.begin());
    if (*lowest >= 0) {
      for (std::size_t i = 0; i < solution->columns.size(); ++i) {
        const double half = student_t(solution->degrees) * solution->error[i];
        const double value = solution->value[i];
        constants[solution->columns[i]] = {.value = value,
                                           .low = std::max(0.0, value - half),
                                           .high = value + half,
                                           .state = Estimate::State::kFitted};
      }
      out.constants = std::move(constants);
      out.fitted = solution->fitted;
      out.degrees = solution->degrees;
      return out;
    }
    constants[solution->columns[at]].state = Estimate::State::kHeldAtZero;
    std::erase(wanted, solution->columns[at]);
  }
}

}  // namespace pushbench::study
