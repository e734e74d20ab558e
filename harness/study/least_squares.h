// Weighted least squares for a handful of constants that cannot be negative (costs, sizes). Normal
// equations over columns of unit length, Cholesky (Golub and Van Loan, "Matrix Computations",
// 4.2); the square of a column's pivot is the share of it that the columns before it do not
// explain. A column with less than kLeastOwnShare of its own is left out, because nothing in the
// data tells it from the others; one whose constant comes out negative is held at 0 and the rest
// fitted again. Intervals: Student's t with n - p degrees of freedom. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pushbench::study {

inline constexpr double kLeastOwnShare = 0.01;  // a variance inflation of 100
inline constexpr double kConfidence = 0.95;

struct Estimate {
  enum class State : std::uint8_t { kAbsent, kGiven, kFitted, kHeldAtZero, kInseparable };
  double value = 0;
  double low = 0, high = 0;  // 95 % interval of a fitted one; `low` is cut at 0
  State state = State::kAbsent;
  bool usable() const { return state != State::kAbsent; }
};

struct Regression {
  std::vector<Estimate> constants;  // in step with the columns
  std::vector<double> fitted;       // in step with the rows
  std::size_t degrees = 0;          // of freedom that are left
};

// `rows[i]` are the regressors of observation `y[i]`; `weight[i]` multiplies its squared residual.
// Columns are in order of importance: of two that cannot be told apart the later one is left out.
// No regression (no constants) without more rows than columns that stay.
Regression least_squares(const std::vector<std::vector<double>>& rows,
                         const std::vector<double>& y,
                         const std::vector<double>& weight);

// Half of the two-sided interval of Student's t, in standard errors.
double student_t(std::size_t degrees, double confidence = kConfidence);

}  // namespace pushbench::study
