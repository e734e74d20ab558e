#include "harness/swarm/cgroup.h"

#include <gtest/gtest.h>

#include <fstream>

namespace pushbench::swarm {
namespace {

namespace fs = std::filesystem;

class CgroupTest : public ::testing::Test {
 protected:
  CgroupTest() { fs::remove_all(root_); }
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }
  fs::path root_ = fs::path(::testing::TempDir()) / "cgroups";
};

TEST_F(CgroupTest, NoFilesAreNoLimit) {
  EXPECT_FALSE(cpu_quota("0::/\n", root_));
  EXPECT_FALSE(cpu_quota("", root_));
  EXPECT_FALSE(cpu_quota("nonsense", root_));
}

TEST_F(CgroupTest, TheLeastOfTheGroupsAboveHolds) {
  write("a/b/cpu.max", "max 100000\n");
  EXPECT_FALSE(cpu_quota("0::/a/b\n", root_));
  write("a/cpu.max", "150000 100000\n");
  EXPECT_EQ(cpu_quota("0::/a/b\n", root_), 1.5);
  write("a/b/cpu.max", "50000 100000\n");
  EXPECT_EQ(cpu_quota("0::/a/b\n", root_), 0.5);
  EXPECT_FALSE(cpu_quota("0::/other\n", root_));
}

TEST_F(CgroupTest, ReadsTheFirstVersionToo) {
  write("cpu,cpuacct/a/cpu.cfs_quota_us", "-1\n");
  write("cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
  const std::string membership = "5:memory:/m\n3:cpu,cpuacct:/a\n0::/\n";
  EXPECT_FALSE(cpu_quota(membership, root_));
  write("cpu,cpuacct/a/cpu.cfs_quota_us", "200000\n");
  EXPECT_EQ(cpu_quota(membership, root_), 2.0);
  EXPECT_FALSE(cpu_quota("3:cpuset:/a\n", root_));
}

}  // namespace
}  // namespace pushbench::swarm
