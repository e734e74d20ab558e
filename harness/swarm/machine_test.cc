#include "harness/swarm/machine.h"

#include "harness/base/descriptors.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pushbench::swarm {
namespace {

Machine good_machine() {
  Machine m;
  m.descriptors_soft = m.descriptors_hard = 20'000;
  m.ports_low = 32'768;
  m.ports_high = 60'999;
  m.somaxconn = 4096;
  m.cores = 2;
  m.clock_source = "tsc";
  m.load = 0.1;
  m.socket_census = true;
  return m;
}

std::vector<std::string> shortages(const Machine& m) {
  std::vector<std::string> out;
  for (const auto& finding : examine(m)) {
    if (!finding.good) {
      EXPECT_FALSE(finding.mend.empty()) << finding.what;
      out.push_back(finding.what);
    } else {
      EXPECT_TRUE(finding.mend.empty()) << finding.what;
    }
  }
  return out;
}

TEST(Machine, ReadsThisOne) {
  const Machine m = read_machine();
  EXPECT_GT(m.descriptors_hard, 0U);
  EXPECT_GT(m.ports(), 0U);
  EXPECT_GT(m.cores, 0U);
  EXPECT_GT(m.memory_bytes, 1U << 20U);
  EXPECT_NE(m.kernel.find("Linux"), std::string::npos);
  EXPECT_EQ(environment_of(m).at("cores"), std::to_string(m.cores));
}

TEST(Machine, FindsNothingShortOnAGoodOne) {
  EXPECT_TRUE(shortages(good_machine()).empty());
}

TEST(Machine, NamesEveryShortageWithItsMend) {
  Machine m = good_machine();
  m.descriptors_hard = 1024;
  EXPECT_EQ(shortages(m), std::vector<std::string>{"descriptors per process"});
  m = good_machine();
  m.ports_low = 60'000;
  EXPECT_EQ(shortages(m), std::vector<std::string>{"ephemeral ports per address"});
  m = good_machine();
  m.somaxconn = 128;
  EXPECT_EQ(shortages(m), std::vector<std::string>{"listen backlog (somaxconn)"});
  m = good_machine();
  m.cores = 1;
  EXPECT_EQ(shortages(m), std::vector<std::string>{"processors"});
  m = good_machine();
  m.clock_source = "hpet";
  EXPECT_EQ(shortages(m), std::vector<std::string>{"clock source"});
  m = good_machine();
  m.governor = "powersave";
  EXPECT_EQ(shortages(m), std::vector<std::string>{"processor governor"});
  m = good_machine();
  m.cpu_quota = 1.5;
  EXPECT_EQ(shortages(m), std::vector<std::string>{"processor quota (cgroup)"});
  m = good_machine();
  m.socket_census = false;
  EXPECT_EQ(shortages(m), std::vector<std::string>{"socket census (sock_diag)"});
  m = good_machine();
  m.load = 1.5;
  EXPECT_EQ(shortages(m), std::vector<std::string>{"load (1 minute)"});
}

TEST(Machine, RaisesTheSoftLimitToTheHardOne) {
  EXPECT_EQ(raise_descriptor_limit(), read_machine().descriptors_hard);
}

}  // namespace
}  // namespace pushbench::swarm
