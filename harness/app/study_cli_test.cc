#include "harness/app/study_cli.h"

#include "harness/app/captured.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(StudyCli, EveryCommandHasHelpAndFormats) {
  for (const char* command : {"fit", "size", "capacity", "advise", "sweep"}) {
    const Ran help = run_words({command, "--help"});
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_NE(help.out.find("--format"), std::string::npos) << command;
    const Ran wrong = run_words({command, "--format", "xml"});
    EXPECT_EQ(wrong.code, 2) << command;
    EXPECT_NE(wrong.err.find("xml not in {text,json"), std::string::npos) << wrong.err;
  }
}

}  // namespace
}  // namespace pushbench::app
