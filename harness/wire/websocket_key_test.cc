#include "harness/wire/websocket_key.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace pushbench::wire {
namespace {

TEST(WebSocketKey, HandshakeKeys) {
  EXPECT_EQ(websocket_accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  std::set<std::string> keys;
  for (int i = 0; i < 100; ++i) {
    const auto key = random_websocket_key();
    EXPECT_EQ(key.size(), 24U);
    EXPECT_TRUE(key.ends_with("=="));
    keys.insert(key);
  }
  EXPECT_EQ(keys.size(), 100U);
}

TEST(WebSocketKey, MasksDiffer) {
  std::set<std::uint32_t> masks;
  std::uint32_t ones = 0;
  std::uint32_t zeros = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto mask = random_mask();
    masks.insert(mask);
    ones |= mask;
    zeros |= ~mask;
  }
  EXPECT_GT(masks.size(), 990U);
  EXPECT_EQ(ones & zeros, 0xFFFFFFFFU);
}

}  // namespace
}  // namespace pushbench::wire
