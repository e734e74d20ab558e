#include "harness/base/prefetch.h"

#include <gtest/gtest.h>

#include <memory>

namespace pushbench {
namespace {

TEST(Prefetch, ReadsNothingThatCouldFail) {
  prefetch(nullptr, 256);
}

TEST(Prefetch, ChangesNothing) {
  const auto bytes = std::make_unique<unsigned char[]>(300);
  bytes[299] = 7;
  prefetch(bytes.get(), 300);
  EXPECT_EQ(bytes[299], 7);
}

}  // namespace
}  // namespace pushbench
