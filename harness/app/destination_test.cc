#include "harness/app/destination.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

TEST(Destination, ReadsServerUrls) {
  const auto plain = parse_server_url("http://127.0.0.1:8080", {});
  ASSERT_TRUE(plain) << plain.error().text;
  EXPECT_EQ(plain->address.port(), 8080);
  EXPECT_EQ(plain->host, "127.0.0.1:8080");
  EXPECT_EQ(plain->prefix, "");
  const auto prefixed = parse_server_url("http://localhost/push/", {});
  ASSERT_TRUE(prefixed) << prefixed.error().text;
  EXPECT_EQ(prefixed->address.port(), 80);
  EXPECT_EQ(prefixed->prefix, "/push");
}

TEST(Destination, RefusesWhatItCannotDrive) {
  const struct {
    const char* url;
    const char* expected;
  } cases[] = {
      {"127.0.0.1:8080", "it is not a URL"},
      {"https://127.0.0.1", "only http:// is supported"},
      {"http://user@127.0.0.1/", "it must have a host"},
      {"http://127.0.0.1/?x=1", "it must have no query"},
      {"http://127.0.0.1/#x", "no user or fragment"},
      {"http://127.0.0.1:99999", "its port must be from 1 to 65535"},
  };
  for (const auto& c : cases) {
    const auto got = parse_server_url(c.url, {});
    ASSERT_FALSE(got) << c.url;
    EXPECT_EQ(got.error().code, ExitCode::kUsage);
    EXPECT_NE(got.error().text.find(c.expected), std::string::npos) << got.error().text;
  }
}

TEST(Destination, ReadsUrlsOfMetricsPages) {
  const auto plain = parse_metrics_url("http://localhost:9100");
  ASSERT_TRUE(plain) << plain.error().text;
  EXPECT_EQ(plain->endpoint.address.port(), 9100);
  EXPECT_EQ(plain->endpoint.host, "localhost:9100");
  EXPECT_EQ(plain->target, "/metrics");
  EXPECT_EQ(plain->url, "http://localhost:9100/metrics");
  const auto whole = parse_metrics_url("http://192.0.2.1/a/b?name[]=process");
  ASSERT_FALSE(whole) << whole->target;  // brackets are written as %5B and %5D
  const auto query = parse_metrics_url("http://192.0.2.1/a/b?name%5B%5D=process");
  ASSERT_TRUE(query) << query.error().text;
  EXPECT_EQ(query->target, "/a/b?name%5B%5D=process");
  EXPECT_EQ(query->endpoint.host, "192.0.2.1:80");
  for (const char* const bad : {"9100", "ftp://127.0.0.1/", "http://u@127.0.0.1/", "http://"}) {
    const auto got = parse_metrics_url(bad);
    ASSERT_FALSE(got) << bad;
    EXPECT_EQ(got.error().code, ExitCode::kUsage);
    EXPECT_NE(got.error().text.find("--server-metrics: expected a URL such as http://"),
              std::string::npos)
        << got.error().text;
  }
}

TEST(Destination, OtherHostsNeedTheUsersWord) {
  const auto refused = parse_server_url("http://192.0.2.1:80", {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text.find("--i-may-load 192.0.2.1"), std::string::npos)
      << refused.error().text;
  EXPECT_TRUE(parse_server_url("http://192.0.2.1:80", {"192.0.2.1"}));
}

TEST(Destination, ATargetThatIsDownIsToldAtOnce) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  transport::Endpoint endpoint;
  endpoint.address = acceptor.local_endpoint();
  endpoint.host = "127.0.0.1:1";
  EXPECT_TRUE(probe(endpoint));
  acceptor.close();
  const auto down = probe(endpoint);
  ASSERT_FALSE(down);
  EXPECT_EQ(down.error().code, ExitCode::kCouldNotRun);
  EXPECT_NE(down.error().text.find("Connection refused"), std::string::npos) << down.error().text;
}

TEST(Destination, MakesTheRunDirectoryAndKeepsWhatIsThere) {
  const fs::path base = fs::path(::testing::TempDir()) / "run-directory";
  fs::remove_all(base);
  const auto made = make_run_directory((base / "a" / "b").string(), "chat", false);
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_TRUE(fs::is_empty(*made));
  std::ofstream(fs::path(*made) / "result.json") << "{}";
  const auto again = make_run_directory(*made, "chat", false);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().text.find("--force"), std::string::npos);
  EXPECT_TRUE(make_run_directory(*made, "chat", true));
}

// Both take the name of this second, unless it ends between them; either way they must differ.
TEST(Destination, RunsOfOneSecondDoNotShareADirectory) {
  const auto before = fs::current_path();
  const fs::path base = fs::path(::testing::TempDir()) / "namesakes";
  fs::remove_all(base);
  fs::create_directories(base);
  fs::current_path(base);
  std::set<std::string> names;
  constexpr std::size_t kRuns = 5;
  for (std::size_t i = 0; i < kRuns; ++i) {
    const auto made = make_run_directory("", "chat", false);
    EXPECT_TRUE(made) << made.error().text;
    names.insert(made ? *made : "");
  }
  fs::current_path(before);
  EXPECT_EQ(names.size(), kRuns);
}

TEST(Destination, ADirectoryThatCannotBeMadeIsToldBeforeTheRun) {
  const auto file = fs::path(::testing::TempDir()) / "a-file";
  std::ofstream(file) << "x";
  const auto under_file = make_run_directory((file / "run").string(), "chat", false);
  ASSERT_FALSE(under_file);
  EXPECT_EQ(under_file.error().code, ExitCode::kCouldNotRun);
  const auto no_write = make_run_directory("/proc/self", "chat", false);
  ASSERT_FALSE(no_write);
  EXPECT_NE(no_write.error().text.find("choose a directory"), std::string::npos)
      << no_write.error().text;
}

}  // namespace
}  // namespace pushbench::app
