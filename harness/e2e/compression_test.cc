// The same strategies with and without compression, as the shipped scenario has them: fewer bytes
// for the same deliveries, an audit without a flaw, layers that come to what the kernel counted;
// and a server that does not compress though asked.
#include "harness/e2e/process.h"
#include "harness/result/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace pushbench::e2e {
namespace {

using result::Counter;

double metric(const result::CellResult& cell, const char* name) {
  const auto value = result::find_metric(name)->read(cell);
  EXPECT_TRUE(value) << cell.name << " " << name;
  return value.value_or(0);
}

std::uint64_t down(const result::CellResult& cell) {
  return cell.counters[Counter::kHeadDown] + cell.counters[Counter::kFramingDown] +
         cell.counters[Counter::kPayloadDown];
}

void expect_clean(const result::CellResult& cell) {
  EXPECT_TRUE(cell.finished) << cell.name;
  EXPECT_GT(cell.counters[Counter::kExpected], 0U) << cell.name;
  EXPECT_EQ(cell.counters[Counter::kDelivered], cell.counters[Counter::kExpected]) << cell.name;
  for (const auto flaw : {Counter::kLost, Counter::kDuplicate, Counter::kReordered,
                          Counter::kForeign, Counter::kSocketsCut, Counter::kUncompressed}) {
    EXPECT_EQ(cell.counters[flaw], 0U) << cell.name << " " << result::counter_name(flaw);
  }
}

// Cells come in pairs: one, and the same with compression.
void expect_less(const result::CellResult& plain, const result::CellResult& packed) {
  expect_clean(plain);
  expect_clean(packed);
  EXPECT_FALSE(plain.strategy.compresses());
  EXPECT_TRUE(packed.strategy.compresses());
  EXPECT_EQ(plain.unexplained_bytes, std::uint64_t{0}) << plain.name;
  EXPECT_FALSE(packed.unexplained_bytes) << packed.name;
  EXPECT_EQ(packed.predicted.count("bytes_per_delivery"), 0U) << packed.name;
  EXPECT_EQ(packed.predicted.count("sockets_peak"), 1U) << packed.name;
  EXPECT_FALSE(packed.exact.empty()) << packed.name;
  EXPECT_LT(metric(packed, "bytes_per_delivery"), 0.75 * metric(plain, "bytes_per_delivery"))
      << packed.name;
  const double ratio = metric(packed, "compression_ratio");
  EXPECT_GT(ratio, 2) << packed.name;
  // The more events an answer has, on a slow machine those of long-polling too, the better it
  // packs.
  EXPECT_LT(ratio, packed.strategy.strategy.ends_with("polling") ? 12 : 4) << packed.name;
  EXPECT_FALSE(result::find_metric("compression_ratio")->read(plain)) << plain.name;
}

// What the kernel saw come in is what the layers add up to, but for what an edge of the window cut.
void expect_whole(const result::CellResult& cell) {
  if (!cell.kernel_clients) {
    return;  // the kernel cannot be asked here
  }
  const auto counted = static_cast<double>(down(cell));
  EXPECT_NEAR(static_cast<double>(cell.kernel_clients->bytes_in), counted, within(0.03) * counted)
      << cell.name;
}

void expect_pairs(const std::string& name, const std::vector<std::string>& strategies) {
  std::vector<std::string> words{"compression", "--clients", "20",        "--ramp", "300ms",
                                 "--warmup",    "500ms",     "--measure", "2s"};
  for (const auto& strategy : strategies) {
    words.insert(words.end(), {"--strategy", strategy});
  }
  const auto run = measured_run(name, words);
  ASSERT_EQ(run.cells.size() % 2, 0U);
  ASSERT_FALSE(run.cells.empty());
  for (std::size_t i = 0; i < run.cells.size(); i += 2) {
    expect_less(run.cells[i], run.cells[i + 1]);
    expect_whole(run.cells[i + 1]);
  }
  for (const auto& caveat : run.caveats) {
    EXPECT_NE(caveat.id, "uncompressed");
    EXPECT_NE(caveat.id, "compressed-filler");
  }
}

TEST(Compression, OfStreamsAndMessages) {
  expect_pairs("packed-streams", {"streaming", "websocket"});
}

TEST(Compression, OfAnswers) {
  expect_pairs("packed-answers", {"long-polling", "polling"});
}

// The run goes on, and says so first.
TEST(Compression, AServerThatDoesNotIsTold) {
  Process server({"serve", "--listen", "127.0.0.1:0", "--compression-level", "0"});
  ASSERT_TRUE(server.wait_for_text("listening on ", std::chrono::seconds(10)));
  const auto at = server.out().find("http://");
  const std::string url = server.out().substr(at, server.out().find('\n', at) - at);
  const auto run = measured_run(
      "unpacked", {"compression", "--server", url, "--clients", "5", "--ramp", "300ms", "--warmup",
                   "500ms", "--measure", "2s", "--strategy", "streaming/sse,gzip", "--strategy",
                   "websocket/permessage-deflate", "--strategy", "long-polling/hold=25s,gzip"});
  ASSERT_EQ(run.cells.size(), 3U);
  for (const auto& cell : run.cells) {
    EXPECT_EQ(cell.counters[Counter::kDelivered], cell.counters[Counter::kExpected]) << cell.name;
    EXPECT_GE(cell.counters[Counter::kUncompressed], 5U) << cell.name;
    EXPECT_FALSE(result::find_metric("compression_ratio")->read(cell)) << cell.name;
    EXPECT_TRUE(std::any_of(run.caveats.begin(), run.caveats.end(), [&](const auto& caveat) {
      return caveat.id == "uncompressed" && caveat.cell == cell.name;
    })) << cell.name;
  }
  EXPECT_NE(run.verdict, result::Verdict::kValid);
  server.signal(15);
  EXPECT_EQ(server.finish(std::chrono::seconds(10)).code, 0);
}

}  // namespace
}  // namespace pushbench::e2e
