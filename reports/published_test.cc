#include "reports/published.h"

#include "harness/result/example_result.h"
#include "reports/html.h"
#include "reports/markdown.h"
#include "reports/text.h"

#include <gtest/gtest.h>

#include <array>

namespace pushbench::reports {
namespace {

result::RunResult run_with_figures() {
  result::RunResult run = result::example_result();
  auto& cell = run.cells.back();
  cell.name = "websocket";
  cell.clients = 1000;
  cell.measure_s = 10;
  cell.counters[result::Counter::kFramingUp] = 0;
  cell.counters[result::Counter::kFramingDown] = 20'000;
  cell.predicted["framing_bytes_per_s"] = {.mean = 2000, .low = 2000, .high = 2000};
  run.scenario.published = {
      {.cell = "websocket",
       .says = {.metric = "framing.bytes-per-s", .limit = 20'000},
       .clients = 10'000,
       .source = "case B <b>"},
      {.cell = "websocket",
       .says = {.metric = "latency.max", .op = plan::Threshold::Op::kLess, .limit = 1e9},
       .source = "an article"},
      {.cell = "nobody", .says = {.metric = "lost"}, .source = "left out"}};
  run.scenario.published[0].says.op = plan::Threshold::Op::kEqual;
  return run;
}

TEST(Published, ScalesWhatGrowsWithClientsAndSaysSo) {
  const auto rows = published_rows(run_with_figures());
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].published, "20.0 kB");
  EXPECT_EQ(rows[0].predicted, rows[0].published + "*");
  EXPECT_EQ(rows[0].measured, rows[0].published + "*");
  EXPECT_EQ(rows[0].source, "case B <b> (10,000 clients)");
  EXPECT_EQ(rows[1].published, "< 1.00 s");
  EXPECT_EQ(rows[1].measured.find('*'), std::string::npos);
}

TEST(Published, EveryReportShowsTheTableOnlyWhenThereIsOne) {
  const std::array<result::RunResult, 1> with{run_with_figures()};
  std::array<result::RunResult, 1> without = with;
  without[0].scenario.published.clear();
  for (const auto render : {render_text, render_markdown, render_html}) {
    EXPECT_NE(render(with, {}).find(kPublishedTitle), std::string::npos);
    EXPECT_EQ(render(without, {}).find(kPublishedTitle), std::string::npos);
  }
  EXPECT_EQ(render_html(with, {}).find("case B <b>"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::reports
