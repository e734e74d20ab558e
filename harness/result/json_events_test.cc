#include "harness/result/json_events.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::result {
namespace {

using namespace std::chrono_literals;
using plan::Profile;
using Shape = Profile::Shape;

std::string profile_text(const Profile& profile) {
  JsonWriter json;
  write_profile(json, profile);
  return json.take();
}

// What a reading of `text` fails with; empty: it is read.
std::string profile_failure(const std::string& text) {
  const auto document = parse_json(text, "p").value();
  ReadContext context("p");
  read_profile(JsonView(document, "", context));
  return context.failure() ? context.failure()->text : "";
}

TEST(JsonEvents, EveryShapeComesBack) {
  const std::vector<Profile> profiles{
      {.shape = Shape::kSteps, .steps = {{0s, 10}, {20s, 50.5}}},
      {.shape = Shape::kRamp, .from = 1, .to = 100, .over = plan::Nanos(60s)},
      {.shape = Shape::kDaily, .low = 4, .high = 36, .peak_at = 20h, .period = plan::Nanos(240s)},
      {.shape = Shape::kHourly,
       .mean = 12,
       .weights = std::vector<double>(24, 0.5),
       .period = plan::Nanos(24h)}};
  for (const auto& profile : profiles) {
    const std::string text = profile_text(profile);
    const auto document = parse_json(text, "p").value();
    ReadContext context("p");
    const auto back = read_profile(JsonView(document, "", context));
    EXPECT_FALSE(context.failure()) << text;
    EXPECT_EQ(profile_text(*back), text);
    EXPECT_DOUBLE_EQ(back->highest(), profile.highest());
  }
}

TEST(JsonEvents, ADaySaysHowMuchItIsCompressed) {
  const std::string text =
      profile_text({.shape = Shape::kDaily, .low = 4, .high = 36, .period = plan::Nanos(240s)});
  EXPECT_NE(text.find("\"time_compressed\": 360"), std::string::npos) << text;
}

TEST(JsonEvents, AnEditedProfileIsRefused) {
  EXPECT_EQ(profile_failure(R"({"shape": "dayly"})"),
            "p: shape is 'dayly', which this program does not know, did you mean 'daily'?");
  EXPECT_EQ(profile_failure(R"({"shape": "steps", "steps": []})"), "p: steps must have a step");
  EXPECT_EQ(profile_failure(R"({"shape": "hourly", "mean": 1, "weights": [1], "period_ns": 1})"),
            "p: weights must have 24 numbers");
  EXPECT_EQ(profile_failure(R"({"shape": "daily", "low": 1, "high": 2, "peak_at_ns": 0,
                                "period_ns": 0})"),
            "p: period_ns must be above 0");
}

}  // namespace
}  // namespace pushbench::result
