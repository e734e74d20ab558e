#include "reports/topics.h"

#include "harness/result/example_result.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pushbench::reports {
namespace {

std::vector<std::string_view> ids_of(const result::RunResult& run, Extent extent) {
  std::vector<std::string_view> ids;
  for (const auto& table : tables_of(run, extent)) {
    if (ids.empty() || ids.back() != table.id) {
      ids.push_back(table.id);
    }
  }
  return ids;
}

bool shows(const result::RunResult& run, Extent extent, std::string_view id) {
  const auto ids = ids_of(run, extent);
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

using Ids = std::vector<std::string_view>;

TEST(Topics, TheTerminalShowsWhatMostAskFor) {
  const auto run = result::example_result();
  EXPECT_EQ(ids_of(run, Extent::kBrief),
            (Ids{"latency", "bytes", "cost", "upstream", "predicted"}));
  EXPECT_EQ(ids_of(run, Extent::kFull),
            (Ids{"latency", "audit", "polling", "fan-out", "timing", "bytes", "bytes-in-all",
                 "cost", "server", "sockets", "network", "upstream", "predicted"}));
}

// Nobody is best where two are, or where a cell has no figure.
TEST(Topics, TheBestOfWhatCellsAreComparedBy) {
  using Places = std::vector<Table::Place>;
  auto run = result::example_result();
  const auto best_of = [&run](std::size_t table) {
    return tables_of(run, Extent::kBrief).at(table).best;
  };
  constexpr std::size_t kWebsocket = 5;
  EXPECT_EQ(best_of(0), (Places{{kWebsocket, 1}}));  // latency: p99
  EXPECT_EQ(best_of(1), (Places{{kWebsocket, 0}}));  // bytes: all
  EXPECT_EQ(best_of(2), (Places{{kWebsocket, 3}}));  // cost: server CPU
  run.cells[0] = run.cells[kWebsocket];
  run.cells[1].server.reset();
  EXPECT_EQ(best_of(0), Places());
  EXPECT_EQ(best_of(2), Places());
}

TEST(Topics, TheAuditIsShownWhenItFoundAny) {
  auto run = result::example_result();
  EXPECT_FALSE(shows(run, Extent::kBrief, "audit"));
  run.cells[2].counters[result::Counter::kReordered] = 1;
  EXPECT_TRUE(shows(run, Extent::kBrief, "audit"));
}

TEST(Topics, UpstreamShowsOnlyWhenMeasured) {
  auto run = result::example_result();
  for (auto& cell : run.cells) {
    cell.upstream_ack.clear();
    cell.counters[result::Counter::kUpstreamSent] = 0;
  }
  EXPECT_FALSE(shows(run, Extent::kFull, "upstream"));
}

TEST(Topics, PollingSpeaksOfClientsThatAsk) {
  for (const auto& table : tables_of(result::example_result(), Extent::kFull)) {
    if (table.id == "polling") {
      ASSERT_EQ(table.rows.size(), 3U);
      EXPECT_EQ(table.rows[2].name, "long-polling/hold=25s");
    }
  }
}

TEST(Topics, EveryRowHasAFigureForEveryHead) {
  for (const auto& run : {result::example_result(), result::doubtful_result()}) {
    for (const auto& table : tables_of(run, Extent::kFull)) {
      for (const auto& row : table.rows) {
        EXPECT_EQ(row.figures.size(), table.heads.size()) << table.id;
      }
    }
  }
}

TEST(Topics, SaysWhenPercentilesAreWithheld) {
  EXPECT_FALSE(withholds(tables_of(result::example_result(), Extent::kBrief)));
  EXPECT_TRUE(withholds(tables_of(result::doubtful_result(), Extent::kBrief)));
  EXPECT_EQ(withheld_note(),
            "n too small: a percentile is withheld until enough independent events were measured; "
            "p99 needs 299, p99.9 needs 2,995.");
}

TEST(Topics, HeadsOnOneLine) {
  EXPECT_EQ(one_line("requests/\ndelivery"), "requests/delivery");
  EXPECT_EQ(one_line("peak\nsockets"), "peak sockets");
  EXPECT_EQ(one_line("TIME_\nWAIT"), "TIME_WAIT");
  EXPECT_EQ(one_line("p99"), "p99");
}

}  // namespace
}  // namespace pushbench::reports
