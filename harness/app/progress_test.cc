#include "harness/app/progress.h"

#include "harness/app/captured.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

using std::chrono::seconds;

swarm::Progress halfway() {
  swarm::Progress p;
  p.cell = 2;
  p.cells = 6;
  p.name = "long-polling/hold=25s";
  p.phase = "measure";
  p.elapsed = seconds(20);
  p.remaining = seconds(20);
  p.subscribed = 200;
  p.subscriptions = 200;
  p.received_per_s = 12'800;
  return p;
}

TEST(Progress, TheBlockShowsShareTimeAndFigures) {
  const std::string block = ProgressView::block(halfway(), 80);
  EXPECT_NE(block.find("[############............] cell 3 of 6, 20 s gone, about 20 s left"),
            std::string::npos)
      << block;
  EXPECT_NE(
      block.find("  long-polling/hold=25s, measure: 200 of 200 subscribed, 12,800 events/s\n"),
      std::string::npos)
      << block;
}

TEST(Progress, TheFirstBlockCountsInSeconds) {
  auto p = halfway();
  p.elapsed = std::chrono::milliseconds(40);
  p.remaining = seconds(130);
  const std::string block = ProgressView::block(p, 80);
  EXPECT_NE(block.find(", 0 s gone, about 2 min 10 s left"), std::string::npos) << block;
}

TEST(Progress, BlockLinesNeverWrap) {
  std::string block = ProgressView::block(halfway(), 40);
  while (!block.empty()) {
    EXPECT_LE(block.find('\n'), 40U);
    block.erase(0, block.find('\n') + 1);
  }
}

TEST(Progress, PlainLinesComeAtTheStartOfACellAndSeldom) {
  Captured captured;
  ProgressView view(captured.streams().err, ProgressView::Mode::kLines, false);
  auto p = halfway();
  for (int tick = 0; tick < 30; ++tick) {
    p.elapsed += std::chrono::milliseconds(500);
    view.update(p);
  }
  const std::string text = captured.err();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Progress, QuietSaysNothing) {
  Captured captured;
  ProgressView view(captured.streams().err, ProgressView::Mode::kQuiet, false);
  view.update(halfway());
  EXPECT_EQ(captured.err(), "");
}

TEST(Progress, StoppingIsSaidInEveryMode) {
  Captured captured;
  ProgressView view(captured.streams().err, ProgressView::Mode::kQuiet, false);
  view.stopping();
  EXPECT_EQ(captured.err(), "stopping; press Ctrl-C again to quit at once\n");
}

TEST(Progress, AFinishedCellShowsItsFigures) {
  auto p = halfway();
  result::CellResult cell;
  for (int i = 0; i < 1000; ++i) {
    cell.latency.record(std::chrono::milliseconds(2));
  }
  cell.events_measured = 1000;
  cell.counters[result::Counter::kExpected] = 1000;
  cell.counters[result::Counter::kDelivered] = 1000;
  p.cell_done = true;
  p.result = &cell;
  const std::string line = ProgressView::done_line(p);
  EXPECT_NE(
      line.find("[3/6] long-polling/hold=25s: p50 2.00 ms, p99 2.00 ms, 1,000 delivered, 0 lost"),
      std::string::npos)
      << line;
}

}  // namespace
}  // namespace pushbench::app
