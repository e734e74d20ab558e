#include "harness/app/captured.h"

#include <gtest/gtest.h>

#include <sstream>

namespace pushbench::app {
namespace {

TEST(ScenariosCommand, ListsWhatIsShipped) {
  Captured captured;
  EXPECT_EQ(scenarios_command({}, captured.streams()), 0);
  for (const char* name : {"quick", "chat", "ticker", "news-feed", "notification-burst"}) {
    EXPECT_NE(captured.out().find(name), std::string::npos) << name;
  }
}

TEST(ScenariosCommand, TheListFitsATerminal) {
  Captured captured;
  EXPECT_EQ(scenarios_command({}, captured.streams()), 0);
  std::istringstream lines(captured.out());
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80U) << line;
  }
}

TEST(ScenariosCommand, ExplainsOne) {
  Captured captured;
  EXPECT_EQ(scenarios_command({.name = "chat"}, captured.streams()), 0);
  EXPECT_NE(captured.out().find("websocket"), std::string::npos) << captured.out();
  EXPECT_NE(captured.out().find("pushbench run chat"), std::string::npos);
}

TEST(SchemaCommand, PrintsTheSchemaOfTheBinder) {
  Captured captured;
  EXPECT_EQ(schema_command(captured.streams()), 0);
  EXPECT_EQ(captured.out(), plan::scenario_schema());
}

}  // namespace
}  // namespace pushbench::app
