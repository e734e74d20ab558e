// Every strategy from publish to the last of 100 deliveries, our server and our clients on one
// thread of one process: what a change of either costs, without a second process in between. The
// time is from the write of the publish to the last delivery; bytes are those that clients
// received and sent, allocations those of operator new on both sides.
#include "harness/base/reactor.h"
#include "harness/transport/transport.h"
#include "servers/reference/server.h"

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <deque>
#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

namespace {
std::uint64_t allocations = 0;  // there is one thread
}

// Not inlined: g++ 12 would take malloc and free for a pair that does not belong together.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const place = std::malloc(size)) {
    return place;
  }
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* place) noexcept {
  std::free(place);
}
[[gnu::noinline]] void operator delete(void* place, std::size_t) noexcept {
  std::free(place);
}

namespace pushbench::e2e {
namespace {

using transport::DeliverySink;

constexpr std::size_t kBenchClients = 100;
constexpr std::size_t kEventBytes = 128;

class Tally final : public DeliverySink {
 public:
  void on_open() override {}
  void on_connect_failed(const error_code&) override { ++failures; }
  void on_close(const error_code&) override {}
  void on_socket_traffic(const transport::SocketTraffic&) override {}
  void on_subscribed(Nanos, TimePoint) override { ++subscribed; }
  void on_event(std::string_view, TimePoint) override { ++events; }
  void on_gap() override { ++failures; }
  void on_traffic(const wire::Traffic& delta) override {
    bytes += delta.up.total() + delta.down.total();
  }
  void on_spelling(const transport::Spelling&) override {}
  void on_ask() override {}
  void on_request(std::uint32_t) override { ++requests; }
  void on_answer(const transport::Answer&) override {}
  void on_stream_head(std::uint32_t) override {}
  void on_request_failed(const error_code&) override { ++failures; }
  void on_skipped_poll() override {}
  void on_upstream_sent(const wire::ByteTally&) override {}
  void on_upstream_acked(Nanos, const wire::ByteTally&) override {}

  std::uint64_t subscribed = 0, events = 0, requests = 0, bytes = 0, failures = 0;
};

// A server with its clients.
class House {
 public:
  explicit House(const plan::StrategySpec& spec) : spec_(spec), server_(reactor_, {}) {
    const auto port = server_.listen();
    if (!port) {
      throw std::runtime_error(port.error().text);
    }
    endpoint_.address = {asio::ip::address_v4::loopback(), *port};
    endpoint_.host = fmt::format("127.0.0.1:{}", *port);
    open_publisher();
    for (std::size_t i = 0; i < kBenchClients; ++i) {
      auto& client = clients_.emplace_back(shared_, tally, "t", nullptr, 1, i);
      asio::co_spawn(context_, transport::find_transport(spec_.strategy)->subscribe(client),
                     [](const std::exception_ptr&, const error_code&) {});
    }
    // Who long-polls asks for its place first; with the second question it waits.
    const std::size_t questions = spec_.strategy == "long-polling" ? 2 : 0;
    reach([&] {
      return tally.subscribed == kBenchClients && tally.requests >= questions * kBenchClients;
    });
  }
  ~House() {
    for (auto& client : clients_) {
      client.stop();
    }
    for (int i = 0; i < kLastTurns; ++i) {
      reactor_.poll();
    }
    ::close(publisher_);
  }
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  void publish_and_deliver() {
    const std::uint64_t all = tally.events + kBenchClients;
    const std::uint64_t asked = tally.requests + kBenchClients;
    if (::send(publisher_, request_.data(), request_.size(), MSG_NOSIGNAL) < 0) {
      throw std::runtime_error("the publish was not taken");
    }
    reach([&] { return tally.events >= all; });
    delivered_ = steady_now();
    // Held polls are asked for again before the next event, or it would find nobody.
    if (spec_.strategy == "long-polling") {
      reach([&] { return tally.requests >= asked; });
    }
    std::array<char, 4096> answer;
    while (::recv(publisher_, answer.data(), answer.size(), MSG_DONTWAIT) > 0) {
    }
  }
  TimePoint delivered() const noexcept { return delivered_; }

  Tally tally;

 private:
  static constexpr int kLastTurns = 20;
  static constexpr Nanos kPatience{std::chrono::seconds(10)};

  template <class Reached>
  void reach(const Reached& reached) {
    const TimePoint until = steady_now() + kPatience;
    while (!reached()) {
      reactor_.poll();
      if (tally.failures > 0 || steady_now() > until) {
        throw std::runtime_error("clients failed or an event did not arrive");
      }
    }
  }
  void open_publisher() {
    publisher_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(publisher_, endpoint_.address.data(),
                  static_cast<socklen_t>(endpoint_.address.size())) != 0) {
      throw std::runtime_error("the publisher could not connect");
    }
    request_ = fmt::format("POST /publish/t HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n{}",
                           endpoint_.host, kEventBytes, std::string(kEventBytes, 'x'));
  }

  plan::StrategySpec spec_;
  asio::io_context context_{1};
  Reactor reactor_{context_};
  servers::Server server_;
  transport::Endpoint endpoint_;
  transport::Limits limits_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);
  std::string scratch_;
  transport::Shared shared_{context_,
                            reactor_,
                            endpoint_,
                            *transport::find_dialect("native"),
                            spec_,
                            limits_,
                            std::span<char>(buffer_),
                            scratch_,
                            nullptr,
                            &reactor_};
  std::deque<transport::Subscription> clients_;
  int publisher_ = -1;
  std::string request_;
  TimePoint delivered_{};
};

void deliver(benchmark::State& state, const plan::StrategySpec& spec) {
  House house(spec);
  house.publish_and_deliver();  // what is allocated once
  const Tally before = house.tally;
  const std::uint64_t allocated = allocations;
  for (auto _ : state) {
    const TimePoint began = steady_now();
    house.publish_and_deliver();
    state.SetIterationTime(seconds_of(house.delivered() - began));
  }
  const auto deliveries = static_cast<double>(house.tally.events - before.events);
  const auto each = [deliveries](std::uint64_t sum) {
    return static_cast<double>(sum) / deliveries;
  };
  state.counters["bytes_per_delivery"] = each(house.tally.bytes - before.bytes);
  state.counters["requests_per_delivery"] = each(house.tally.requests - before.requests);
  state.counters["allocations_per_delivery"] = each(allocations - allocated);
  state.SetItemsProcessed(static_cast<std::int64_t>(deliveries));
}

plan::StrategySpec bench_spec(std::string strategy, std::string encoding = "chunked") {
  plan::StrategySpec spec;
  spec.strategy = std::move(strategy);
  spec.encoding = std::move(encoding);
  spec.interval = Nanos(0);
  return spec;
}

BENCHMARK_CAPTURE(deliver, polling, bench_spec("polling"))->UseManualTime();
BENCHMARK_CAPTURE(deliver, long_polling, bench_spec("long-polling"))->UseManualTime();
BENCHMARK_CAPTURE(deliver, streaming_chunked, bench_spec("streaming"))->UseManualTime();
BENCHMARK_CAPTURE(deliver, streaming_sse, bench_spec("streaming", "sse"))->UseManualTime();
BENCHMARK_CAPTURE(deliver, websocket, bench_spec("websocket"))->UseManualTime();

}  // namespace
}  // namespace pushbench::e2e
