#include "harness/app/captured.h"
#include "harness/app/cli.h"
#include "harness/base/text.h"
#include "harness/model/predict.h"
#include "reports/layout.h"

#include <gtest/gtest.h>

#include <sstream>
#include <utility>
#include <vector>

namespace pushbench::app {
namespace {

Ran predict(std::vector<const char*> words) {
  words.insert(words.begin(), "predict");
  return run_words(std::move(words));
}

// The lines of the tables that begin with a cell's name, with single spaces.
std::string rows_of(const std::string& text, const std::string& cell) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string row;
    for (std::string word; words >> word;) {
      row += (row.empty() ? "" : " ") + word;
    }
    out += row.starts_with(cell + " ") ? row + "\n" : "";
  }
  return out;
}

TEST(PredictCommand, PrintsTheModelOfEveryCell) {
  const Ran ran = predict({"quick"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  EXPECT_EQ(rows_of(ran.out, "websocket"),
            "websocket 0 ns 0 ns 0 100 0\nwebsocket 132 B 132 B 132 B 0 B 4 B 128 B\n"
            "websocket 2 1.50 2 236 B 210 B 236 B\nwebsocket -\n");
  EXPECT_TRUE(rows_of(ran.out, "polling/interval=1s")
                  .starts_with("polling/interval=1s 500 ms 1.00 s 0.02 100 0\n"))
      << ran.out;
  const auto scenario = *plan::load_scenario(*find_scenario("quick"));
  const auto poll = model::predict_all(scenario).front().bytes_per_delivery;
  const auto bytes =
      human_bytes(poll.mean) + " " + human_bytes(poll.low) + " " + human_bytes(poll.high) + " ";
  EXPECT_NE(rows_of(ran.out, "polling/interval=1s").find(bytes), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("Assumed: 0 ns one way"), std::string::npos) << ran.out;
}

TEST(PredictCommand, DelayAndOverridesReachTheModel) {
  const Ran ran = predict({"quick", "--delay", "50ms", "--rate", "5/s", "--clients", "7"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_TRUE(rows_of(ran.out, "websocket").starts_with("websocket 50.0 ms 50.0 ms 0 7 0\n"))
      << ran.out;
  EXPECT_TRUE(rows_of(ran.out, "polling/interval=1s")
                  .starts_with("polling/interval=1s 550 ms 1.05 s 0.21 7 0\n"))
      << ran.out;
  EXPECT_TRUE(rows_of(ran.out, "long-polling/hold=25s")
                  .starts_with("long-polling/hold=25s 72.6 ms 150 ms 0.90 7 0\n"))
      << ran.out;
  EXPECT_NE(ran.out.find("7 clients at 5 events/s"), std::string::npos) << ran.out;
  const Ran one = predict({"quick", "--strategy", "websocket"});
  EXPECT_EQ(rows_of(one.out, "polling/interval=1s"), "") << one.out;
}

TEST(PredictCommand, SaysWhoHoldsTimeWaitAndWhatIsReplayed) {
  const Ran quick = predict({"quick"});
  EXPECT_NE(quick.out.find("pushbench's own server does"), std::string::npos) << quick.out;
  EXPECT_NE(quick.out.find("tcp_tw_reuse ("), std::string::npos);
  const Ran ticker = predict({"ticker"});
  EXPECT_EQ(ticker.out.find("TIME_WAIT:"), std::string::npos) << ticker.out;
  const Ran leap = predict({"quantum-leap"});
  EXPECT_EQ(leap.code, 0) << leap.err;
  EXPECT_NE(leap.out.find("716 B up and 193 B down, 909 B a poll; 692 + 179 = 871"),
            std::string::npos)
      << leap.out;
  // Three segments a poll and two a message: 909 + 21 + 156 and 2 + 21 + 104.
  EXPECT_NE(rows_of(leap.out, "polling/interval=1s").find("1.09 kB"), std::string::npos)
      << leap.out;
  EXPECT_NE(rows_of(leap.out, "websocket").find("127 B"), std::string::npos) << leap.out;
}

TEST(PredictCommand, LinesFitATerminal) {
  for (const char* name : {"quick", "chat", "news-feed", "notification-burst", "ticker",
                           "quantum-leap", "live-open-data", "wind-sensor"}) {
    const Ran ran = predict({name, "--delay", "50ms"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(reports::columns(line), 80U) << line;
    }
  }
}

TEST(PredictCommand, MistakesExitTwo) {
  const struct {
    std::vector<const char*> words;
    std::string expected;
  } cases[] = {
      {{}, "scenario is required"},
      {{"qick"}, "did you mean 'quick'?"},
      {{"quick", "--delay", "soon"}, "--delay: expected a duration such as"},
      {{"quick", "--delay", "2m"}, "--delay: at most 1m"},
      {{"quick", "--rate", "fast"}, "--rate"},
      {{"quick", "--out", "x"}, "unknown argument '--out'"},
  };
  for (const auto& c : cases) {
    const Ran ran = predict(c.words);
    EXPECT_EQ(ran.code, 2) << ran.err;
    EXPECT_NE(ran.err.find(c.expected), std::string::npos) << ran.err;
    EXPECT_EQ(ran.out, "");
  }
}

}  // namespace
}  // namespace pushbench::app
