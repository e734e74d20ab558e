// A load that changes over the measure phase: events a second, or clients. Its time begins with the
// phase; before, in warm-up, it is what it is at the beginning, and behind its last word it stays
// as it is. A day has 24 hours and begins at midnight; one that takes another time is compressed,
// and begins again when it is over. Pure; nothing here depends on chance.
#pragma once

#include "harness/base/nanos.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::plan {

using pushbench::Nanos;
using pushbench::seconds_of;

inline constexpr Nanos kDay{std::chrono::hours(24)};
inline constexpr std::size_t kMaxProfileSteps = 1000;
inline constexpr std::size_t kHoursOfADay = 24;

struct ProfileStep {
  Nanos at{};
  double value = 0;
};

// What a scenario says. Members of other shapes keep their defaults.
struct Profile {
  enum class Shape : std::uint8_t { kSteps, kRamp, kDaily, kHourly };
  Shape shape = Shape::kSteps;
  std::vector<ProfileStep> steps = {};  // of kSteps: the first at 0, then rising
  double from = 0, to = 0;              // of kRamp: a straight line
  std::optional<Nanos> over = {};       // which takes so long; unset: the measure phase
  double low = 0, high = 0;             // of kDaily: a sine between them
  Nanos peak_at{std::chrono::hours(14)};
  double mean = 0;                   // of kHourly: a level for each hour
  std::vector<double> weights = {};  // kHoursOfADay of them, of any scale
  std::optional<Nanos> period = {};  // of the day, of kDaily and kHourly; unset: the measure phase

  double lowest() const;
  double highest() const;  // that it can reach, also when a phase is too short for it
  bool daily() const { return shape == Shape::kDaily || shape == Shape::kHourly; }
  // How much faster than the sun its day is; 1 for what has no day.
  double compression() const;
};

// A profile as a function of time, with its integral and the inverse of that: what schedules need.
// Times are seconds from the start of a lead (the warm-up) over which it keeps its first value.
// Closed forms; the inverse of the sine's by Newton's method within a bracket.
class Curve {
 public:
  // REQUIRES: `over` and `period` are set where the shape has them; at least one value above 0.
  Curve(const Profile& profile, Nanos lead);

  double at(double s) const noexcept;
  double area(double s) const noexcept;  // integral from 0 to s
  // The last instant up to which the area is no more than this, so that a pause ends when the load
  // comes back; infinity when it never is more.
  double reach(double area) const noexcept;
  // Instants in (0, until) at which it jumps or turns: between two of them it is continuous, and
  // rises or falls all the way.
  std::vector<double> edges(double until) const;

 private:
  struct Piece {
    double begin = 0;  // s
    double level = 0;
    double slope = 0;   // per s
    double before = 0;  // area from 0 to begin
  };
  // From 0 to `s`, without the lead.
  double shape_at(double s) const noexcept;
  double shape_area(double s) const noexcept;
  double shape_reach(double area) const noexcept;
  double wave_area(double s) const noexcept;
  double wave_reach(double area) const noexcept;
  const Piece& piece_at(double s) const noexcept;
  void add(double begin, double level, double slope);

  double lead_;
  double period_ = 0;  // s; 0: no day
  double period_area_ = 0;
  std::vector<Piece> pieces_ = {};               // of one period; empty for the wave
  double middle_ = 0, swing_ = 0, peak_at_ = 0;  // of the wave
};

// "10 to 50" of rates and counts, and how it gets there: "in 3 steps", "rising over 60 s",
// "over a day of 24 h in 4 min (time-compressed 360 times)".
std::string range_text(const Profile& profile);
std::string course_text(const Profile& profile);

}  // namespace pushbench::plan
