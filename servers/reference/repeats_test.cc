#include "servers/reference/repeats.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

namespace pushbench::servers {
namespace {

constexpr LogBounds kSmallLog{4, 1000};

std::string request_of(std::uint64_t after, std::string_view more = "") {
  return "GET /poll/a-topic?after=" + std::to_string(after) +
         " HTTP/1.1\r\nHost: push.example:8080\r\n" + std::string(more) + "\r\n";
}

class RepeatsTest : public testing::Test {
 protected:
  RepeatsTest() { topic_.log().append("text", kSmallLog); }

  Repeat answer_to(const std::string& request) {
    return {.request = request, .topic = &topic_, .newest = 1, .second = 100, .answer = "answer"};
  }

  Topic topic_{"a-topic"};
  Repeats repeats_;
};

TEST_F(RepeatsTest, FindsTheSameBytesAlsoWithMoreBehindThem) {
  repeats_.keep(answer_to(request_of(0)));
  ASSERT_NE(repeats_.find(request_of(0), 100), nullptr);
  EXPECT_EQ(repeats_.find(request_of(0) + request_of(1), 100)->request, request_of(0));
  EXPECT_EQ(repeats_.find(request_of(1), 100), nullptr);
  EXPECT_EQ(repeats_.find(request_of(0, "Cookie: a=b\r\n"), 100), nullptr);
}

TEST_F(RepeatsTest, AHeadThatIsNotWholeYetIsUnknown) {
  repeats_.keep(answer_to(request_of(0)));
  const std::string request = request_of(0);
  for (std::size_t size = 0; size < request.size(); ++size) {
    EXPECT_EQ(repeats_.find(request.substr(0, size), 100), nullptr) << size;
  }
}

TEST_F(RepeatsTest, AnEventOrTheNextSecondEndsAnAnswer) {
  repeats_.keep(answer_to(request_of(0)));
  EXPECT_EQ(repeats_.find(request_of(0), 101), nullptr);
  topic_.log().append("more", kSmallLog);
  EXPECT_EQ(repeats_.find(request_of(0), 100), nullptr);
}

TEST_F(RepeatsTest, AHoldHasNoDate) {
  repeats_.keep({.request = request_of(1), .topic = &topic_, .newest = 1, .hold = Millis(5000)});
  ASSERT_NE(repeats_.find(request_of(1), 999), nullptr);
  EXPECT_EQ(repeats_.find(request_of(1), 999)->hold, Millis(5000));
}

TEST_F(RepeatsTest, KeepsNothingBeyondItsBounds) {
  auto repeat = answer_to(request_of(0));
  repeat.newest = 0;  // a topic without events may go
  repeats_.keep(repeat);
  EXPECT_EQ(repeats_.find(request_of(0), 100), nullptr);
  repeat = answer_to(request_of(0));
  repeat.answer.assign(Repeats::kAnswerMost + 1, 'a');
  repeats_.keep(repeat);
  EXPECT_EQ(repeats_.find(request_of(0), 100), nullptr);
  const auto large = request_of(0, "A: " + std::string(Repeats::kRequestMost, 'a') + "\r\n");
  repeats_.keep(answer_to(large));
  EXPECT_EQ(repeats_.find(large, 100), nullptr);
  const std::string small = "GET /poll/t HTTP/1.1\r\nHost: h\r\n\r\n";
  repeats_.keep(answer_to(small));
  EXPECT_EQ(repeats_.find(small, 100), nullptr);
}

TEST_F(RepeatsTest, ManyClientsWithNumbersOfTheirOwnShareThePlaces) {
  for (std::uint64_t i = 0; i < 1000; ++i) {
    repeats_.keep(answer_to(request_of(i)));
  }
  std::size_t known = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    known += repeats_.find(request_of(i), 100) != nullptr ? 1U : 0U;
  }
  EXPECT_GT(known, Repeats::kPlaces / 2);
  EXPECT_LE(known, Repeats::kPlaces);
}

// What follows goes over the wire: a second client's request is the first one's, byte for byte.
std::string poll(std::string_view how, std::string_view more = "") {
  return "GET /poll/a-topic-of-some-length" + std::string(how) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string(more) + "\r\n";
}

class RepeatedPolls : public testing::Test {
 protected:
  void SetUp() override { publish(); }
  void publish() { publisher_.ask(post("/publish/a-topic-of-some-length", "text")); }
  std::uint64_t deliveries() { return server_.metrics().deliveries[0]; }

  TestServer server_;
  Peer publisher_{server_.port()};
  Peer first_{server_.port()};
  Peer second_{server_.port()};
};

TEST_F(RepeatedPolls, AreAnsweredAndCountedAsTheFirst) {
  for (const auto& request : {poll("?after=0"), poll("?after=1"), poll(""),
                              poll("", "If-None-Match: \"1\"\r\n"), poll("?after=latest")}) {
    const auto before = server_.metrics();
    const std::string answer = first_.ask(request);
    const auto between = server_.metrics();
    EXPECT_EQ(second_.ask(request), answer) << request;
    const auto after = server_.metrics();
    EXPECT_EQ(after.deliveries, [&] {
      auto expected = between.deliveries;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        expected[i] += between.deliveries[i] - before.deliveries[i];
      }
      return expected;
    }()) << request;
  }
}

TEST_F(RepeatedPolls, SeeAnEventAtOnce) {
  const auto none = first_.ask(poll("?after=1"));
  EXPECT_EQ(second_.ask(poll("?after=1")), none);
  publish();
  EXPECT_NE(second_.ask(poll("?after=1")).find("\"seq\":2"), std::string::npos);
  const auto both = first_.ask(poll(""));
  EXPECT_NE(both.find("\"seq\":2"), std::string::npos);
  EXPECT_EQ(second_.ask(poll("")), both);
}

TEST_F(RepeatedPolls, KeepTheirOrderWhenTheyComeTogether) {
  const auto one = first_.ask(poll("?after=0"));
  EXPECT_EQ(second_.ask(poll("?after=0") + poll("?after=0")), one);
  EXPECT_EQ(second_.ask(""), one);
}

TEST_F(RepeatedPolls, AreRefusedWhatTheFirstWasNotAsked) {
  first_.ask(poll("?after=0"));
  EXPECT_NE(second_.ask(poll("?after=0", "Origin: http://elsewhere.example\r\n")).find(" 403 "),
            std::string::npos);
  EXPECT_NE(second_.ask(poll("?after=0", "Connection: close\r\n")).find("Connection: close"),
            std::string::npos);
}

}  // namespace
}  // namespace pushbench::servers
