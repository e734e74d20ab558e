#include "servers/reference/options.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

TEST(Options, LoopbackAddressesAreKnown) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("127.1.2.3"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_FALSE(is_loopback("0.0.0.0"));
  EXPECT_FALSE(is_loopback("localhost"));
}

TEST(Options, LoopbackAcceptsOnlyItsOwnNames) {
  ServerOptions options;
  for (const char* host :
       {"127.0.0.1", "127.0.0.1:8080", "localhost", "LocalHost:1", "[::1]", "[::1]:99"}) {
    EXPECT_TRUE(host_allowed(options, true, host)) << host;
  }
  for (const char* host :
       {"evil.test", "127.0.0.1.evil.test", "localhost.evil.test:80", "[::2]", "", "xlocalhost"}) {
    EXPECT_FALSE(host_allowed(options, true, host)) << host;
    EXPECT_TRUE(host_allowed(options, false, host)) << host;
  }
  options.allow_hosts = {"bench.example"};
  EXPECT_TRUE(host_allowed(options, true, "bench.example:8080"));
  // Whoever names hosts means it on every address.
  EXPECT_TRUE(host_allowed(options, false, "bench.example:8080"));
  EXPECT_FALSE(host_allowed(options, false, "evil.test"));
}

TEST(Options, OriginMustBeTheSameHostOrAllowed) {
  ServerOptions options;
  const char* host = "127.0.0.1:8080";
  EXPECT_TRUE(origin_allowed(options, host, "http://127.0.0.1:8080"));
  EXPECT_TRUE(origin_allowed(options, host, "HTTP://127.0.0.1:8080"));
  for (const char* origin :
       {"null", "", "http://", "http://127.0.0.1", "http://127.0.0.1:80800", "http://127.0.0.1:808",
        "http://127.0.0.1:8080.evil.test", "http://evil.test", "file://127.0.0.1:8080",
        "http://evil.test/http://127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1:8080/"}) {
    EXPECT_FALSE(origin_allowed(options, host, origin)) << origin;
  }
  options.allow_origins = {"https://app.example"};
  EXPECT_TRUE(origin_allowed(options, host, "https://app.example"));
  EXPECT_FALSE(origin_allowed(options, host, "https://app.example.evil"));
}

}  // namespace
}  // namespace pushbench::servers
