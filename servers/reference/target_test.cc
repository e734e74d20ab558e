#include "servers/reference/target.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::servers {
namespace {

constexpr Millis kMax{60'000};

TEST(Target, OriginAndAbsoluteForm) {
  Target target = split_target("/poll/t?after=3");
  EXPECT_EQ(target.path, "/poll/t");
  EXPECT_EQ(target.query, "after=3");
  EXPECT_TRUE(target.authority.empty());
  target = split_target("http://127.0.0.1:8080/poll/t?after=3");
  EXPECT_EQ(target.authority, "127.0.0.1:8080");
  EXPECT_EQ(target.path, "/poll/t");
  EXPECT_EQ(target.query, "after=3");
  target = split_target("http://localhost");
  EXPECT_EQ(target.path, "/");
  target = split_target("http://localhost?after=1");
  EXPECT_EQ(target.path, "/");
  EXPECT_EQ(target.query, "after=1");
  EXPECT_EQ(split_target("/poll/t?").query, "");
}

TEST(Query, WhatEndpointsTake) {
  EXPECT_FALSE(parse_query("", true, kMax).value().after.has_value());
  EXPECT_EQ(parse_query("after=12", false, kMax).value().after, 12U);
  EXPECT_TRUE(parse_query("after=latest", false, kMax).value().latest);
  const Query query = parse_query("hold=500ms&after=0", true, kMax).value();
  EXPECT_EQ(query.hold, Millis(500));
  EXPECT_EQ(query.after, 0U);
  EXPECT_EQ(parse_query("hold=60s", true, kMax).value().hold, kMax);
}

// What clients of the native dialect print.
TEST(Query, HoldsInSecondsAndMilliseconds) {
  for (const auto& [text, expected] : {std::pair{"hold=25s", Millis(25'000)},
                                       {"hold=60s", Millis(60'000)},
                                       {"hold=1500ms", Millis(1500)},
                                       {"hold=500ms", Millis(500)},
                                       {"hold=2ms", Millis(2)},
                                       {"hold=1s", Millis(1000)},
                                       {"hold=0s", Millis(0)}}) {
    EXPECT_EQ(parse_query(text, true, kMax).value().hold, expected) << text;
  }
}

TEST(Query, EverythingElseIsRefusedWithItsName) {
  for (const char* bad :
       {"after", "after=", "after=-1", "after=1x", "after=99999999999999999999", "after=1&after=1",
        "after=latest&after=1", "afer=1", "hold=61s", "hold=25", "hold=s", "hold=-1s", "hold=1m",
        "hold=1.5s", "hold=1s&hold=1s", "&", "after=1&&"}) {
    EXPECT_TRUE(parse_query(bad, true, kMax).has_error()) << bad;
  }
  EXPECT_NE(parse_query("afer=1", true, kMax).error().text.find("afer"), std::string::npos);
  EXPECT_TRUE(parse_query("hold=1s", false, kMax).has_error());
  const std::string echoed = parse_query("\x1b[31m=1", false, kMax).error().text;
  EXPECT_EQ(echoed.find('\x1b'), std::string::npos);
}

TEST(TopicName, UnreservedBytesOnly) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string name(1, static_cast<char>(byte));
    const bool expected = (byte < 128 && std::isalnum(byte) != 0) || name == "." || name == "_" ||
                          name == "~" || name == "-";
    EXPECT_EQ(is_topic_name(name, 256), expected) << byte;
  }
  EXPECT_FALSE(is_topic_name("", 256));
  EXPECT_TRUE(is_topic_name(std::string(256, 'a'), 256));
  EXPECT_FALSE(is_topic_name(std::string(257, 'a'), 256));
  EXPECT_FALSE(is_topic_name("a/b", 256));
}

}  // namespace
}  // namespace pushbench::servers
