#include "servers/floor/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace pushbench::servers::floor {
namespace {

using ::testing::HasSubstr;
using Words = std::vector<std::string_view>;

ClientOptions client(const Words& words) {
  const auto parsed = parse_options(words);
  EXPECT_TRUE(parsed) << parsed.error().text;
  return std::get<ClientOptions>(*parsed);
}

std::string mistake(const Words& words) {
  const auto parsed = parse_options(words);
  EXPECT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ExitCode::kUsage);
  return parsed.error().text;
}

TEST(Options, EverySubcommandHasDefaults) {
  EXPECT_EQ(std::get<ServerOptions>(*parse_options(Words{"server"})).port, 0);
  EXPECT_EQ(std::get<CallsOptions>(*parse_options(Words{"calls"})).pairs, 1000U);
  const ClientOptions options = client({"client", "--port", "80"});
  EXPECT_EQ(options.mode, Mode::kWebSocket);
  EXPECT_EQ(options.path, "/ws/floor");
  EXPECT_EQ(options.in_flight, 1U);
  EXPECT_EQ(options.rate, 0);
}

TEST(Options, EveryOptionOfTheClientIsTaken) {
  const ClientOptions options = client(
      {"client", "--mode", "sse", "--port", "8080", "--path", "/sse/a", "--publish", "/publish/a",
       "--clients", "7", "--seconds", "0.5", "--warmup", "0", "--in-flight", "16", "--pid", "42"});
  EXPECT_EQ(options.mode, Mode::kSse);
  EXPECT_EQ(options.port, 8080);
  EXPECT_EQ(options.path, "/sse/a");
  EXPECT_EQ(options.publish, "/publish/a");
  EXPECT_EQ(options.clients, 7U);
  EXPECT_EQ(options.measure, std::chrono::milliseconds(500));
  EXPECT_EQ(options.warmup, Nanos(0));
  EXPECT_EQ(options.in_flight, 16U);
  EXPECT_EQ(options.pid, 42);
  EXPECT_EQ(client({"client", "--port", "1", "--rate", "0.5"}).rate, 0.5);
}

TEST(Options, EveryModeIsKnownByItsName) {
  for (const ModeRow& row : kModes) {
    const ClientOptions options = client({"client", "--port", "1", "--mode", row.name});
    EXPECT_EQ(options.mode, row.mode);
    EXPECT_EQ(options.path, row.path);
    EXPECT_THAT(help_text(), HasSubstr(std::string(row.name)));
  }
}

TEST(Options, HelpWinsOverEverythingElse) {
  for (const Words& words : {Words{"--help"}, Words{"client", "--mode", "x", "-h"}}) {
    EXPECT_TRUE(std::holds_alternative<HelpOptions>(*parse_options(words)));
  }
}

TEST(Options, MistakesAreOneSentence) {
  const std::vector<std::pair<Words, std::string>> cases{
      {{}, "needs a subcommand: server, client or calls"},
      {{"sever"}, "no subcommand sever, did you mean 'server'?"},
      {{"client", "--port", "1", "--clents", "3"}, "--clents, did you mean '--clients'?"},
      {{"client", "--port"}, "--port needs a value behind it"},
      {{"client", "--port", "70000"}, "--port takes a whole number from 1 to 65535, not '70000'"},
      {{"client", "--port", "8x"}, "not '8x'"},
      {{"client"}, "client needs --port"},
      {{"client", "--port", "1", "--mode", "wss"}, "such as ws, not 'wss'"},
      {{"client", "--port", "1", "--mode", "telegraph"}, "one of poll, poll-new"},
      {{"client", "--port", "1", "--path", "ws/x"}, "a path that begins with /"},
      {{"client", "--port", "1", "--seconds", "0"}, "seconds above 0, at most 3600, not '0'"},
      {{"client", "--port", "1", "--warmup", "-1"}, "seconds from 0"},
      {{"client", "--port", "1", "--rate", "nan"}, "--rate takes a number above 0"},
      {{"client", "--port", "1", "--rate", "5", "--in-flight", "1"}, "exclude each other"},
      {{"client", "--port", "1", "--mode", "poll", "--in-flight", "2"}, "leave --in-flight to"},
      {{"client", "--port", "1", "--mode", "ws-accept", "--rate", "2"}, "has no schedule"},
      {{"server", "--pid", "1"}, "server knows no option --pid"},
  };
  for (const auto& [words, sentence] : cases) {
    const std::string text = mistake(words);
    EXPECT_THAT(text, HasSubstr(sentence));
    EXPECT_EQ(text.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace pushbench::servers::floor
