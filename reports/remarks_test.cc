#include "reports/remarks.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

TEST(Remarks, TheFloorIsNamedBesideSmallLatencies) {
  auto run = result::minimal_result();
  run.cells[0].latency.record(std::chrono::microseconds(200));
  EXPECT_TRUE(floor_remark(run).empty());  // nobody measured one
  run.floor = {.latency_p50_ns = 25'000, .latency_p99_ns = 74'000, .cost_ns_per_delivery = 3'900};
  ASSERT_EQ(floor_remark(run).size(), 1U);
  EXPECT_TRUE(floor_remark(run)[0].starts_with(
      "The tool's own floor on this machine is 25.0 µs at p50 and 74.0 µs at p99, and 3.90 µs"));
  run.floor->latency_p50_ns = 19'000;
  EXPECT_TRUE(floor_remark(run).empty());
}

TEST(Remarks, RatiosOfWhatCameCompressed) {
  auto run = result::minimal_result();
  EXPECT_TRUE(compression_remark(run).empty());
  auto& cell = run.cells[0];
  cell.strategy.compression = "permessage-deflate";
  cell.counters[result::Counter::kEventText] = 2'700;
  cell.counters[result::Counter::kPayloadDown] = 1'000;
  ASSERT_EQ(compression_remark(run).size(), 1U);
  EXPECT_TRUE(compression_remark(run)[0].starts_with(
      "Bytes of event text per byte of payload: websocket 2.7. "));
}

TEST(Remarks, FaultsByClass) {
  auto run = result::minimal_result();
  EXPECT_TRUE(fault_remarks(run).empty());
  auto& cell = run.cells[0];
  cell.connect_faults[static_cast<std::size_t>(Fault::kRefused)] = 1'200;
  cell.cut_faults[static_cast<std::size_t>(Fault::kReset)] = 3;
  cell.cut_faults[static_cast<std::size_t>(Fault::kTimeout)] = 1;
  cell.request_faults[static_cast<std::size_t>(Fault::kHttpStatus)] = 7;
  EXPECT_EQ(fault_remarks(run),
            (std::vector<std::string>{"websocket: connects failed: refused 1,200; connections cut: "
                                      "reset 3, timeout 1; requests failed: status 7"}));
}

}  // namespace
}  // namespace pushbench::reports
