#include "servers/floor/figures.h"

#include <gtest/gtest.h>

namespace pushbench::servers::floor {
namespace {

using namespace std::chrono_literals;

TEST(JsonLine, HoldsEveryFigureInItsUnit) {
  Figures figures;
  figures.mode = "ws";
  figures.clients = 10;
  figures.live = 9;
  figures.window = 2s;
  figures.deliveries = 1000;
  figures.published = 100;
  figures.server_cpu = 500ms;
  figures.client_cpu = 250ms;
  figures.p50 = 1500ns;
  figures.p99 = 2ms;
  figures.max = 3ms;
  figures.errors = 1;
  figures.lost = 2;
  figures.connect = 10ms;
  figures.server_rss_bytes = 12.25;
  figures.client_rss_bytes = 4096;
  EXPECT_EQ(
      json_line(figures),
      R"({"mode":"ws","clients":10,"live":9,"seconds":2.000,"deliveries":1000,"published":100,)"
      R"("rate":500,"server_cpu_s":0.500000,"client_cpu_s":0.250000,"per_server_cpu":2000,)"
      R"("per_client_cpu":4000,"p50_us":1.5,"p99_us":2000.0,"max_us":3000.0,"errors":1,"lost":2,)"
      R"("connect_s":0.010,"server_rss_bytes_per_connection":12.2,"client_rss_bytes":4096})");
}

TEST(JsonLine, SaysNullForWhatWasNotMeasured) {
  const std::string line = json_line({});
  EXPECT_NE(line.find(R"("server_cpu_s":null)"), std::string::npos);
  EXPECT_NE(line.find(R"("per_server_cpu":null)"), std::string::npos);
  EXPECT_NE(line.find(R"("server_rss_bytes_per_connection":null)"), std::string::npos);
  EXPECT_EQ(line.find("nan"), std::string::npos);
  EXPECT_EQ(line.find("inf"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::servers::floor
