#include "harness/swarm/cell_observer.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <ctime>
#include <string>
#include <vector>

namespace pushbench::swarm {
namespace {

using asio::ip::tcp;
using result::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;

class CellObserverTest : public ::testing::Test {
 protected:
  CellObserver::Subject subject(std::optional<int> pid) const {
    return {.address = acceptor_.local_endpoint(), .pid = pid, .clients = Census::Net{127, 204}};
  }
  // Closed by its server first, which keeps the TIME_WAIT.
  void end_one() {
    tcp::socket client(context_);
    client.open(tcp::v4());
    client.bind({asio::ip::make_address_v4("127.204.0.9"), 0});
    client.connect(acceptor_.local_endpoint());
    acceptor_.accept().close();
    char byte = 0;
    boost::system::error_code ec;
    client.read_some(asio::buffer(&byte, 1), ec);
  }
  // 20 ms of processor time, however busy the machine is.
  void burn() {
    const std::clock_t until = std::clock() + CLOCKS_PER_SEC / 50;
    while (std::clock() < until) {
      ++sum_;
    }
  }

  asio::io_context context_{1};
  tcp::acceptor acceptor_{context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)};
  result::CellResult result_;
  CellObserver observer_{result_};
  std::uint64_t sum_ = 0;
  TimePoint start_ = steady_now();
};

TEST_F(CellObserverTest, AServerThatNobodyCanLookIntoHasNoCost) {
  observer_.watch(subject(std::nullopt));
  observer_.begin(start_);
  observer_.window_opens(start_);
  observer_.look(start_ + seconds(1));
  observer_.window_closes(start_ + seconds(2));
  EXPECT_FALSE(result_.server);
  EXPECT_TRUE(result_.series.server_cpu_share.empty());
  EXPECT_EQ(observer_.seconds(), 1U);
  EXPECT_DOUBLE_EQ(result_.measure_s, 2);
}

TEST_F(CellObserverTest, TheServersTimeAndMemoryAreThoseOfTheWindow) {
  observer_.watch(subject(getpid()));
  observer_.begin(start_);
  observer_.connected(7);
  observer_.window_opens(start_);
  burn();
  observer_.look(start_ + milliseconds(500));
  observer_.look(start_ + milliseconds(1001));
  burn();
  observer_.look(start_ + milliseconds(2001));
  observer_.window_closes(start_ + seconds(2));
  ASSERT_TRUE(result_.server);
  EXPECT_EQ(result_.server->connections, 7U);
  EXPECT_GT(result_.server->memory_base_bytes, 0U);
  EXPECT_GT(result_.server->cpu_ns, 10'000'000U);
  ASSERT_EQ(result_.series.server_cpu_share.size(), 2U);
  EXPECT_TRUE(std::isnan(result_.series.server_cpu_share[0]));  // nothing to subtract from yet
  EXPECT_GT(result_.series.server_cpu_share[1], 0.01);
  EXPECT_EQ(result_.series.server_memory_bytes.size(), 2U);
}

TEST_F(CellObserverTest, TheCensusHasItsPeakAndAPointASecond) {
  observer_.watch(subject(std::nullopt));
  observer_.begin(start_);
  observer_.look(start_ + milliseconds(100));
  EXPECT_EQ(result_.counters[Counter::kTimeWaitPeak], 0U);
  end_one();
  end_one();
  observer_.look(start_ + milliseconds(200));
  EXPECT_EQ(result_.counters[Counter::kTimeWaitPeak], 2U);
  EXPECT_TRUE(result_.series.time_wait.empty());
  observer_.look(start_ + milliseconds(1000));
  EXPECT_EQ(result_.series.time_wait, std::vector<double>{2});
}

}  // namespace
}  // namespace pushbench::swarm
