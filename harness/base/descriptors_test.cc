#include "harness/base/descriptors.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

namespace pushbench {
namespace {

TEST(Descriptors, TheLimitIsRaisedAsFarAsItMay) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 64;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit now{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &now), 0);
  EXPECT_EQ(now.rlim_cur, before.rlim_max);
  EXPECT_EQ(descriptor_limit(), before.rlim_max);
}

TEST(Descriptors, AThreadMayHaveATableOfItsOwn) {
  const int before = ::dup(STDERR_FILENO);
  std::thread([before] {
    if (!own_descriptor_table()) {
      EXPECT_EQ(::close(::dup(before)), 0);
      return;  // an old kernel, or ThreadSanitizer: the table stays shared
    }
    EXPECT_GE(::fcntl(before, F_GETFD), 0) << "what was open is known in the new table";
    const int mine = ::dup(STDERR_FILENO);
    std::thread([mine] { EXPECT_GE(::fcntl(mine, F_GETFD), 0); }).join();
    EXPECT_EQ(::close(before), 0);
    EXPECT_EQ(::close(mine), 0);
  }).join();
  EXPECT_EQ(::close(before), 0) << "it was closed in the other table only";
}

}  // namespace
}  // namespace pushbench
