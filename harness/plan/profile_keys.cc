#include "harness/plan/profile_keys.h"

#include <fmt/format.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace pushbench::plan {
namespace {

using Of = std::optional<Profile> Draft::*;
using Shape = Profile::Shape;

// How the levels of a quantity are spelled.
struct Levels {
  std::string_view path;  // of the quantity
  std::string_view name;  // of a level in a step
  Type type;
  std::string_view low, high;
  std::string_view little, much;  // for examples
};
constexpr Levels kRates{"events.rate", "rate", Type::kRate, "0/s", "1M/s", "10/s", "50/s"};
constexpr Levels kClients{"clients", "clients", Type::kCount, "1", "1M", "100", "500"};

// Paths and examples live as long as the table.
std::string_view kept(std::string text) {
  static std::deque<std::string> all;
  return all.emplace_back(std::move(text));
}

template <Of Which>
Profile& profile_of(Draft& draft) {
  auto& profile = draft.*Which;
  return profile ? *profile : profile.emplace();
}

template <Of Which, Shape Is>
void begin_shape(Draft& draft, const Value& /*value*/) {
  profile_of<Which>(draft).shape = Is;
}

template <Of Which, double Profile::*Member>
void set_level(Draft& draft, const Value& value) {
  profile_of<Which>(draft).*Member = value.real;
}

template <Of Which, std::optional<Nanos> Profile::*Member>
void set_time(Draft& draft, const Value& value) {
  profile_of<Which>(draft).*Member = value.time;
}

class Rows {
 public:
  explicit Rows(const Levels& levels) : levels_(levels) {}

  void add(std::string_view name, Key key) {
    key.path = kept(fmt::format("{}.{}", levels_.path, name));
    all_.push_back(key);
  }
  void level(std::string_view name,
             std::string_view about,
             std::string_view example,
             void (*set)(Draft&, const Value&)) {
    add(name, {.path = {},
               .type = levels_.type,
               .required = true,
               .low = levels_.low,
               .high = levels_.high,
               .about = about,
               .example = example,
               .set = set});
  }
  void map(std::string_view name,
           Type type,
           std::string_view about,
           std::string example,
           void (*set)(Draft&, const Value&)) {
    add(name, {.path = {},
               .type = type,
               .about = about,
               .example = kept(std::move(example)),
               .set = set});
  }
  std::vector<Key> take() { return std::move(all_); }

 private:
  const Levels& levels_;
  std::vector<Key> all_;
};

template <Of Which>
void add_steps(Rows& rows, const Levels& is) {
  rows.map(
      "steps", Type::kSteps, "Levels, each until the next one begins; at most 1,000",
      fmt::format("[{{at: 0s, {0}: {1}}}, {{at: 20s, {0}: {2}}}]", is.name, is.little, is.much),
      [](Draft& d, const Value& /*v*/) { profile_of<Which>(d).steps.emplace_back(); });
  rows.add(
      "steps[].at",
      {.path = {},
       .type = Type::kDuration,
       .required = true,
       .low = "0s",
       .high = "24h",
       .about = "When it begins, from the start of the measure phase; the first at 0s",
       .example = "20s",
       .set = [](Draft& d, const Value& v) { profile_of<Which>(d).steps.back().at = v.time; }});
  rows.level(kept(fmt::format("steps[].{}", is.name)), "The level from there on", is.much,
             [](Draft& d, const Value& v) { profile_of<Which>(d).steps.back().value = v.real; });
}

template <Of Which>
void add_ramp(Rows& rows, const Levels& is) {
  rows.map("ramp", Type::kMap, "A straight line from the start of the measure phase on",
           fmt::format("{{from: {}, to: {}, over: 60s}}", is.little, is.much),
           begin_shape<Which, Shape::kRamp>);
  rows.level("ramp.from", "Where it begins", is.little, set_level<Which, &Profile::from>);
  rows.level("ramp.to", "Where it ends, and stays", is.much, set_level<Which, &Profile::to>);
  rows.add("ramp.over", {.path = {},
                         .type = Type::kDuration,
                         .low = "10ms",
                         .high = "24h",
                         .about = "How long it takes; without it, the measure phase",
                         .example = "60s",
                         .set = set_time<Which, &Profile::over>});
}

void add_period(Rows& rows, std::string_view shape, void (*set)(Draft&, const Value&)) {
  rows.add(kept(fmt::format("{}.period", shape)),
           {.path = {},
            .type = Type::kDuration,
            .low = "1s",
            .high = "24h",
            .about = "How long the day takes, from midnight; then the next begins. Less than 24h "
                     "compresses it; without it, the measure phase",
            .example = "4m",
            .set = set});
}

template <Of Which>
void add_days(Rows& rows, const Levels& is) {
  rows.map("daily", Type::kMap, "A day: a sine between its least and its most, from midnight on",
           fmt::format("{{low: {}, high: {}, peak-at: 14h, period: 4m}}", is.little, is.much),
           begin_shape<Which, Shape::kDaily>);
  rows.level("daily.low", "Twelve hours from the peak", is.little, set_level<Which, &Profile::low>);
  rows.level("daily.high", "At the peak", is.much, set_level<Which, &Profile::high>);
  rows.add("daily.peak-at",
           {.path = {},
            .type = Type::kDuration,
            .fallback = "14h",
            .low = "0h",
            .high = "24h",
            .about = "The hour of the day at which most is going on",
            .example = "20h30m",
            .set = [](Draft& d, const Value& v) { profile_of<Which>(d).peak_at = v.time; }});
  add_period(rows, "daily", set_time<Which, &Profile::period>);
  rows.map("hourly", Type::kMap, "A day whose hours have a level each",
           fmt::format("{{mean: {}, weights: [1, 1, …]}}", is.little),
           begin_shape<Which, Shape::kHourly>);
  rows.level("hourly.mean", "The mean of the day", is.little, set_level<Which, &Profile::mean>);
  rows.add(
      "hourly.weights",
      {.path = {},
       .type = Type::kWeights,
       .required = true,
       .low = "0",
       .high = "1000000000",
       .about = "24 numbers of any scale, one an hour from midnight on: what counts is how "
                "they relate",
       .example = "[1, 1, 1, 1, 1, 2, 4, 6, 8, 9, 9, 9, 8, 8, 8, 8, 9, 9, 8, 7, 6, 4, 3, 2]",
       .set = [](Draft& d, const Value& v) { profile_of<Which>(d).weights.push_back(v.real); }});
  add_period(rows, "hourly", set_time<Which, &Profile::period>);
}

template <Of Which>
std::vector<Key> rows_of(const Levels& levels) {
  Rows rows(levels);
  add_steps<Which>(rows, levels);
  add_ramp<Which>(rows, levels);
  add_days<Which>(rows, levels);
  return rows.take();
}

}  // namespace

std::span<const Key> rate_profile_keys() {
  static const std::vector<Key> kAll = rows_of<&Draft::rate>(kRates);
  return kAll;
}

std::span<const Key> clients_profile_keys() {
  static const std::vector<Key> kAll = rows_of<&Draft::clients>(kClients);
  return kAll;
}

}  // namespace pushbench::plan
