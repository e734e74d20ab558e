#include "harness/app/study_values.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(StudyValues, TextWithUnitsBecomesNumbers) {
  EXPECT_EQ(*read_count("--clients", "100k"), 100'000);
  EXPECT_NEAR(*read_rate("--events-per-client", "12/min"), 0.2, 1e-12);
  EXPECT_EQ(*read_memory("--memory", "8GiB"), 8.0 * 1024 * 1024 * 1024);
  EXPECT_EQ(*read_memory("--memory", "1.5GB"), 1.5e9);
  EXPECT_EQ(*read_memory("--memory", "512MiB"), 512.0 * 1024 * 1024);
  EXPECT_EQ(*read_link("--link", "1Gbit/s"), 125e6);
  EXPECT_EQ(*read_share("--headroom", "40%"), 0.4);
  EXPECT_EQ(*read_seconds("--rtt", "0ms"), 0);
}

TEST(StudyValues, BoundsAreThoseThatClosedFormsKnow) {
  const auto bounds = read_bounds({"latency.p99 < 50ms", "latency.mean<=20ms", "lost == 0"});
  ASSERT_TRUE(bounds);
  EXPECT_EQ(bounds->p99_s, 0.05);
  EXPECT_EQ(bounds->mean_s, 0.02);
  EXPECT_FALSE(bounds->max_s);
  const struct {
    std::vector<std::string> slos;
    const char* says;
  } cases[] = {
      {{"latency.p99 > 50ms"}, "no upper bound"},
      {{"latency.p99 < 5"}, "no upper bound"},
      {{"latency.p99 < 50ms", "latency.p99 < 10ms"}, "bounded twice"},
      {{"latency.p999 < 50ms"}, "has to be measured"},
      {{"lost < 5"}, "has to be measured"},
      {{"fast"}, "expected a metric"},
  };
  for (const auto& c : cases) {
    const auto read = read_bounds(c.slos);
    ASSERT_FALSE(read) << c.says;
    EXPECT_NE(read.error().text.find(c.says), std::string::npos) << read.error().text;
  }
}

TEST(StudyValues, TheShippedModelHasEveryStrategy) {
  const auto model = read_model("");
  ASSERT_TRUE(model) << model.error().text;
  EXPECT_TRUE(model->reference);
  for (const char* family : {"polling", "polling,new-connection", "long-polling",
                             "streaming/chunked", "streaming/sse", "websocket"}) {
    EXPECT_NE(model->find(family), nullptr) << family;
  }
}

}  // namespace
}  // namespace pushbench::app
