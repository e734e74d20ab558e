#include "harness/transport/upgrade.h"

#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"

#include <gtest/gtest.h>

namespace pushbench::transport {
namespace {

// Plays `script` to a WebSocket client, until it gives up.
void refuse(Rig& rig) {
  rig.start();
  ASSERT_TRUE(rig.ended());
  rig.settle();
}

RigOptions upgrading() {
  return {strategy_of("websocket"), {}, {}, 16 * 1024};
}

TEST(Upgrade, IsChecked) {
  const std::string good = upgrade_answer();
  std::string wrong_key = good;
  wrong_key.replace(wrong_key.find("{accept}"), 8, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  std::string no_upgrade = good;
  no_upgrade.erase(no_upgrade.find("Upgrade: websocket\r\n"), 20);
  const std::vector<std::pair<std::string, Fault>> cases{
      {wrong_key, Fault::kBadHead},
      {no_upgrade, Fault::kBadHead},
      {http_answer("200 OK", "", "hello"), Fault::kHttpStatus},
      {http_answer("426 Upgrade Required", "", ""), Fault::kHttpStatus},
  };
  for (const auto& [answer, fault] : cases) {
    Rig rig(upgrading(), {{expect_head(), send(answer), silence()}});
    refuse(rig);
    EXPECT_EQ(fault_of(*rig.result), fault) << answer;
    EXPECT_TRUE(rig.sink.subscribed.empty());
    EXPECT_EQ(rig.sink.down.total(), rig.seen().sent);
    rig.finish();
  }
}

TEST(Upgrade, CutAnywhereIsNeverASubscription) {
  const std::string head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n";
  for (std::size_t n = 0; n < head.size(); n += 3) {
    Rig rig(upgrading(), {{expect_head(), send(head.substr(0, n)), close_now()}});
    refuse(rig);
    EXPECT_EQ(fault_of(*rig.result), Fault::kClosed) << n;
    EXPECT_TRUE(rig.sink.subscribed.empty());
    EXPECT_EQ(rig.sink.down.total(), n);
  }
}

}  // namespace
}  // namespace pushbench::transport
