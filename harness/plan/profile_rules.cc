#include "harness/plan/profile_rules.h"

#include "harness/base/text.h"
#include "harness/plan/keys.h"
#include "harness/plan/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace pushbench::plan {
namespace {

Failure wrong(const Bound& bound, const std::string& path, std::string_view text) {
  return usage(fmt::format("{}: {}", bound.places.where(path), text));
}

Result<void> steps_follow(const Bound& bound, const Profile& profile, const std::string& path) {
  const Nanos measure = bound.scenario.phases.measure;
  for (std::size_t i = 0; i < profile.steps.size(); ++i) {
    const auto place = fmt::format("{}.steps[{}].at", path, i);
    const Nanos begins = profile.steps[i].at;
    if (i == 0 && begins != Nanos(0)) {
      return wrong(bound, place,
                   fmt::format("expected 0s, got {}: the first step begins with the measure phase",
                               short_duration(begins)));
    }
    if (i > 0 && begins <= profile.steps[i - 1].at) {
      return wrong(bound, place,
                   fmt::format("expected later than the {} of the step before, got {}",
                               short_duration(profile.steps[i - 1].at), short_duration(begins)));
    }
    if (begins >= measure) {
      return wrong(bound, place,
                   fmt::format("{} is not within the measure phase ({}), so this step would never "
                               "begin; remove it or lengthen phases.measure",
                               short_duration(begins), short_duration(measure)));
    }
  }
  return {};
}

Result<void> shape_is_possible(const Bound& bound,
                               const Profile& profile,
                               const std::string& path) {
  const Nanos measure = bound.scenario.phases.measure;
  if (profile.shape == Profile::Shape::kSteps) {
    return steps_follow(bound, profile, path);
  }
  if (profile.shape == Profile::Shape::kRamp && *profile.over > measure) {
    return wrong(bound, path + ".ramp.over",
                 fmt::format("{} is longer than the measure phase ({}), so it would never end; "
                             "shorten it or lengthen phases.measure",
                             short_duration(*profile.over), short_duration(measure)));
  }
  if (profile.shape == Profile::Shape::kDaily && profile.low > profile.high) {
    return wrong(bound, path + ".daily.high",
                 fmt::format("{} is below the low of {}", human_count(profile.high),
                             human_count(profile.low)));
  }
  const auto& weights = profile.weights;
  if (profile.shape == Profile::Shape::kHourly &&
      std::all_of(weights.begin(), weights.end(), [](double w) { return w <= 0; })) {
    return wrong(bound, path + ".hourly.weights", "expected at least one above 0");
  }
  return {};
}

Result<std::shared_ptr<const Profile>> settled(const Bound& bound,
                                               const Profile& given,
                                               const Key& key) {
  const std::string path(key.path);
  Profile profile = given;
  const Nanos measure = bound.scenario.phases.measure;
  if (profile.shape == Profile::Shape::kRamp && !profile.over) {
    profile.over = measure;
  }
  if (profile.daily() && !profile.period) {
    profile.period = measure;
  }
  if (const auto fine = shape_is_possible(bound, profile, path); !fine) {
    return fine.error();
  }
  const auto most = read_value(key, key.high);
  if (profile.highest() > most->real) {
    return wrong(bound, path + ".hourly.mean",
                 fmt::format("the busiest hour comes to {}, at most {}",
                             human_count(profile.highest()), key.high));
  }
  return std::make_shared<const Profile>(std::move(profile));
}

}  // namespace

Result<void> settle_profiles(Bound& bound) {
  Scenario& scenario = bound.scenario;
  const Nanos measure = scenario.phases.measure;
  if (auto& rate = scenario.events.profile) {
    auto done = settled(bound, *rate, *find_key("events.rate"));
    if (!done) {
      return done.error();
    }
    rate = std::move(*done);
    scenario.events.rate_per_s =
        rate->highest() > 0 ? Curve(*rate, Nanos(0)).area(seconds_of(measure)) / seconds_of(measure)
                            : 0;
  }
  if (auto& clients = scenario.clients_profile) {
    auto done = settled(bound, *clients, *find_key("clients"));
    if (!done) {
      return done.error();
    }
    clients = std::move(*done);
    if (std::round(clients->lowest()) < 1) {
      return wrong(bound, "clients.hourly.weights",
                   fmt::format("the quietest hour comes to {} clients; at least 1 must be there",
                               human_count(clients->lowest())));
    }
    scenario.clients = static_cast<std::uint32_t>(std::llround(clients->highest()));
  }
  return {};
}

}  // namespace pushbench::plan
