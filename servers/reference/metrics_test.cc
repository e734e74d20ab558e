#include "servers/reference/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace pushbench::servers {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::array<std::string_view, 3> kNames{"polling", "websocket", "publish"};

TEST(Metrics, TroubleNamesAreDistinctAndNotEmpty) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kTroubleCount; ++i) {
    const std::string_view name = trouble_name(static_cast<Trouble>(i));
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Metrics, TextShowsWhatWasCounted) {
  Metrics metrics;
  metrics.answered(0, 204);
  metrics.answered(0, 204, 2);
  metrics.answered(2, 413);
  metrics.deliveries[1] = 7;
  metrics.count(Trouble::kSlowConsumer);
  const std::string text = render_metrics(metrics, kNames, 2);
  EXPECT_THAT(text, HasSubstr("pushbench_answers_total{endpoint=\"polling\",status=\"204\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("pushbench_answers_total{endpoint=\"publish\",status=\"413\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("pushbench_deliveries_total{strategy=\"websocket\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("pushbench_troubles_total{name=\"slow_consumer\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("pushbench_troubles_total{name=\"gap\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("strategy=\"publish\"")));
}

// The rules of OpenMetrics that scrapers insist on: metadata before samples, counters with _total,
// families not interleaved, "# EOF" last.
TEST(Metrics, TextFollowsOpenMetrics) {
  Metrics metrics;
  metrics.answered(0, 200);
  std::istringstream lines(render_metrics(metrics, kNames, 2));
  std::set<std::string> families;
  std::string line;
  std::string family;
  std::string type;
  std::string last;
  while (std::getline(lines, line)) {
    last = line;
    if (line.starts_with("# TYPE ")) {
      std::istringstream words(line.substr(7));
      words >> family >> type;
      EXPECT_TRUE(families.insert(family).second) << family;
    } else if (line[0] != '#') {
      const std::string name = line.substr(0, line.find_first_of("{ "));
      EXPECT_EQ(name, type == "counter" ? family + "_total" : family);
    }
  }
  EXPECT_EQ(last, "# EOF");
}

TEST(Metrics, ProcessUseIsThatOfThisProcess) {
  const ProcessUse use = process_use();
  EXPECT_GT(use.resident_bytes, 100'000U);
  EXPECT_GE(use.open_descriptors, 3U);
  EXPECT_GE(use.cpu_seconds, 0.0);
}

}  // namespace
}  // namespace pushbench::servers
