#include "harness/result/example_result.h"
#include "reports/export.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pushbench::reports {
namespace {

std::set<std::string> names_of(const ExportFile& file) {
  std::set<std::string> names;
  const auto entries = boost::json::parse(file.text);
  for (const auto& entry : entries.as_array()) {
    EXPECT_TRUE(entry.at("value").is_number());
    EXPECT_TRUE(entry.at("unit").is_string());
    EXPECT_TRUE(names.insert(std::string(entry.at("name").as_string())).second) << "twice";
  }
  return names;
}

TEST(GithubBenchmark, AFileForEachDirection) {
  const auto run = result::example_result();
  const auto files = export_github_benchmark(std::span(&run, 1), {});
  ASSERT_EQ(files.size(), 2U);
  const auto smaller = names_of(files[0]);
  const auto bigger = names_of(files[1]);
  EXPECT_TRUE(smaller.contains("chat/websocket/latency-p99-ns"));
  EXPECT_TRUE(bigger.contains("chat/websocket/received-per-s"));
  for (const auto& name : bigger) {
    EXPECT_FALSE(smaller.contains(name)) << name;
  }
  EXPECT_FALSE(smaller.contains("chat/websocket/rtt-mean-ns")) << "neither way is better";
}

TEST(GithubBenchmark, SaysHowFarAFigureCarries) {
  const auto run = result::example_result();
  const auto* p99 = result::find_metric("latency_p99_ns");
  const auto files = export_github_benchmark(std::span(&run, 1), {.metrics = {p99}});
  const auto entries = boost::json::parse(files[0].text);
  const auto& entry = entries.as_array().back();
  EXPECT_EQ(entry.at("unit").as_string(), "ns");
  EXPECT_TRUE(entry.at("range").as_string().starts_with("± "));
  EXPECT_EQ(entry.at("extra").as_string(), "3000 events, 1 take, seed 1, cubic, valid");
  EXPECT_EQ(files[1].text, "[]\n");
}

}  // namespace
}  // namespace pushbench::reports
