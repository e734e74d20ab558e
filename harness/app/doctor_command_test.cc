#include "harness/app/captured.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(DoctorCommand, PrintsEveryLimitOfThisMachine) {
  Captured captured;
  EXPECT_EQ(doctor_command(captured.streams()), 0);
  const std::string text = captured.out();
  for (const char* what :
       {"descriptors per ", "ephemeral ports", "somaxconn", "processors", "clock source",
        "congestion control", "tcp_tw_reuse", "governor", "sock_diag"}) {
    EXPECT_NE(text.find(what), std::string::npos) << what << " in\n" << text;
  }
}

TEST(DoctorCommand, AClosedStdoutIsAFailure) {
  Captured captured;
  std::FILE* full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  EXPECT_EQ(doctor_command({full, captured.streams().err}), 1);
  std::fclose(full);
  EXPECT_NE(captured.err().find("No space left on device"), std::string::npos) << captured.err();
}

}  // namespace
}  // namespace pushbench::app
