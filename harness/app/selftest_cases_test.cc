#include "harness/app/selftest_cases.h"

#include "harness/base/time.h"
#include "servers/reference/injection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace pushbench::app {
namespace {

using result::Counter;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr result::Floor kFloor{.latency_p50_ns = 50'000, .latency_p99_ns = 200'000};

SelftestCase find(const std::string& strategy, const std::string& fault) {
  for (auto& what : selftest_cases(false)) {
    if (what.fault == fault && what.strategy().cell_name().starts_with(strategy)) {
      return what;
    }
  }
  ADD_FAILURE() << "no case " << strategy << ", " << fault;
  return {};
}

// A cell of 97 events to 10 clients in which nothing went wrong.
result::CellResult clean() {
  result::CellResult cell;
  cell.counters[Counter::kPublished] = 97;
  cell.counters[Counter::kExpected] = 970;
  cell.counters[Counter::kDelivered] = 970;
  return cell;
}

std::string mismatch(const SelftestCase& what,
                     const result::CellResult& cell,
                     const InjectedCounts& injected) {
  return judge_selftest(what, cell, injected, kFloor).mismatch;
}

TEST(SelftestCases, EveryStrategyMeetsEveryFaultOnce) {
  for (const bool quick : {false, true}) {
    std::set<std::string> strategies;
    std::set<std::string> faults;
    const auto cases = selftest_cases(quick);
    for (const auto& what : cases) {
      strategies.insert(what.strategy().strategy);
      faults.insert(what.fault);
    }
    EXPECT_EQ(strategies.size(), 4U);
    EXPECT_EQ(faults.size(), 6U);
    EXPECT_EQ(cases.size(), quick ? 24U : 36U);
  }
}

TEST(SelftestCases, TheServerUnderstandsWhatIsInjected) {
  for (const auto& what : selftest_cases(false)) {
    servers::Injection injection;
    EXPECT_TRUE(servers::add_injection(what.inject, injection).has_value()) << what.inject;
  }
}

// The planned time of all cells, with 0.4 s each to start a server, connect and end.
TEST(SelftestCases, TheWholeIsBoundedInTime) {
  for (const bool quick : {false, true}) {
    Nanos sum{};
    for (const auto& what : selftest_cases(quick)) {
      const auto& phases = what.scenario.phases;
      const bool waits = what.fault == "loss";  // the drain ends early but for what never comes
      sum += phases.ramp + phases.measure + milliseconds(400) +
             (waits ? what.scenario.drain_of(what.strategy()) : Nanos(0));
    }
    EXPECT_LT(sum, std::chrono::seconds(quick ? 30 : 90));
  }
}

TEST(SelftestCases, CountsMustBeExact) {
  const auto what = find("websocket", "loss");
  auto cell = clean();
  cell.counters[Counter::kLost] = 130;
  cell.counters[Counter::kDelivered] = 840;
  EXPECT_EQ(mismatch(what, cell, {{"lose", 13}}), "");
  cell.counters[Counter::kLost] = 129;
  EXPECT_THAT(mismatch(what, cell, {{"lose", 13}}), HasSubstr("129 lost instead of 130"));
  EXPECT_THAT(mismatch(what, cell, {{"lose", 12}}), HasSubstr("12 injected instead of 13"));
}

TEST(SelftestCases, AFaultThatWasNotInjectedMustNotBeReported) {
  const auto what = find("streaming/sse", "reordering");
  auto cell = clean();
  cell.counters[Counter::kReordered] = 130;
  EXPECT_EQ(mismatch(what, cell, {{"reorder", 13}}), "");
  cell.counters[Counter::kDuplicate] = 1;
  EXPECT_THAT(mismatch(what, cell, {{"reorder", 13}}), HasSubstr("1 duplicate instead of 0"));
}

TEST(SelftestCases, ADelayMustBeSeenWithinTheFloorAndAMillisecond) {
  const auto what = find("streaming/chunked", "delay");
  const auto judged = [&](Nanos latency) {
    auto cell = clean();
    for (int i = 0; i < 970; ++i) {
      cell.latency.record(latency);
    }
    return mismatch(what, cell, {{"delay", 97}});
  };
  EXPECT_EQ(judged(milliseconds(50) + microseconds(300)), "");
  EXPECT_THAT(judged(milliseconds(52)), HasSubstr("p50 52.0 ms is not within 50.0 ms and 51.2 ms"));
  EXPECT_THAT(judged(milliseconds(49)), HasSubstr("not within"));
}

TEST(SelftestCases, APollerWaitsHalfItsIntervalOnTop) {
  const auto what = find("polling", "delay");
  auto cell = clean();
  for (int i = 0; i < 970; ++i) {
    cell.latency.record(milliseconds(50) + microseconds(100 + 103 * i));
  }
  EXPECT_EQ(mismatch(what, cell, {{"delay", 97}}), "");
}

TEST(SelftestCases, AStallMustShowItsMaximumAndItsTail) {
  const auto what = find("long-polling", "stall");
  const auto judged = [&](double stall_ms) {
    auto cell = clean();
    cell.counters[Counter::kPublished] = 146;
    cell.counters[Counter::kExpected] = cell.counters[Counter::kDelivered] = 1460;
    for (int event = 0; event < 146; ++event) {
      const double wait = std::max(0.5, stall_ms - event * 1000.0 / 97);
      for (int client = 0; client < 10; ++client) {
        cell.latency.record(microseconds(static_cast<int>(wait * 1000)));
      }
    }
    return mismatch(what, cell, {{"stall", 1}});
  };
  EXPECT_EQ(judged(500), "");
  EXPECT_THAT(judged(450), HasSubstr("max "));
  EXPECT_THAT(judged(560), HasSubstr("p99 "));
}

TEST(SelftestCases, ATruncationIsACutByResetThatLosesNothing) {
  const auto what = find("websocket", "truncation");
  auto cell = clean();
  cell.counters[Counter::kSocketsCut] = 30;
  cell.counters[Counter::kReconnects] = 30;
  cell.cut_faults[static_cast<std::size_t>(Fault::kReset)] = 30;
  const InjectedCounts injected{{"truncate", 3}, {"cut", 30}};
  EXPECT_EQ(mismatch(what, cell, injected), "");
  cell.cut_faults[static_cast<std::size_t>(Fault::kReset)] = 29;
  EXPECT_THAT(mismatch(what, cell, injected), HasSubstr("29 cut by reset instead of 30"));
  cell.cut_faults[static_cast<std::size_t>(Fault::kReset)] = 30;
  EXPECT_THAT(mismatch(what, cell, {{"truncate", 3}, {"cut", 29}}),
              HasSubstr("29 injected cuts instead of 30"));
}

}  // namespace
}  // namespace pushbench::app
