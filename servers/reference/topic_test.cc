#include "servers/reference/topic.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::servers {
namespace {

constexpr LogBounds kRoomy{1000, 1'000'000};

TEST(EventLog, NumbersFromOneAndHoldsWhatFits) {
  EventLog log;
  EXPECT_EQ(log.newest(), 0U);
  EXPECT_EQ(log.oldest(), 0U);
  for (int i = 1; i <= 5; ++i) {
    EXPECT_EQ(log.append(std::to_string(i), {3, 1000}), static_cast<std::uint64_t>(i));
  }
  EXPECT_EQ(log.oldest(), 3U);
  EXPECT_EQ(log.newest(), 5U);
  EXPECT_EQ(log.at(3), "3");
  EXPECT_EQ(log.at(5), "5");
  EXPECT_EQ(log.bytes(), 3 + 3 * kEventOverhead);
}

TEST(EventLog, BytesAreBoundedButTheNewestEventIsAlwaysKept) {
  EventLog log;
  static constexpr LogBounds kBounds{100, 100 + 2 * kEventOverhead};
  log.append(std::string(60, 'a'), kBounds);
  log.append(std::string(40, 'b'), kBounds);
  EXPECT_EQ(log.size(), 2U);
  log.append("", kBounds);  // an empty event takes room too
  EXPECT_EQ(log.oldest(), 2U);
  log.append(std::string(100 + kEventOverhead, 'd'), kBounds);
  EXPECT_EQ(log.size(), 1U);
  EXPECT_EQ(log.bytes(), kBounds.bytes);
}

TEST(EventLog, GapRule) {
  EventLog log;
  EXPECT_TRUE(log.follows(0));
  EXPECT_FALSE(log.follows(1));  // from another life of the server
  for (int i = 0; i < 20; ++i) {
    log.append("x", {11, 10000});
  }
  ASSERT_EQ(log.oldest(), 10U);
  EXPECT_FALSE(log.follows(0));
  EXPECT_FALSE(log.follows(8));
  EXPECT_TRUE(log.follows(9));
  EXPECT_TRUE(log.follows(20));
  EXPECT_FALSE(log.follows(21));
  EXPECT_FALSE(log.follows(~std::uint64_t{0}));
}

TEST(Topic, RemovalKeepsPositionsRight) {
  Topic topic("t");
  std::array<Subscriber, 4> subscribers;
  for (auto& subscriber : subscribers) {
    topic.add(subscriber, 2);
  }
  topic.remove(subscribers[1]);
  EXPECT_FALSE(subscribers[1].listed);
  ASSERT_EQ(topic.list(2).size(), 3U);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(topic.list(2)[i]->position, i);
  }
  topic.remove(subscribers[3]);
  topic.remove(subscribers[0]);
  topic.remove(subscribers[2]);
  EXPECT_TRUE(topic.list(2).empty());
}

TEST(Topics, AreBoundedAndForgottenWhenNeverUsed) {
  Topics topics(2, kRoomy, 1'000'000);
  Topic* const a = topics.open("a");
  Topic* const b = topics.open("b");
  ASSERT_NE(a, nullptr);
  ASSERT_NE(b, nullptr);
  EXPECT_EQ(topics.open("a"), a);
  EXPECT_EQ(topics.open("c"), nullptr);
  EXPECT_EQ(topics.append(*a, "event"), 1U);
  topics.forget_if_unused(*a);
  EXPECT_EQ(topics.find("a"), a);
  b->pin();
  topics.forget_if_unused(*b);
  EXPECT_EQ(topics.find("b"), b);
  b->unpin();
  topics.forget_if_unused(*b);
  EXPECT_EQ(topics.find("b"), nullptr);
  EXPECT_NE(topics.open("c"), nullptr);
}

TEST(Topics, AllLogsTogetherAreBounded) {
  Topics topics(10, {100, 80 + kEventOverhead}, 100 + 2 * kEventOverhead);
  Topic* const a = topics.open("a");
  Topic* const b = topics.open("b");
  EXPECT_EQ(topics.append(*a, std::string(60, 'a')), 1U);
  EXPECT_EQ(topics.append(*b, std::string(30, 'b')), 1U);
  EXPECT_EQ(topics.append(*b, std::string(30, 'b')), 2U);  // pushes b's first event out
  EXPECT_EQ(b->log().oldest(), 2U);
  EXPECT_EQ(topics.append(*b, std::string(50, 'b')), 0U);
  EXPECT_EQ(b->log().newest(), 2U);
  EXPECT_EQ(topics.bytes(), 90 + 2 * kEventOverhead);
}

}  // namespace
}  // namespace pushbench::servers
