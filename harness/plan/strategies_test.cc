#include "harness/plan/strategies.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::plan {
namespace {

using namespace std::chrono_literals;

TEST(Strategies, CellNamesAreStable) {
  EXPECT_EQ((StrategySpec{.strategy = "polling"}).cell_name(), "polling/interval=1s");
  EXPECT_EQ((StrategySpec{.strategy = "polling", .interval = 250ms}).cell_name(),
            "polling/interval=250ms");
  EXPECT_EQ((StrategySpec{.strategy = "polling", .new_connection = true}).cell_name(),
            "polling/interval=1s,new-connection");
  EXPECT_EQ(
      (StrategySpec{.strategy = "polling", .jitter = 0.1, .new_connection = true}).cell_name(),
      "polling/interval=1s,jitter=0.1,new-connection");
  EXPECT_EQ((StrategySpec{.strategy = "long-polling"}).cell_name(), "long-polling/hold=25s");
  EXPECT_EQ((StrategySpec{.strategy = "streaming"}).cell_name(), "streaming/chunked");
  EXPECT_EQ((StrategySpec{.strategy = "streaming", .encoding = "sse"}).cell_name(),
            "streaming/sse");
  EXPECT_EQ((StrategySpec{.strategy = "websocket"}).cell_name(), "websocket");
}

TEST(Strategies, CompressionIsNamedWhereItIsAsked) {
  StrategySpec cell{.strategy = "polling", .new_connection = true};
  EXPECT_FALSE(cell.compresses());
  cell.compression = "gzip";
  EXPECT_TRUE(cell.compresses());
  EXPECT_EQ(cell.cell_name(), "polling/interval=1s,new-connection,gzip");
  cell.strategy = "long-polling";
  EXPECT_EQ(cell.cell_name(), "long-polling/hold=25s,gzip");
  cell.strategy = "streaming";
  EXPECT_EQ(cell.cell_name(), "streaming/chunked,gzip");
  cell.strategy = "websocket";
  cell.compression = "permessage-deflate";
  EXPECT_EQ(cell.cell_name(), "websocket/permessage-deflate");
}

TEST(Strategies, OnlyPollingStaysAway) {
  for (const auto& row : strategy_rows()) {
    StrategySpec cell{.strategy = std::string(row.name), .interval = 10s};
    EXPECT_EQ(row.pause(cell), row.name == "polling" ? 10s : 0s) << row.name;
    EXPECT_EQ(find_strategy(row.name), &row);
  }
  StrategySpec jittery{.strategy = "polling", .interval = 10s, .jitter = 0.25};
  EXPECT_EQ(find_strategy("polling")->pause(jittery), 15s);
  EXPECT_EQ(find_strategy("poll"), nullptr);
}

TEST(Strategies, CellsAreSelectedByHowTheirNamesBegin) {
  const std::vector<StrategySpec> cells{{.strategy = "polling"},
                                        {.strategy = "streaming"},
                                        {.strategy = "streaming", .encoding = "sse"}};
  using Indices = std::vector<std::size_t>;
  EXPECT_EQ(*select_cells(cells, {}), (Indices{0, 1, 2}));
  EXPECT_EQ(*select_cells(cells, {"streaming"}), (Indices{1, 2}));
  EXPECT_EQ(*select_cells(cells, {"streaming/s", "poll"}), (Indices{0, 2}));
  EXPECT_EQ(select_cells(cells, {"poll", "long"}).error().text,
            "no cell's name begins with 'long'; the cells are polling/interval=1s, "
            "streaming/chunked, streaming/sse");
  EXPECT_FALSE(select_cells(cells, {""}));
}

}  // namespace
}  // namespace pushbench::plan
