#include "harness/transport/stream.h"

#include "harness/base/fault.h"
#include "harness/transport/test_rig.h"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>

namespace pushbench::transport {
namespace {

const asio::ip::address kAnySource;

// Whoever watches the socket, io_context or reactor, it looks the same from above.
class StreamTest : public testing::TestWithParam<bool> {
 protected:
  explicit StreamTest(Script script = {silence()})
      : rig_({strategy_of("polling"), {}, {}, 1024}, {std::move(script)}),
        stream_(rig_.context, nullptr, GetParam() ? &rig_.reactor : nullptr) {}
  error_code connect(const asio::ip::address& source = kAnySource) {
    rig_.run(stream_.connect(rig_.endpoint, source));
    return *rig_.result;
  }
  Rig rig_;
  Stream stream_;
};

TEST_P(StreamTest, SegmentsAreAsLongAsOnANetworkUnlessTold) {
  ASSERT_EQ(connect(), error_code());
  EXPECT_EQ(read_tcp_info(stream_.descriptor())->data_per_segment, kEthernetMss - 12);
  stream_.close();
  EXPECT_EQ(stream_.local_port(), 0);
  rig_.endpoint.mss = 0;
  ASSERT_EQ(connect(), error_code());
  EXPECT_GT(read_tcp_info(stream_.descriptor())->data_per_segment, 10'000U);  // loopback's own
  EXPECT_NE(stream_.local_port(), 0);
}

TEST_P(StreamTest, ConnectsFromTheSourceItIsGiven) {
  const auto source = asio::ip::make_address("127.0.0.7");
  ASSERT_EQ(connect(source), error_code());
  EXPECT_TRUE(stream_.is_open());
  EXPECT_EQ(stream_.quiet(), error_code());
  stream_.close();
  EXPECT_FALSE(stream_.is_open());
}

TEST_P(StreamTest, RefusedKeepsItsErrno) {
  rig_.peer->stop();
  EXPECT_EQ(fault_of(connect()), Fault::kRefused);
  EXPECT_FALSE(stream_.is_open());
}

TEST_P(StreamTest, AnAddressThatIsNotOursIsNoPorts) {
  EXPECT_EQ(fault_of(connect(asio::ip::make_address("192.0.2.1"))), Fault::kNoPorts);
  EXPECT_FALSE(stream_.is_open());
}

// Starved for the connect alone: the test's own machinery needs descriptors too.
Task<error_code> connect_without_descriptors(Stream& stream, const Endpoint& to) {
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;
  ::setrlimit(RLIMIT_NOFILE, &none);
  const error_code ec = co_await stream.connect(to, kAnySource);
  ::setrlimit(RLIMIT_NOFILE, &before);
  co_return ec;
}

TEST_P(StreamTest, NoDescriptorsLeftIsItsOwnFault) {
  rig_.run(connect_without_descriptors(stream_, rig_.endpoint));
  EXPECT_EQ(fault_of(*rig_.result), Fault::kNoDescriptors) << rig_.result->message();
  EXPECT_FALSE(stream_.is_open());
}

TEST_P(StreamTest, ExpireEndsAWaitAndTheNextOneUntilArmed) {
  ASSERT_EQ(connect(), error_code());
  stream_.expire();
  rig_.run(stream_.readable());
  EXPECT_EQ(*rig_.result, Errc::kTimeout);
  stream_.arm();
  rig_.run(stream_.writable());
  EXPECT_EQ(*rig_.result, error_code());
}

TEST_P(StreamTest, WritesMoreThanTheKernelHolds) {
  ASSERT_EQ(connect(), error_code());
  const std::string bytes(8 * 1024 * 1024, 'x');
  rig_.run(stream_.write(bytes));
  EXPECT_EQ(*rig_.result, error_code());
  EXPECT_EQ(stream_.written(), bytes.size());
  EXPECT_TRUE(rig_.until([this, &bytes] { return rig_.got().size() == bytes.size(); }));
}

TEST_P(StreamTest, BurstsAreNotPaced) {
  const auto words = [](const char* path) {
    std::ifstream file(path);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const std::string offered = words("/proc/sys/net/ipv4/tcp_available_congestion_control");
  const std::string kept = words("/proc/sys/net/ipv4/tcp_congestion_control");
  const bool has_it = offered.find("cubic") != std::string::npos;
  const std::string expected = has_it ? "cubic" : kept.substr(0, kept.find('\n'));
  ASSERT_EQ(connect(), error_code());
  std::array<char, 32> name{};
  socklen_t size = name.size();
  ASSERT_EQ(::getsockopt(stream_.descriptor(), IPPROTO_TCP, TCP_CONGESTION, name.data(), &size), 0);
  EXPECT_EQ(std::string(name.data()), expected);
}

// With the kernel's buffer full only what the peer says ends the wait; expire() does so too.
class TalkingPeer : public StreamTest {
 protected:
  TalkingPeer() : StreamTest({expect_head(), send("hello"), expect_head()}) {}
};

TEST_P(TalkingPeer, EitherEndsTheWaitForBoth) {
  ASSERT_EQ(connect(), error_code());
  rig_.run(stream_.readable_or_writable());  // there is room
  EXPECT_EQ(*rig_.result, error_code());
  rig_.run(stream_.write("GET / HTTP/1.1\r\n\r\n"));
  rig_.run(stream_.readable());
  std::array<char, 16> into{};
  error_code ec;
  EXPECT_EQ(stream_.read_some(into, ec), 5U);
  std::optional<error_code> waited;
  const std::string bytes(16 * 1024, 'x');
  while (!ec) {  // nobody reads meanwhile: the loop of the peer is this one
    stream_.write_some(bytes, ec);
  }
  EXPECT_EQ(ec, asio::error::would_block);
  rig_.spawn(stream_.readable_or_writable(), waited);
  stream_.expire();
  EXPECT_TRUE(rig_.until([&] { return waited.has_value(); }));
}

class ClosingPeer : public StreamTest {
 protected:
  ClosingPeer() : StreamTest({send("hello"), close_now()}) {}
};

TEST_P(ClosingPeer, UnaskedBytesAndEndOfStreamAreSeenWithoutReading) {
  ASSERT_EQ(connect(), error_code());
  rig_.run(stream_.readable());
  EXPECT_EQ(stream_.quiet(), Errc::kBadHead);
  std::array<char, 16> into{};
  error_code ec;
  EXPECT_EQ(stream_.read_some(into, ec), 5U);
  rig_.run(stream_.readable());
  EXPECT_EQ(stream_.quiet(), asio::error::eof);
  EXPECT_EQ(stream_.read_some(into, ec), 0U);
  EXPECT_EQ(ec, asio::error::eof);
}

constexpr auto kWatcher = [](const testing::TestParamInfo<bool>& by_reactor) {
  return std::string(by_reactor.param ? "Reactor" : "IoContext");
};
INSTANTIATE_TEST_SUITE_P(By, StreamTest, testing::Bool(), kWatcher);
INSTANTIATE_TEST_SUITE_P(By, TalkingPeer, testing::Bool(), kWatcher);
INSTANTIATE_TEST_SUITE_P(By, ClosingPeer, testing::Bool(), kWatcher);

}  // namespace
}  // namespace pushbench::transport
