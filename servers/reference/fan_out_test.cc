#include "servers/reference/fan_out.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace pushbench::servers {
namespace {

constexpr std::string_view kFanOutDate = "Sat, 21 Nov 2026 01:43:00 GMT";

// Nobody waits when polling.
std::vector<std::size_t> rows_with_events() {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < strategies().size(); ++row) {
    if (strategies()[row].frame != nullptr) {
      rows.push_back(row);
    }
  }
  return rows;
}

TEST(FanOut, FramesOncePerStrategyAndReachesAll) {
  Topic topic("t");
  const auto rows = rows_with_events();
  std::vector<Subscriber> subscribers(2 * rows.size() + 1);
  for (std::size_t i = 0; i < subscribers.size(); ++i) {
    topic.add(subscribers[i], rows[i % rows.size()]);
  }
  std::string scratch;
  wire::Deflater deflater;
  FanOutBuffers buffers;
  std::map<const Subscriber*, std::string> got;
  fan_out(topic, {7, "hello", kFanOutDate, scratch, deflater}, buffers,
          [&](Subscriber& subscriber, std::string_view bytes, const Strategy&) {
            EXPECT_TRUE(got.emplace(&subscriber, bytes).second);
          });
  ASSERT_EQ(got.size(), subscribers.size());
  for (const Subscriber& subscriber : subscribers) {
    const Strategy& strategy = strategies()[subscriber.row];
    const bool readable = got[&subscriber].find("hello") != std::string::npos;
    EXPECT_NE(readable, strategy.compressed) << strategy.name;
    EXPECT_EQ(subscriber.listed, !strategy.once) << strategy.name;
  }
}

TEST(FanOut, DeliverMayRemoveTheOneItWasGiven) {
  Topic topic("t");
  std::vector<Subscriber> subscribers(100);
  for (Subscriber& subscriber : subscribers) {
    topic.add(subscriber, 4);
  }
  std::string scratch;
  wire::Deflater deflater;
  FanOutBuffers buffers;
  std::size_t served = 0;
  fan_out(topic, {1, "x", kFanOutDate, scratch, deflater}, buffers,
          [&](Subscriber& subscriber, std::string_view, const Strategy&) {
            if (++served % 3 == 0) {
              topic.remove(subscriber);
            }
          });
  EXPECT_EQ(served, 100U);
  EXPECT_EQ(topic.list(4).size(), 67U);
}

TEST(FanOut, WhoWaitsAgainIsServedByTheNextEventOnly) {
  Topic topic("t");
  std::vector<Subscriber> subscribers(3);
  for (Subscriber& subscriber : subscribers) {
    topic.add(subscriber, 1);
  }
  std::string scratch;
  wire::Deflater deflater;
  FanOutBuffers buffers;
  std::size_t served = 0;
  const auto deliver = [&](Subscriber& subscriber, std::string_view, const Strategy& strategy) {
    ASSERT_TRUE(strategy.once);
    ++served;
    topic.add(subscriber, 1);
  };
  fan_out(topic, {1, "x", kFanOutDate, scratch, deflater}, buffers, deliver);
  EXPECT_EQ(served, 3U);
  fan_out(topic, {2, "x", kFanOutDate, scratch, deflater}, buffers, deliver);
  EXPECT_EQ(served, 6U);
}

TEST(FanOut, GatheredEventsReachStreamsAsOne) {
  Topic topic("t");
  const auto rows = rows_with_events();
  std::vector<Subscriber> subscribers(rows.size());
  for (std::size_t i = 0; i < subscribers.size(); ++i) {
    topic.add(subscribers[i], rows[i]);
  }
  std::string scratch;
  wire::Deflater deflater;
  FanOutBuffers buffers;
  Gathered gathered;
  std::size_t at_once = 0;
  for (std::uint64_t seq = 1; seq <= 2; ++seq) {
    const Event event{seq, seq == 1 ? "first" : "second", kFanOutDate, scratch, deflater};
    EXPECT_GT(gather(topic, event, gathered), event.text.size());
    fan_out(
        topic, event, buffers,
        [&](Subscriber&, std::string_view, const Strategy& strategy) {
          EXPECT_TRUE(strategy.once) << strategy.name;
          ++at_once;
        },
        Audience::kThoseServedOnce);
  }
  EXPECT_EQ(at_once, 2U);  // the long-polls, once each
  std::size_t served = 0;
  fan_out(topic, gathered, [&](Subscriber& subscriber, std::string_view bytes, std::uint32_t n) {
    const Strategy& strategy = strategies()[subscriber.row];
    EXPECT_FALSE(strategy.once) << strategy.name;
    EXPECT_EQ(n, 2U);
    std::string expected;
    strategy.frame(expected, {1, "first", kFanOutDate, scratch, deflater});
    strategy.frame(expected, {2, "second", kFanOutDate, scratch, deflater});
    EXPECT_EQ(bytes, expected);
    ++served;
  });
  EXPECT_EQ(served, subscribers.size() - 2);
}

}  // namespace
}  // namespace pushbench::servers
