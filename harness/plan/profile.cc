#include "harness/plan/profile.h"

#include "harness/base/check.h"
#include "harness/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace pushbench::plan {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kSolved = 1e-11;  // s, well below the nanosecond of a schedule
constexpr int kMostSteps = 100;    // a bracket of a day is halved to kSolved in 53

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

double hour_value(const Profile& profile, double weight) {
  return profile.mean * weight * kHoursOfADay / sum_of(profile.weights);
}

// From 0 to x of a straight line, and the last x with no more than this area before it.
double line_area(double level, double slope, double x) {
  return level * x + slope * x * x / 2;
}
double line_reach(double level, double slope, double area) {
  const double root = std::sqrt(std::max(0.0, level * level + 2 * slope * area));
  return area > 0 ? 2 * area / (level + root) : 0;
}

}  // namespace

double Profile::lowest() const {
  switch (shape) {
    case Shape::kSteps:
      return std::min_element(steps.begin(), steps.end(),
                              [](const auto& a, const auto& b) { return a.value < b.value; })
          ->value;
    case Shape::kRamp: return std::min(from, to);
    case Shape::kDaily: return low;
    case Shape::kHourly:
      return hour_value(*this, *std::min_element(weights.begin(), weights.end()));
  }
  return 0;
}

double Profile::highest() const {
  switch (shape) {
    case Shape::kSteps:
      return std::max_element(steps.begin(), steps.end(),
                              [](const auto& a, const auto& b) { return a.value < b.value; })
          ->value;
    case Shape::kRamp: return std::max(from, to);
    case Shape::kDaily: return high;
    case Shape::kHourly:
      return hour_value(*this, *std::max_element(weights.begin(), weights.end()));
  }
  return 0;
}

double Profile::compression() const {
  return daily() && period ? seconds_of(kDay) / seconds_of(*period) : 1;
}

Curve::Curve(const Profile& profile, Nanos lead) : lead_(seconds_of(lead)) {
  PUSHBENCH_CHECK(profile.highest() > 0);
  using Shape = Profile::Shape;
  switch (profile.shape) {
    case Shape::kSteps:
      for (const auto& step : profile.steps) {
        add(seconds_of(step.at), step.value, 0);
      }
      break;
    case Shape::kRamp: {
      const double over = seconds_of(profile.over.value());
      add(0, profile.from, (profile.to - profile.from) / over);
      add(over, profile.to, 0);
      break;
    }
    case Shape::kDaily:
      period_ = seconds_of(profile.period.value());
      middle_ = (profile.low + profile.high) / 2;
      swing_ = (profile.high - profile.low) / 2;
      peak_at_ = seconds_of(profile.peak_at) / seconds_of(kDay) * period_;
      period_area_ = middle_ * period_;
      break;
    case Shape::kHourly:
      period_ = seconds_of(profile.period.value());
      for (std::size_t hour = 0; hour < profile.weights.size(); ++hour) {
        add(period_ * static_cast<double>(hour) / kHoursOfADay,
            hour_value(profile, profile.weights[hour]), 0);
      }
      period_area_ = profile.mean * period_;
      break;
  }
}

void Curve::add(double begin, double level, double slope) {
  double before = 0;
  if (!pieces_.empty()) {
    const Piece& last = pieces_.back();
    before = last.before + line_area(last.level, last.slope, begin - last.begin);
  }
  pieces_.push_back({.begin = begin, .level = level, .slope = slope, .before = before});
}

const Curve::Piece& Curve::piece_at(double s) const noexcept {
  const auto next = std::upper_bound(pieces_.begin(), pieces_.end(), s,
                                     [](double x, const Piece& p) { return x < p.begin; });
  return *std::prev(next);
}

// What rounding leaves below the start of a day belongs to it.
double Curve::shape_at(double s) const noexcept {
  const double into = period_ > 0 ? std::max(0.0, s - std::floor(s / period_) * period_) : s;
  if (pieces_.empty()) {
    return middle_ + swing_ * std::cos(2 * std::numbers::pi * (into - peak_at_) / period_);
  }
  const Piece& piece = piece_at(into);
  return piece.level + piece.slope * (into - piece.begin);
}

// Of mid + swing cos(w (s - p)): mid s + swing / w (sin(w (s - p)) + sin(w p)).
double Curve::wave_area(double s) const noexcept {
  const double w = 2 * std::numbers::pi / period_;
  return middle_ * s + swing_ / w * (std::sin(w * (s - peak_at_)) + std::sin(w * peak_at_));
}

double Curve::shape_area(double s) const noexcept {
  const double whole = period_ > 0 ? std::floor(s / period_) : 0;
  const double into = std::max(0.0, s - whole * period_);
  if (pieces_.empty()) {
    return whole * period_area_ + wave_area(into);
  }
  const Piece& piece = piece_at(into);
  return whole * period_area_ + piece.before +
         line_area(piece.level, piece.slope, into - piece.begin);
}

double Curve::wave_reach(double area) const noexcept {
  double low = 0;
  double high = period_;
  double x = std::min(area / middle_, period_);
  for (int step = 0; step < kMostSteps && high - low > kSolved; ++step) {
    const double missing = area - wave_area(x);
    (missing >= 0 ? low : high) = x;
    const double slope = shape_at(x);
    const double better = slope > 0 ? x + missing / slope : kNever;
    if (better > low && better < high) {
      if (std::abs(better - x) < kSolved) {
        return better;
      }
      x = better;
    } else {
      x = (low + high) / 2;
    }
  }
  return x;
}

double Curve::shape_reach(double area) const noexcept {
  double whole = 0;
  if (period_ > 0) {
    whole = std::floor(area / period_area_);
    area = std::max(0.0, area - whole * period_area_);
  }
  if (pieces_.empty()) {
    return whole * period_ + wave_reach(area);
  }
  const auto next = std::upper_bound(pieces_.begin(), pieces_.end(), area,
                                     [](double x, const Piece& p) { return x < p.before; });
  const Piece& piece = *std::prev(next);
  const double missing = area - piece.before;
  if (piece.level <= 0 && piece.slope <= 0) {  // a pause without an end
    if (period_ == 0) {
      return kNever;
    }
    // Nothing comes any more today: the first of tomorrow.
    return (whole + 1) * period_ + shape_reach(0);
  }
  return whole * period_ + piece.begin + line_reach(piece.level, piece.slope, missing);
}

double Curve::at(double s) const noexcept {
  return shape_at(std::max(0.0, s - lead_));
}

double Curve::area(double s) const noexcept {
  const double first = shape_at(0);
  return s <= lead_ ? first * s : first * lead_ + shape_area(s - lead_);
}

double Curve::reach(double area) const noexcept {
  const double first = shape_at(0);
  const double of_lead = first * lead_;
  return area < of_lead ? area / first : lead_ + shape_reach(area - of_lead);
}

std::vector<double> Curve::edges(double until) const {
  std::vector<double> out;
  const auto take = [&](double s) {
    if (s > 0 && lead_ + s < until) {
      out.push_back(lead_ + s);
    }
  };
  const double end = until - lead_;
  for (double day = 0; day == 0 || (period_ > 0 && day * period_ < end); ++day) {
    const double begin = day * period_;
    if (pieces_.empty()) {
      const double other = peak_at_ + (peak_at_ < period_ / 2 ? period_ / 2 : -period_ / 2);
      take(begin + std::min(peak_at_, other));
      take(begin + std::max(peak_at_, other));
    }
    for (const Piece& piece : pieces_) {
      take(begin + piece.begin);
    }
  }
  return out;
}

std::string range_text(const Profile& profile) {
  return fmt::format("{} to {}", human_count(profile.lowest()), human_count(profile.highest()));
}

std::string course_text(const Profile& profile) {
  using Shape = Profile::Shape;
  if (profile.shape == Shape::kSteps) {
    return fmt::format("in {} step{}", profile.steps.size(), profile.steps.size() == 1 ? "" : "s");
  }
  if (profile.shape == Shape::kRamp) {
    return fmt::format("{} over {}", profile.to < profile.from ? "falling" : "rising",
                       human_duration(profile.over.value_or(Nanos(0))));
  }
  const Nanos period = profile.period.value_or(kDay);
  return period == kDay ? "over a day of 24 h"
                        : fmt::format("over a day of 24 h in {} (time-compressed {} times)",
                                      human_duration(period), human_count(profile.compression()));
}

}  // namespace pushbench::plan
