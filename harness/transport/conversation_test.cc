#include "harness/transport/conversation.h"

#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <vector>

namespace pushbench::transport {
namespace {

RigOptions asking() {
  return {strategy_of("long-polling"), 5, {}, 16 * 1024};
}

TEST(Ask, ConnectsOnceAndTellsEveryRequest) {
  Rig rig(asking(), {{expect_head(), expect_head(), silence()}});
  for (std::size_t asked = 1; asked <= 2; ++asked) {
    rig.run(ask(*rig.subscription, {}));
    EXPECT_EQ(rig.result, error_code());
    EXPECT_EQ(rig.sink.opened, 1U);
    EXPECT_EQ(rig.sink.asked, asked);
    EXPECT_EQ(rig.sink.requests, asked);
    EXPECT_TRUE(rig.subscription->asked);
    rig.subscription->asked = false;  // as an answer would
  }
  rig.settle();
  EXPECT_EQ(rig.got().size(), 2 * rig.subscription->request_size);
  rig.subscription->finish({});
}

TEST(Ask, OnlyPatienceSetsADeadlineOfItsOwn) {
  for (const bool patient : {true, false}) {
    Rig rig(asking(), {{expect_head(), silence()}});
    Question question;
    if (patient) {
      question.patience = std::chrono::seconds(77);
    }
    rig.run(ask(*rig.subscription, question));
    EXPECT_EQ(rig.subscription->deadline - rig.time.now(),
              patient ? *question.patience : rig.options.limits.connect_timeout);
    rig.subscription->finish({});
  }
}

TEST(Ask, AKeyMakesTheRequestAnUpgrade) {
  Rig rig({strategy_of("websocket"), 5, {}, 16 * 1024}, {{expect_head(), silence()}});
  rig.run(ask(*rig.subscription, {.patience = {}, .websocket_key = "dGhlIHNhbXBsZSBub25jZQ=="}));
  rig.settle();
  EXPECT_NE(rig.got().find("\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
            std::string::npos)
      << rig.got();
  rig.subscription->finish({});
}

TEST(Ask, WhoCannotConnectAsksNothing) {
  Rig rig(asking(), {{silence()}});
  rig.peer->stop();
  rig.settle();
  rig.run(ask(*rig.subscription, {}));
  EXPECT_EQ(fault_of(*rig.result), Fault::kRefused);
  EXPECT_EQ(rig.sink.asked, 0U);
}

struct Course {
  bool owes = false;  // bytes, so that every wait is one for room as well
  int waits = 0;
  std::vector<bool> ends;
};
Course course;

// One byte answers a question.
class OneByte final : public Talk {
 public:
  explicit OneByte(Subscription& s) : Talk(s) {}
  error_code pump() {
    Subscription& s = subscription();
    error_code ec;
    answered_ = !s.read(ec).empty();
    s.asked = !answered_;
    s.settle({}, true);
    return ec == asio::error::would_block ? error_code() : ec;
  }
  bool answered() const noexcept { return answered_; }
  static bool owes_bytes() noexcept { return course.owes; }
  Task<error_code> wait() {
    ++course.waits;
    return Talk::wait();
  }
  static void end(bool answered) { course.ends.push_back(answered); }

 private:
  bool answered_ = false;
};

TEST(Converse, AsksAnewWhenAnsweredAndEndsWithTheConnection) {
  for (const bool owes : {false, true}) {
    course = {.owes = owes, .waits = 0, .ends = {}};
    Rig rig(asking(),
            {{expect_head(), send("x"), expect_head(), send("x"), expect_head(), close_now()}});
    rig.spawn(converse<OneByte>(*rig.subscription), rig.result);
    ASSERT_TRUE(rig.ended());
    EXPECT_EQ(*rig.result, asio::error::eof);
    EXPECT_EQ(rig.sink.opened, 1U);
    EXPECT_EQ(rig.sink.requests, 3U);
    EXPECT_EQ(rig.sink.down.total(), 2U);
    EXPECT_EQ(course.ends, (std::vector{true, true, false}));
    if (owes) {
      EXPECT_GE(course.waits, 3) << "each() cannot wait for room";
    }
  }
}

TEST(Converse, StoppedBeforeItBeginsItAsksNothing) {
  course = {};
  Rig rig(asking(), {{silence()}});
  rig.subscription->stop();
  rig.run(converse<OneByte>(*rig.subscription));
  EXPECT_EQ(rig.result, error_code());
  EXPECT_EQ(rig.sink.opened, 0U);
  EXPECT_TRUE(course.ends.empty());
}

}  // namespace
}  // namespace pushbench::transport
