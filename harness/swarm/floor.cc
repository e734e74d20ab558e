#include "harness/swarm/floor.h"

#include "harness/base/time.h"
#include "harness/plan/event_plan.h"
#include "harness/swarm/thread_cost.h"
#include "harness/swarm/worker.h"
#include "harness/wire/stamp.h"
#include "harness/wire/websocket.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <poll.h>

#include <exception>
#include <thread>
#include <vector>

namespace pushbench::swarm {
namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr auto kAwaitFloor = asio::as_tuple(asio::deferred);
constexpr Nanos kConnectBound = milliseconds(500);
constexpr Nanos kArriveBound = milliseconds(500);  // behind the last due instant
constexpr std::size_t kMaxHandshake = 4096;
constexpr std::string_view kKeyField = "Sec-WebSocket-Key: ";

plan::Scenario floor_scenario() {
  plan::Scenario scenario;
  scenario.name = "floor";
  scenario.clients = kFloorClients;
  scenario.events.rate_per_s = kFloorRate;
  scenario.events.arrival = plan::Arrival::kConstant;
  scenario.phases = {.ramp = Nanos(0),
                     .warmup = milliseconds(30),
                     .measure = milliseconds(310),
                     .drain = milliseconds(10)};
  scenario.strategies = {plan::StrategySpec{.strategy = "websocket"}};
  return scenario;
}

void ignore(const std::exception_ptr&) {}

// Accepts, shakes hands, writes each event when it falls due. One thread, no queue: a frame that
// the kernel does not take whole is given up, and the floor with it.
class Peer {
 public:
  Peer() : acceptor_(context_) {}
  ~Peer() {
    context_.stop();
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  error_code listen() {
    error_code ec;
    const tcp::endpoint any_port(asio::ip::address_v4::loopback(), 0);
    acceptor_.open(any_port.protocol(), ec);
    if (!ec) {
      acceptor_.bind(any_port, ec);
    }
    if (!ec) {
      acceptor_.listen(static_cast<int>(kFloorClients), ec);
    }
    return ec;
  }
  tcp::endpoint address() const { return acceptor_.local_endpoint(); }
  void launch(const std::vector<int>& cpus) {
    asio::co_spawn(context_, accept(), ignore);
    thread_ = std::thread([this, cpus] {
      name_this_thread("pb-floor");
      pin_this_thread(cpus);
      prefer_short_waits();
      context_.run();
    });
  }
  void begin(const plan::Scenario& scenario, std::uint32_t run_tag, TimePoint start) {
    asio::post(context_, [this, &scenario, run_tag, start] {
      asio::co_spawn(context_, send(&scenario, run_tag, start), ignore);
    });
  }

 private:
  Task<void> accept() {
    while (sockets_.size() < kFloorClients) {
      auto [ec, socket] = co_await acceptor_.async_accept(kAwaitFloor);
      if (ec) {
        co_return;
      }
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      sockets_.push_back(std::move(socket));
      co_await shake_hands(sockets_.size() - 1);
    }
  }

  Task<void> shake_hands(std::size_t index) {
    std::string head;
    const auto [ec, size] = co_await asio::async_read_until(
        sockets_[index], asio::dynamic_buffer(head, kMaxHandshake), "\r\n\r\n", kAwaitFloor);
    const auto at = head.find(kKeyField);
    if (ec || at == std::string::npos) {
      co_return;
    }
    const auto key = at + kKeyField.size();
    const std::string answer = fmt::format(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: {}\r\nPushbench-Seq: 0\r\n\r\n",
        wire::websocket_accept(std::string_view(head).substr(key, head.find('\r', key) - key)));
    co_await asio::async_write(sockets_[index], asio::buffer(answer), kAwaitFloor);
    error_code ignored;
    sockets_[index].non_blocking(true, ignored);
  }

  Task<void> send(const plan::Scenario* scenario, std::uint32_t run_tag, TimePoint start) {
    AsioTime time(context_);
    const auto sleeper = time.make_sleeper();
    plan::EventPlan events(*scenario);
    std::string payload;
    std::string frame;
    while (const auto event = events.next()) {
      plan::write_payload(scenario->events.payload, *event, run_tag, payload);
      frame.clear();
      wire::append_frame(frame, wire::Opcode::kText, payload);
      co_await sleeper->until(start + event->due);
      for (auto& socket : sockets_) {
        error_code ec;
        socket.write_some(asio::buffer(frame), ec);
      }
    }
  }

  asio::io_context context_{1};
  // Between the last handshake and the first event there is nothing to do.
  asio::executor_work_guard<asio::io_context::executor_type> open_{context_.get_executor()};
  tcp::acceptor acceptor_;
  std::vector<tcp::socket> sockets_;
  std::thread thread_;
};

template <class Done>
bool await(Done done, Nanos bound) {
  const TimePoint until = steady_now() + bound;
  while (!done()) {
    if (steady_now() >= until) {
      return false;
    }
    poll(nullptr, 0, 1);
  }
  return true;
}

std::optional<result::Floor> floor_of(const Worker& worker, std::uint64_t expected) {
  result::CellResult cell;
  CellFigures figures;
  worker.recorder().merge_into(cell, figures);
  const auto received = cell.counters[result::Counter::kReceived];
  if (cell.counters[result::Counter::kDelivered] != expected || received == 0) {
    return std::nullopt;
  }
  return result::Floor{
      .latency_p50_ns = static_cast<std::uint64_t>(cell.latency.quantile(0.5).count()),
      .latency_p99_ns = static_cast<std::uint64_t>(cell.latency.quantile(0.99).count()),
      .cost_ns_per_delivery = worker.window_cost().cpu_ns / received};
}

std::optional<result::Floor> measure(const CellPlan& plan, Peer& peer) {
  const auto expected = plan.counts.measured * kFloorClients;
  Worker worker(plan, 0);
  worker.launch(steady_now());
  if (!await([&] { return worker.live().subscribed.load() == kFloorClients; }, kConnectBound)) {
    return std::nullopt;
  }
  Timeline timeline;
  timeline.cell_start = steady_now();
  timeline.publish_start = timeline.cell_start + milliseconds(5);
  timeline.warmup = plan.scenario.phases.warmup;
  timeline.measure = plan.scenario.phases.measure;
  timeline.started = true;
  worker.begin(timeline);
  peer.begin(plan.scenario, plan.run_tag, timeline.publish_start);
  const TimePoint closes = timeline.publish_start + timeline.warmup + timeline.measure;
  await([&] { return steady_now() > closes + milliseconds(1); }, kConnectBound);
  await([&] { return worker.live().delivered.load() >= expected; }, kArriveBound);
  worker.stop();
  worker.join();
  return floor_of(worker, expected);
}

std::optional<result::Floor> measure_once(bool pin) {
  Peer peer;
  if (peer.listen()) {
    return std::nullopt;
  }
  auto cpus = pin ? allowed_cpus() : std::vector<int>();
  std::vector<int> peer_cpus = cpus;
  if (cpus.size() >= 2) {  // as a cell does with its own server
    peer_cpus = {cpus.front()};
    cpus.erase(cpus.begin());
  }
  const plan::Scenario scenario = floor_scenario();
  transport::Endpoint endpoint;
  endpoint.address = peer.address();
  endpoint.host = fmt::format("127.0.0.1:{}", peer.address().port());
  const CellPlan plan{.scenario = scenario,
                      .cell = scenario.strategies.front(),
                      .endpoint = endpoint,
                      .dialect = *transport::find_dialect("native"),
                      .limits = {},
                      .sources = {},
                      .counts = plan::count_events(scenario),
                      .run_tag = wire::random_mask() & wire::kMaxRunTag,
                      .topic_prefix = "t",
                      .workers = 1,
                      .cpus = cpus};
  peer.launch(peer_cpus);
  return measure(plan, peer);
}

}  // namespace

std::optional<result::Floor> measure_floor(bool pin) {
  std::optional<result::Floor> floor;
  for (int i = 0; i < kFloorTries && !floor; ++i) {
    floor = measure_once(pin);
  }
  return floor;
}

}  // namespace pushbench::swarm
