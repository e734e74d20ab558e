#include "harness/swarm/server_metrics.h"

#include "harness/swarm/tiny_server.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::swarm {
namespace {

constexpr std::string_view kPage =
    "# TYPE process_cpu_seconds counter\nprocess_cpu_seconds_total 1.5\n"
    "process_resident_memory_bytes 2.5e+06\nprocess_open_fds 12\n"
    "process_start_time_seconds 1.6e9\n# EOF\n";

std::string answer_with(std::string_view body, std::string_view fields = "") {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         std::string(fields) + "\r\n" + std::string(body);
}

MetricsSource source_of(const TinyServer& server) {
  return {.endpoint = server.endpoint(), .target = "/m", .url = "http://there/m"};
}

std::string failure_of(const std::string& answer) {
  TinyServer server([&](const std::string&, const std::string&) { return answer; });
  const auto reading = read_metrics_once(source_of(server));
  if (reading) {
    return "it was read";
  }
  EXPECT_EQ(reading.error().code, ExitCode::kCouldNotRun);
  return reading.error().text;
}

TEST(ServerMetrics, ThePageOfAProcessIsAReading) {
  const auto reading = reading_of_page(kPage);
  ASSERT_TRUE(reading) << reading.error().text;
  EXPECT_DOUBLE_EQ(reading->cpu_s, 1.5);
  EXPECT_EQ(reading->resident_bytes, 2'500'000U);
  EXPECT_EQ(reading->descriptors, 12U);
  EXPECT_DOUBLE_EQ(reading->started_s.value_or(0), 1.6e9);
  const auto least =
      reading_of_page("process_resident_memory_bytes 1\nprocess_cpu_seconds_total 0\n");
  ASSERT_TRUE(least) << least.error().text;
  EXPECT_FALSE(least->descriptors);
}

TEST(ServerMetrics, WhatThePageLacksIsOneClause) {
  const struct {
    const char* page;
    const char* clause;
  } cases[] = {
      {"process_cpu_seconds_total 1\n", "has no process_resident_memory_bytes; expected"},
      {"process_resident_memory_bytes 1\n", "has no process_cpu_seconds_total; expected"},
      {"# EOF\n", "has no process_cpu_seconds_total; expected"},
      {"process_cpu_seconds_total{job=\"a\"} 1\nprocess_cpu_seconds_total{job=\"b\"} 2\n",
       "has 2 samples of process_cpu_seconds_total; expected the page of one process"},
      {"process_cpu_seconds_total NaN\n", "says that process_cpu_seconds_total is nan; expected"},
      {"process_cpu_seconds_total -1\n", "says that process_cpu_seconds_total is -1; expected"},
      {"process_resident_memory_bytes 1e300\n", "expected a number from 0 to 1e+15"},
      {"<html>\n", "is not OpenMetrics or Prometheus text: line 1: it does not begin with the"},
  };
  for (const auto& c : cases) {
    const auto reading = reading_of_page(c.page);
    ASSERT_FALSE(reading) << c.page;
    EXPECT_NE(reading.error().text.find(c.clause), std::string::npos) << reading.error().text;
  }
}

TEST(ServerMetrics, AsksForThePageOverAConnectionThatIsKept) {
  std::string asked;
  TinyServer server([&](const std::string& line, const std::string&) {
    asked = line;
    return answer_with(kPage);
  });
  const MetricsSource source = source_of(server);
  asio::io_context context(1);
  MetricsReader reader(context, source);
  std::vector<std::uint16_t> ports;
  int read = 0;
  const auto twice = [&]() -> Task<void> {
    for (int i = 0; i < 2; ++i) {
      const auto reading = co_await reader.read();
      read += reading && reading->answered >= reading->asked ? 1 : 0;
      ports.push_back(reader.local_port());
    }
  };
  asio::co_spawn(context, twice(), [](const std::exception_ptr&) {});
  context.run();
  EXPECT_EQ(read, 2);
  EXPECT_EQ(asked, "GET /m HTTP/1.1");
  ASSERT_EQ(ports.size(), 2U);
  EXPECT_NE(ports[0], 0);
  EXPECT_EQ(ports[0], ports[1]);
}

// Between two readings a server may close what it kept: the next one connects anew.
TEST(ServerMetrics, AConnectionThatTheServerClosedIsNoFailure) {
  int answers = 0;
  TinyServer server([&](const std::string&, const std::string&) {
    return ++answers == 2 ? std::string() : answer_with(kPage);
  });
  const MetricsSource source = source_of(server);
  asio::io_context context(1);
  MetricsReader reader(context, source);
  int read = 0;
  const auto thrice = [&]() -> Task<void> {
    for (int i = 0; i < 3; ++i) {
      const auto reading = co_await reader.read();
      read += reading ? 1 : 0;
    }
  };
  asio::co_spawn(context, thrice(), [](const std::exception_ptr&) {});
  context.run();
  EXPECT_EQ(read, 3);
  EXPECT_EQ(server.requests(), 4U);
}

TEST(ServerMetrics, AnAnswerThatIsNoPageIsNamed) {
  EXPECT_NE(failure_of("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                .find("--server-metrics: http://there/m answers with status 404; expected 200"),
            std::string::npos);
  EXPECT_NE(failure_of(answer_with("process_cpu_seconds_total 1\n",
                                   "Content-Type: application/openmetrics-text\r\n"))
                .find("is cut: it does not end in '# EOF'"),
            std::string::npos);
  EXPECT_NE(failure_of("").find("ended in the middle of its answer"), std::string::npos);
  EXPECT_NE(failure_of("SSH-2.0-x\r\n\r\n").find("cannot be read: "), std::string::npos);
}

TEST(ServerMetrics, AnEndlessPageIsCutOff) {
  const std::string body(MetricsReader::kMaxPage + 1, ' ');
  const std::string text = failure_of(answer_with(body));
  EXPECT_NE(text.find("is longer than 4.19 MB"), std::string::npos) << text;
}

TEST(ServerMetrics, SilenceEndsByTheBound) {
  asio::io_context elsewhere(1);
  asio::ip::tcp::acceptor silent(elsewhere, {asio::ip::address_v4::loopback(), 0});
  MetricsSource source{.endpoint = {}, .target = "/", .url = "http://silent/"};
  source.endpoint.address = silent.local_endpoint();
  source.endpoint.host = "silent";
  const auto reading = read_metrics_once(source);
  ASSERT_FALSE(reading);
  EXPECT_NE(reading.error().text.find("http://silent/ did not answer within 2.00 s"),
            std::string::npos)
      << reading.error().text;
}

}  // namespace
}  // namespace pushbench::swarm
