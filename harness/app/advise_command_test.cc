#include "harness/app/advise_command.h"

#include "harness/app/captured.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

TEST(AdviseCommand, FlagsAreAnsweredWithoutQuestions) {
  const Ran ran = run_words({"advise", "--events-per-client", "2/s", "--staleness", "500ms",
                             "--clients", "100k", "--rtt", "40ms"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_NE(ran.out.find("of a server"), std::string::npos) << ran.out;
  const Ran json = run_words(
      {"advise", "--events-per-client", "2/s", "--staleness", "500ms", "--format", "json"});
  EXPECT_TRUE(json.out.starts_with("{\n  \"schema\": \"pushbench.advice/1\"")) << json.out;
}

TEST(AdviseCommand, WithoutATerminalWhatIsMissingIsNamed) {
  AdviseArguments arguments;
  arguments.in = std::tmpfile();
  const Captured captured;
  EXPECT_EQ(advise_command(arguments, captured.streams()), 2);
  EXPECT_NE(captured.err().find("say what each client receives"), std::string::npos);
  std::fclose(arguments.in);
}

TEST(AdviseCommand, NothingThatFitsEndsLikeACrossedThreshold) {
  // The way is just short enough, and both kinds of push are shut out.
  const Ran ran = run_words({"advise", "--events-per-client", "2/s", "--staleness", "30ms", "--rtt",
                             "50ms", "--proxy", "buffers", "--proxy", "no-upgrade"});
  EXPECT_EQ(ran.code, 99) << ran.out;
  EXPECT_TRUE(ran.out.starts_with("No strategy fits")) << ran.out;
}

// A verification that runs is for harness/e2e.
TEST(AdviseCommand, AServerThatIsDownEndsTheVerification) {
  const Ran ran = run_words({"advise", "--events-per-client", "20/s", "--staleness", "500ms",
                             "--verify", "--server", "http://127.0.0.1:1"});
  EXPECT_EQ(ran.code, 1) << ran.err;
  EXPECT_NE(ran.err.find("cannot connect to"), std::string::npos) << ran.err;
}

}  // namespace
}  // namespace pushbench::app
