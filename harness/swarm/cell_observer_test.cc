#include "harness/swarm/cell_observer.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <gtest/gtest.h>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <ctime>
#include <string>
#include <vector>

namespace pushbench::swarm {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using result::Counter;
using std::chrono::milliseconds;
using std::chrono::seconds;

class CellObserverTest : public ::testing::Test {
 protected:
  CellObserver::Subject subject(std::optional<int> pid) const {
    return {.address = acceptor_.local_endpoint(), .pid = pid, .clients = Census::Net{127, 204}};
  }
  tcp::socket connect() {
    tcp::socket client(context_);
    client.open(tcp::v4());
    client.bind({asio::ip::make_address_v4("127.204.0.9"), 0});
    client.connect(acceptor_.local_endpoint());
    accepted_ = acceptor_.accept();
    return client;
  }
  // Closed by its server first, which keeps the TIME_WAIT.
  void end_one() {
    tcp::socket client = connect();
    accepted_.close();
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
  tcp::socket accepted_{context_};
  result::CellResult result_;
  CellObserver observer_{result_};
  std::uint64_t sum_ = 0;
  TimePoint start_ = steady_now();
};

TEST_F(CellObserverTest, AServerThatNobodyCanLookIntoHasNoCost) {
  observer_.watch(subject(std::nullopt));
  observer_.begin(start_);
  observer_.window_opens(start_, {});
  observer_.look(start_ + seconds(1));
  observer_.window_closes(start_ + seconds(2), {});
  EXPECT_FALSE(result_.server);
  EXPECT_TRUE(result_.series.server_cpu_share.empty());
  EXPECT_EQ(observer_.seconds(), 1U);
  EXPECT_DOUBLE_EQ(result_.measure_s, 2);
}

TEST_F(CellObserverTest, TheServersTimeAndMemoryAreThoseOfTheWindow) {
  observer_.watch(subject(getpid()));
  observer_.begin(start_);
  observer_.connected(7);
  observer_.window_opens(start_, {});
  burn();
  observer_.look(start_ + milliseconds(500));
  observer_.look(start_ + milliseconds(1001));
  burn();
  observer_.look(start_ + milliseconds(2001));
  observer_.window_closes(start_ + seconds(2), {});
  ASSERT_TRUE(result_.server);
  EXPECT_GT(result_.server->kernel_base_bytes, 0U);
  EXPECT_EQ(result_.server->connections, 7U);
  EXPECT_GT(result_.server->memory_base_bytes, 0U);
  EXPECT_GT(result_.server->cpu_ns, 10'000'000U);
  ASSERT_EQ(result_.series.server_cpu_share.size(), 2U);
  EXPECT_TRUE(std::isnan(result_.series.server_cpu_share[0]));  // nothing to subtract from yet
  EXPECT_GT(result_.series.server_cpu_share[1], 0.01);
  EXPECT_EQ(result_.series.server_memory_bytes.size(), 2U);
}

// Sockets of other tests may leave TIME_WAIT meanwhile, which blurs it, and take memory as well.
TEST_F(CellObserverTest, WhatTheKernelTookForTheSocketsIsTold) {
  constexpr int kTries = 100;
  constexpr int kPairs = 1000;
  constexpr std::uint64_t kLeast = std::uint64_t{kPairs} * 500;
  constexpr std::uint64_t kMost = std::uint64_t{kPairs} * 20'000;
  std::uint64_t growth = 0;
  bool plausible = false;
  for (int i = 0; i < kTries && !plausible; ++i) {
    observer_.watch(subject(getpid()));
    std::vector<std::array<asio::local::stream_protocol::socket, 2>> pairs;
    for (int pair = 0; pair < kPairs; ++pair) {
      pairs.push_back({asio::local::stream_protocol::socket(context_),
                       asio::local::stream_protocol::socket(context_)});
      asio::local::connect_pair(pairs.back()[0], pairs.back()[1]);
    }
    observer_.connected(2 * kPairs);
    const auto& server = *result_.server;
    growth = server.kernel_bytes > 0 ? server.kernel_bytes - server.kernel_base_bytes : 0;
    plausible = growth > kLeast && growth < kMost;
    poll(nullptr, 0, plausible ? 0 : 20);
  }
  EXPECT_GT(growth, kLeast);
  EXPECT_LT(growth, kMost);
}

TEST_F(CellObserverTest, ALookIsDueEveryTenthOfASecond) {
  observer_.watch(subject(std::nullopt));
  observer_.begin(start_);
  EXPECT_TRUE(observer_.is_due(start_, 0));
  observer_.look(start_);
  EXPECT_FALSE(observer_.is_due(start_ + milliseconds(99), 0));
  EXPECT_TRUE(observer_.is_due(start_ + milliseconds(100), 0));
}

TEST_F(CellObserverTest, SlicesOfTheWindowSayWhatADeliveryCosts) {
  observer_.watch(subject(getpid()));
  observer_.begin(start_);
  const auto look = [this](int slice) {
    burn();
    observer_.is_due(start_ + slice * CellObserver::kSlice,
                     static_cast<std::uint64_t>(slice) * 1000);
  };
  look(1);
  observer_.window_opens(start_ + CellObserver::kSlice, {});
  for (int slice = 2; slice < 44; ++slice) {
    look(slice);
  }
  observer_.window_closes(start_ + seconds(2), {});
  ASSERT_TRUE(result_.server);
  const double mean = static_cast<double>(result_.server->cpu_ns) / 42'000;
  const auto quiet = static_cast<double>(result_.server->quiet_cpu_ps_per_delivery) / 1000;
  EXPECT_GT(quiet, 0);
  EXPECT_LT(quiet, 2 * mean);
}

TEST_F(CellObserverTest, TheCensusHasItsPeakAndAPointASecond) {
  observer_.watch(subject(std::nullopt));
  observer_.begin(start_);
  end_one();
  observer_.look(start_ + milliseconds(900));
  EXPECT_TRUE(result_.series.time_wait.empty());
  observer_.look(start_ + milliseconds(1000));
  end_one();
  const tcp::socket open = connect();
  observer_.look(start_ + milliseconds(2000));
  EXPECT_EQ(result_.counters[Counter::kTimeWaitPeak], 2U);
  EXPECT_EQ(result_.series.time_wait, (std::vector<double>{1, 2}));
  EXPECT_EQ(result_.series.server_time_wait, (std::vector<double>{1, 2}));
  EXPECT_EQ(result_.series.clients_time_wait, (std::vector<double>{0, 0}));
  EXPECT_EQ(result_.series.clients_established, (std::vector<double>{0, 1}));
  EXPECT_EQ(result_.series.socket_memory_bytes.size(), 2U);
}

TEST_F(CellObserverTest, AnEndThatWasNeverSeenHasNoSeries) {
  observer_.watch(subject(std::nullopt));
  observer_.begin(start_);
  observer_.look(start_ + seconds(1));
  EXPECT_EQ(result_.series.clients_established, std::vector<double>{0});
  EXPECT_TRUE(result_.series.server_established.empty());
}

TEST_F(CellObserverTest, TheKernelCountsTheWindow) {
  observer_.watch(subject(std::nullopt));
  observer_.begin(start_);
  tcp::socket client = connect();
  client.set_option(tcp::no_delay(true));
  const auto send = [&](std::size_t size) {
    client.send(asio::buffer(std::vector<char>(size)));
    accepted_.wait(tcp::socket::wait_read);
    std::vector<char> into(size);
    accepted_.receive(asio::buffer(into));
  };
  send(70);
  observer_.window_opens(start_, {});
  send(500);
  observer_.window_closes(start_ + seconds(1), {});
  ASSERT_TRUE(result_.kernel_clients);
  EXPECT_EQ(result_.kernel_clients->segments_out, 1U);
  EXPECT_EQ(result_.kernel_clients->bytes_out, 500U);
  EXPECT_EQ(result_.kernel_clients->ip_out_bytes, 552U);
  ASSERT_TRUE(result_.kernel_server);
  EXPECT_EQ(result_.kernel_server->ip_in_bytes, 552U);
  EXPECT_EQ(observer_.in_force().count("clients_congestion_control"), 1U);
  EXPECT_EQ(observer_.in_force().count("server_segment_bytes"), 1U);
}

// The server's end of a connection that closed is gone, and its counts with it.
TEST_F(CellObserverTest, WhereConnectionsCloseOnlyTheClientsEndIsKnown) {
  observer_.watch(subject(std::nullopt));
  observer_.begin(start_);
  const tcp::socket stays = connect();
  const tcp::socket server_end = std::move(accepted_);
  tcp::socket client = connect();
  observer_.window_opens(start_, {});
  const auto told =
      transport::traffic_until_closed(*transport::read_tcp_info(client.native_handle()), false);
  client.close();
  accepted_.close();
  observer_.window_closes(start_ + seconds(1), told);
  ASSERT_TRUE(result_.kernel_clients);
  EXPECT_EQ(result_.kernel_clients->segments_out, 2U);  // FIN, acknowledgement of the other FIN
  EXPECT_EQ(result_.kernel_clients->segments_in, 1U);
  EXPECT_FALSE(result_.kernel_server);
}

TEST_F(CellObserverTest, AProcessThatEndedIsNoticed) {
  observer_.watch(subject(getpid()));
  EXPECT_FALSE(observer_.process_gone());
  const pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  CellObserver other(result_);
  other.watch(subject(child));
  EXPECT_FALSE(other.process_gone());
  kill(child, SIGKILL);
  siginfo_t info;
  waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);  // a zombie counts as ended
  EXPECT_TRUE(other.process_gone());
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(other.process_gone());
}

}  // namespace
}  // namespace pushbench::swarm
