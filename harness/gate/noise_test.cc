#include "harness/gate/noise.h"

#include "harness/gate/made_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::gate {
namespace {

using testing::HasSubstr;

Noise learned() {
  Random random(1);
  const auto noise = learn_noise(made_arm(usual_metrics(), 20, random));
  EXPECT_TRUE(noise);
  return noise ? *noise : Noise();
}

TEST(NoiseFloor, GrowsWithTheScatterOfAMetric) {
  const auto noise = learned();
  const double p50 = noise.floor_of("websocket", "latency_p50_ns");
  const double p99 = noise.floor_of("websocket", "latency_p99_ns");
  // Ten against ten of deviation 3 %, one in thirty an outlier: 99 of 100 ratios within a few per
  // cent.
  EXPECT_GT(p50, 0.02);
  EXPECT_LT(p50, 0.12);
  EXPECT_GT(p99, p50);
  EXPECT_EQ(noise.floor_of("websocket", "bytes_per_delivery"), 0);
  EXPECT_EQ(noise.floor_of("polling", "latency_p50_ns"), 0);
  EXPECT_EQ(noise.floor_of("websocket", "lost"), 0);
}

TEST(NoiseFloor, ComesBackFromItsFileAsItWas) {
  const auto noise = learned();
  const auto again = read_noise(noise_json(noise), "noise.json");
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(noise_json(*again), noise_json(noise));
  EXPECT_EQ(again->floor_of("websocket", "latency_p50_ns"),
            noise.floor_of("websocket", "latency_p50_ns"));
}

TEST(NoiseFloor, RefusesFilesThatAreNoneOfOurs) {
  const auto refusal = [](const std::string& text) {
    const auto noise = read_noise(text, "n.json");
    EXPECT_FALSE(noise) << text;
    return noise ? "" : noise.error().text;
  };
  EXPECT_THAT(refusal("{"), HasSubstr("n.json"));
  EXPECT_THAT(refusal(R"({"schema": "pushbench.noise/2"})"), HasSubstr("pushbench.noise/1"));
  EXPECT_THAT(refusal("{}"), HasSubstr("schema"));
  std::string text = noise_json(learned());
  const auto at = text.find("latency_p50_ns");
  text.replace(at, 14, "latency_p51_ns");
  EXPECT_THAT(refusal(text), HasSubstr("a metric that does not exist"));
}

TEST(NoiseFloor, NeedsRunsEnoughAndAlikeAndValid) {
  Random random(2);
  auto arm = made_arm(usual_metrics(), 9, random);
  auto refused = learn_noise(arm);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text, HasSubstr("a noise floor needs 10"));
  arm = made_arm(usual_metrics(), 10, random);
  arm.runs[4].scenario_hash = "another";
  EXPECT_FALSE(learn_noise(arm));
  arm = made_arm(usual_metrics(), 10, random);
  arm.runs[4].invalid = true;
  EXPECT_FALSE(learn_noise(arm));
}

TEST(NoiseFloor, SaysWhyItDoesNotFit) {
  const auto noise = learned();
  auto run = made_run(made_cell({}));
  EXPECT_EQ(noise_misfit(noise, run), "");
  run.environment["cpu"] = "another";
  EXPECT_THAT(noise_misfit(noise, run), HasSubstr("another environment (cpu)"));
  run.scenario_hash = "another";
  EXPECT_THAT(noise_misfit(noise, run), HasSubstr("another workload"));
}

}  // namespace
}  // namespace pushbench::gate
