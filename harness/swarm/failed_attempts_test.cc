#include "harness/swarm/failed_attempts.h"

#include <gtest/gtest.h>

namespace pushbench::swarm {
namespace {

TEST(FailedAttempts, NamesTheCommonestFaultOfBothKinds) {
  result::CellResult cell;
  EXPECT_EQ(failed_attempts(cell), "nothing was answered");
  cell.counters[result::Counter::kSocketsFailed] = 2;
  cell.counters[result::Counter::kSocketsCut] = 3;
  cell.connect_faults[static_cast<std::size_t>(Fault::kRefused)] = 2;
  cell.cut_faults[static_cast<std::size_t>(Fault::kReset)] = 3;
  EXPECT_EQ(failed_attempts(cell),
            "5 attempts failed, most of them: " + std::string(fault_words(Fault::kReset)));
}

TEST(NobodyCouldSubscribe, SaysWhereAndWhyAndWhatToLookAt) {
  result::CellResult cell;
  cell.name = "websocket";
  cell.clients = 7;
  EXPECT_EQ(nobody_could_subscribe(cell, "10.0.0.1:80", "native").text,
            "websocket: none of 7 clients could subscribe to 10.0.0.1:80; nothing was answered. Is "
            "it the right address, and does the server speak the native dialect?");
}

TEST(NotAllSubscribed, CountsThem) {
  const auto caveat = not_all_subscribed("websocket#2", 999, 1'000);
  EXPECT_EQ(caveat.cell, "websocket#2");
  EXPECT_EQ(caveat.severity, result::Verdict::kInvalid);
  EXPECT_EQ(caveat.text, "only 999 of 1,000 subscriptions were up when publishing began");
}

}  // namespace
}  // namespace pushbench::swarm
