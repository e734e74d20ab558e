#include "servers/reference/fan_out.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

namespace pushbench::servers {
namespace {

constexpr std::string_view kFanOutDate = "Sat, 21 Nov 2026 01:43:00 GMT";

TEST(FanOut, FramesOncePerStrategyAndReachesAll) {
  Topic topic("t");
  std::vector<Subscriber> subscribers(15);
  for (std::size_t i = 0; i < subscribers.size(); ++i) {
    topic.add(subscribers[i], 1 + i % (strategies().size() - 1));  // nobody waits when polling
  }
  std::string scratch;
  FanOutBuffers buffers;
  std::map<const Subscriber*, std::string> got;
  fan_out(topic, {7, "hello", kFanOutDate, scratch}, buffers,
          [&](Subscriber& subscriber, std::string_view bytes, const Strategy&) {
            EXPECT_TRUE(got.emplace(&subscriber, bytes).second);
          });
  ASSERT_EQ(got.size(), subscribers.size());
  for (const Subscriber& subscriber : subscribers) {
    const Strategy& strategy = strategies()[subscriber.row];
    EXPECT_NE(got[&subscriber].find("hello"), std::string::npos);
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
  FanOutBuffers buffers;
  std::size_t served = 0;
  fan_out(topic, {1, "x", kFanOutDate, scratch}, buffers,
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
  FanOutBuffers buffers;
  std::size_t served = 0;
  const auto deliver = [&](Subscriber& subscriber, std::string_view, const Strategy& strategy) {
    ASSERT_TRUE(strategy.once);
    ++served;
    topic.add(subscriber, 1);
  };
  fan_out(topic, {1, "x", kFanOutDate, scratch}, buffers, deliver);
  EXPECT_EQ(served, 3U);
  fan_out(topic, {2, "x", kFanOutDate, scratch}, buffers, deliver);
  EXPECT_EQ(served, 6U);
}

}  // namespace
}  // namespace pushbench::servers
