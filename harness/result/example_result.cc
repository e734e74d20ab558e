#include "harness/result/example_result.h"

#include "harness/base/random.h"
#include "harness/result/thresholds.h"
#include "harness/result/validity.h"
#include "harness/stats/latency_over_time.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace pushbench::result {
namespace {

using namespace std::chrono_literals;  // NOLINT(google-build-using-namespace): literals only
using stats::Nanos;

constexpr std::uint32_t kClients = 1000;
constexpr std::uint64_t kEvents = 3000;        // in the measure window
constexpr std::uint64_t kDeliveries = 60'000;  // 20 clients in each of 50 rooms
constexpr std::uint64_t kMeasureSeconds = 10;
constexpr std::uint64_t kPayload = 128;

// What makes one strategy's figures differ from another's.
struct Shape {
  plan::StrategySpec strategy;
  std::string name;
  std::int64_t least_ns, spread_ns, tail_ns;  // latency
  std::uint64_t requests, empty_polls;
  std::uint64_t head_up, head_down;  // bytes per request and answer
  std::uint64_t framing;             // bytes per delivery
  std::uint64_t sockets, peak, time_wait;
  std::uint64_t server_cpu_ns, memory;  // per delivery, per connection
};

plan::StrategySpec spec(std::string strategy) {
  plan::StrategySpec out;
  out.strategy = std::move(strategy);
  return out;
}

std::vector<Shape> shapes() {
  auto fresh = spec("polling");
  fresh.new_connection = true;
  auto sse = spec("streaming");
  sse.encoding = "sse";
  return {
      {spec("polling"), "polling/interval=1s", 300'000, 998'000'000, 4'000'000, 10'000, 720, 73,
       168, 29, 1000, 1000, 0, 9'800, 10'700},
      {fresh, "polling/interval=1s,new-connection", 500'000, 998'000'000, 9'000'000, 10'000, 720,
       92, 187, 29, 17'000, 61, 15'940, 31'400, 11'200},
      {spec("long-polling"), "long-polling/hold=25s", 280'000, 1'900'000, 14'000'000, 57'800, 0, 86,
       168, 29, 1000, 1000, 0, 24'600, 12'900},
      {spec("streaming"), "streaming/chunked", 210'000, 900'000, 6'200'000, 0, 0, 0, 0, 35, 1000,
       1000, 0, 6'150, 9'100},
      {sse, "streaming/sse", 215'000, 910'000, 6'400'000, 0, 0, 0, 0, 25, 1000, 1000, 0, 6'240,
       9'100},
      {spec("websocket"), "websocket", 195'000, 880'000, 5'900'000, 0, 0, 0, 0, 4, 1000, 1000, 0,
       5'870, 8'700},
  };
}

// Most values near the least one, one in 200 far out.
Nanos draw(Random& random, std::int64_t least, std::int64_t spread, std::int64_t tail, bool even) {
  const double u = random.uniform();
  double value = static_cast<double>(least);
  value += static_cast<double>(spread) * (even ? u : u * u * u);
  if (random.below(200) == 0) {
    value += static_cast<double>(tail) * random.uniform() * random.uniform();
  }
  return Nanos{static_cast<std::int64_t>(value)};
}

void fill_latency(CellResult& cell, const Shape& shape, std::uint64_t deliveries, Random& random) {
  const bool polling = shape.strategy.strategy == "polling";
  for (std::uint64_t i = 0; i < deliveries; ++i) {
    const auto latency = draw(random, shape.least_ns, shape.spread_ns, shape.tail_ns, polling);
    cell.latency.record(latency);
    cell.latency_from_sent.record(latency - Nanos{shape.least_ns / 8});
  }
}

Random draws_of(const Shape& shape) {
  return Random(7, shape.name.size());
}

void fill_histograms(CellResult& cell, const Shape& shape, std::uint64_t deliveries) {
  auto random = draws_of(shape);
  fill_latency(cell, shape, deliveries, random);
  for (std::uint64_t i = 0; i < kClients; ++i) {
    cell.setup.record(draw(random, 180'000, 700'000, 3'000'000, false));
  }
  for (std::uint64_t i = 0; i < cell.events_measured; ++i) {
    cell.publisher_lag.record(draw(random, 20'000, 90'000, 800'000, false));
    cell.publish_ack.record(draw(random, 120'000, 400'000, 2'000'000, false));
    cell.loop_lag.record(draw(random, 30'000, 120'000, 700'000, false));
  }
  for (std::uint64_t i = 0; i < cell.counters[Counter::kUpstreamAcked]; ++i) {
    cell.upstream_ack.record(draw(random, 150'000, 500'000, 2'000'000, false));
  }
}

void fill_traffic(Counters& counters, const Shape& shape, std::uint64_t deliveries) {
  counters[Counter::kReceived] = deliveries;
  counters[Counter::kRequests] = shape.requests;
  counters[Counter::kAnswers] = shape.requests;
  counters[Counter::kEmptyPolls] = shape.empty_polls;
  counters[Counter::kHeadUp] = shape.requests * shape.head_up;
  counters[Counter::kHeadDown] = shape.requests * shape.head_down;
  counters[Counter::kFramingDown] = deliveries * shape.framing;
  counters[Counter::kPayloadDown] = deliveries * kPayload;
  counters[Counter::kEmptyPollBytes] = shape.empty_polls * (shape.head_up + shape.head_down);
  counters[Counter::kHeartbeats] = shape.requests == 0 ? kClients : 0;
  counters[Counter::kHeartbeatBytes] = 8 * counters[Counter::kHeartbeats];
  counters[Counter::kChunks] = shape.requests == 0 ? deliveries + kClients : 0;
  counters[Counter::kUpstreamSent] = 1000;
  counters[Counter::kUpstreamAcked] = 1000;
  counters[Counter::kUpstreamBytesUp] = 1000 * (shape.requests == 0 ? 70 : 165);
  counters[Counter::kUpstreamBytesDown] = 1000 * (shape.requests == 0 ? 2 : 62);
}

void fill_audit(Counters& counters, const Shape& shape, std::uint64_t deliveries) {
  counters[Counter::kPublished] = deliveries / 20;
  counters[Counter::kExpected] = deliveries;
  counters[Counter::kDelivered] = deliveries;
  counters[Counter::kRequestsSent] = shape.requests + kClients;
  counters[Counter::kRequestsAnswered] = shape.requests + kClients;
  counters[Counter::kSocketsOpened] = shape.sockets;
  counters[Counter::kSocketsClosedWell] = shape.sockets;
  counters[Counter::kSocketsPeak] = shape.peak;
  counters[Counter::kTimeWaitPeak] = shape.time_wait;
}

void put_census(Series& series, double open) {
  series.clients_established.push_back(open);
  series.clients_time_wait.push_back(0);
  series.clients_close_wait.push_back(0);
  series.clients_queue_bytes.push_back(0);
  series.server_established.push_back(open);
  series.server_time_wait.push_back(0);
  series.server_close_wait.push_back(0);
  series.server_queue_bytes.push_back(open * 3);
  series.socket_memory_bytes.push_back(open * 40);
}

Series make_series(const Shape& shape) {
  Series series;
  constexpr int kSeconds = 17;  // ramp 2, warm-up 3, measure 10, drain 2
  for (int second = 1; second <= kSeconds; ++second) {
    const double at = second;
    const bool published = at > 2 && at <= 15;
    const double up = std::min(1.0, at / 2);
    series.at_s.push_back(at);
    series.offered_per_s.push_back(published ? 300 : 0);
    series.published_per_s.push_back(published ? 300 : 0);
    series.received_per_s.push_back(published ? 6000 : 0);
    series.sockets_open.push_back(second == kSeconds ? 0 : up * static_cast<double>(shape.peak));
    series.time_wait.push_back(static_cast<double>(shape.time_wait) * std::min(1.0, at / 16));
    series.server_cpu_share.push_back(
        second == 1 ? std::nan("")
                    : (published ? 6e-6 * static_cast<double>(shape.server_cpu_ns) : 0));
    series.server_memory_bytes.push_back(6.5e6 +
                                         up * static_cast<double>(shape.peak * shape.memory));
    series.mean_latency_ns.push_back(published ? static_cast<double>(shape.spread_ns) / 2
                                               : std::nan(""));
    put_census(series, published ? up * static_cast<double>(shape.peak) : 0);
    series.worst_latency_ns.push_back(published ? static_cast<double>(shape.spread_ns) +
                                                      static_cast<double>(shape.tail_ns) / 4
                                                : std::nan(""));
  }
  return series;
}

// Each second like the others, and one in which everything waited.
LatencyColumns make_columns(const Shape& shape, const Series& series) {
  constexpr std::uint64_t kDraws = 500;
  constexpr double kStalled = 9;
  constexpr Nanos kStall{150'000'000};
  LatencyColumns out;
  auto random = draws_of(shape);
  for (std::size_t i = 0; i < series.at_s.size(); ++i) {
    auto& column = out.columns.emplace_back(stats::kColumnShape);
    const auto times = static_cast<std::uint64_t>(series.received_per_s[i]) / kDraws;
    for (std::uint64_t n = 0; times > 0 && n < kDraws; ++n) {
      const auto latency = draw(random, shape.least_ns, shape.spread_ns, shape.tail_ns, false);
      column.record(latency + (series.at_s[i] == kStalled ? kStall : Nanos{}), times);
    }
  }
  return out;
}

// One segment with data and one acknowledgement for each message, heads of 52 bytes.
void fill_kernel(CellResult& cell, const Shape& shape) {
  const std::uint64_t answers = std::max(shape.requests, kDeliveries);
  const std::uint64_t up = shape.requests * shape.head_up;
  const std::uint64_t down = kDeliveries * (kPayload + shape.framing);
  cell.kernel_clients = KernelTraffic{.segments_out = shape.requests + answers,
                                      .segments_in = answers,
                                      .bytes_out = up,
                                      .bytes_in = down,
                                      .ip_out_bytes = up + 52 * (shape.requests + answers),
                                      .ip_in_bytes = down + 52 * answers,
                                      .retransmitted = 0,
                                      .rtt_mean_ns = 61'000};
  cell.kernel_server = KernelTraffic{.segments_out = cell.kernel_clients->segments_in,
                                     .segments_in = cell.kernel_clients->segments_out,
                                     .bytes_out = down,
                                     .bytes_in = up,
                                     .ip_out_bytes = cell.kernel_clients->ip_in_bytes,
                                     .ip_in_bytes = cell.kernel_clients->ip_out_bytes,
                                     .retransmitted = 0,
                                     .rtt_mean_ns = 58'000};
}

// How the clients fared against each other, and the figures that closed forms give.
void fill_fairness(CellResult& cell, const Shape& shape) {
  Random random(11, shape.name.size());
  for (std::uint64_t i = 0; i < kClients; ++i) {
    const auto median = shape.least_ns + shape.spread_ns / 4;
    cell.client_p50.record(draw(random, median, median / 10, 0, true));
    cell.client_p99.record(draw(random, shape.spread_ns, shape.tail_ns / 8, 0, true));
  }
  for (std::uint64_t i = 0; i < kEvents; ++i) {
    cell.fan_out_spread.record(draw(random, shape.least_ns / 2, shape.spread_ns, 0, true));
  }
  for (std::uint64_t tenth = 0; tenth < 10; ++tenth) {
    cell.connect_order.push_back({.clients = kClients / 10,
                                  .mean_ns = static_cast<double>(shape.spread_ns) *
                                             (0.5 + 0.002 * static_cast<double>(tenth))});
  }
  const double heads = static_cast<double>(shape.requests * (shape.head_up + shape.head_down));
  const double each =
      static_cast<double>(kPayload + shape.framing) + heads / static_cast<double>(kDeliveries);
  const bool polling = shape.strategy.strategy == "polling";
  const double wait = polling ? 500e6 : 0;
  cell.predicted = {
      {"latency_mean_ns", {.mean = wait, .low = 0.99 * wait, .high = 1.01 * wait}},
      {"bytes_per_delivery", {.mean = each, .low = 0.98 * each, .high = 1.02 * each}}};
  cell.unexplained_bytes = 0;
  cell.exact = {{"head_down_bytes", shape.head_down}, {"framing_down_bytes", shape.framing}};
}

CellResult make_cell(const Shape& shape) {
  CellResult cell;
  cell.name = shape.name;
  cell.strategy = shape.strategy;
  cell.clients = kClients;
  cell.measure_s = kMeasureSeconds;
  cell.events_measured = kEvents;
  cell.finished = true;
  fill_traffic(cell.counters, shape, kDeliveries);
  fill_audit(cell.counters, shape, kDeliveries);
  fill_histograms(cell, shape, kDeliveries);
  fill_fairness(cell, shape);
  cell.server = ServerCost{.cpu_ns = shape.server_cpu_ns * kDeliveries,
                           .memory_base_bytes = 6'500'000,
                           .memory_bytes = 6'500'000 + shape.memory * shape.peak,
                           .connections = shape.peak,
                           .user_ticks = shape.server_cpu_ns * kDeliveries / 30'000'000,
                           .system_ticks = shape.server_cpu_ns * kDeliveries / 10'000'000,
                           .voluntary_switches = kDeliveries / 4,
                           .involuntary_switches = 120,
                           .kernel_base_bytes = 91'000'000,
                           .kernel_bytes = 91'000'000 + 7'600 * shape.peak,
                           .publish_cpu_ns = 15'300,
                           .quiet_cpu_ps_per_delivery = 940 * shape.server_cpu_ns};
  fill_kernel(cell, shape);
  cell.generator = {.workers = 1,
                    .worker_cpu_ns = 4'100 * kDeliveries,
                    .publisher_cpu_ns = 61'000'000,
                    .run_queue_wait_ns = 12'000'000,
                    .steal_share = 0.0005};
  cell.phases = {.warmup_s = 2.1, .measure_s = 5.1, .drain_s = 15.1, .end_s = 15.6};
  cell.series = make_series(shape);
  cell.latency_over_time = make_columns(shape, cell.series);
  return cell;
}

plan::Scenario make_scenario() {
  plan::Scenario scenario;
  scenario.name = "chat";
  scenario.about = "1,000 people in 50 rooms";
  scenario.origin = "scenarios/chat.yaml";
  scenario.text = "name: chat\nclients: 1000\ntopics: 50\nevents: {rate: 300/s, payload: 128B}\n";
  scenario.clients = kClients;
  scenario.topics = 50;
  scenario.events.rate_per_s = 300;
  scenario.upstream = plan::UpstreamSpec{.rate_per_s = 0.1, .payload = 64};
  scenario.phases = {.ramp = 2s, .warmup = 3s, .measure = 10s, .drain = 2s};
  for (const auto& shape : shapes()) {
    scenario.strategies.push_back(shape.strategy);
  }
  scenario.thresholds = {
      {.text = "latency.p99 < 20ms",
       .metric = "latency.p99",
       .op = plan::Threshold::Op::kLess,
       .limit = 20e6,
       .line = 12},
      {.text = "lost == 0",
       .metric = "lost",
       .op = plan::Threshold::Op::kEqual,
       .limit = 0,
       .line = 12},
  };
  scenario.seed = 1;
  scenario.late = 2s;
  return scenario;
}

void judge(RunResult& run) {
  judge_validity(run);
  const auto judged = judge_thresholds(run.scenario, run.cells);
  if (judged) {
    run.thresholds = *judged;
  }
}

}  // namespace

RunResult example_result() {
  RunResult run;
  run.tool_version = "0.1.0";
  run.tool_commit = "0123456789ab";
  run.tool_build = "Release g++ 12.2.0";
  run.started_utc = "2026-11-21T01:43:00Z";
  run.command = "pushbench run scenarios/chat.yaml --rate 300/s";
  run.scenario = make_scenario();
  run.server = "own";
  run.environment = {{"kernel", "Linux 6.1.0-18-amd64"},
                     {"cpu", "Example CPU @ 2.60GHz"},
                     {"cores", "2"},
                     {"memory_bytes", "25769803776"},
                     {"congestion_control", "cubic"},
                     {"tcp_tw_reuse", "2"},
                     {"clock_source", "tsc"}};
  run.floor = {.latency_p50_ns = 31'000, .latency_p99_ns = 74'000, .cost_ns_per_delivery = 3'900};
  for (const auto& shape : shapes()) {
    run.cells.push_back(make_cell(shape));
  }
  judge(run);
  return run;
}

RunResult doubtful_result() {
  RunResult run = example_result();
  run.partial = true;
  run.tool_build = "Debug g++ 12.2.0";
  run.server = "http://192.0.2.7:8080";
  run.cells.resize(3);
  for (auto& cell : run.cells) {
    cell.events_measured = 120;
    cell.server.reset();
  }
  auto& cut = run.cells.back();
  cut.finished = false;
  cut.repeat = 1;
  cut.counters[Counter::kLost] = 12;
  cut.counters[Counter::kDelivered] -= 12;
  cut.latency.clear();
  cut.latency_from_sent.clear();
  const auto shape = shapes()[2];
  auto random = draws_of(shape);
  fill_latency(cut, shape, cut.counters[Counter::kDelivered], random);
  cut.counters[Counter::kSocketsCut] = 4;
  cut.counters[Counter::kSocketsClosedWell] -= 4;
  cut.cut_faults[static_cast<std::size_t>(Fault::kReset)] = 3;
  cut.cut_faults[static_cast<std::size_t>(Fault::kTimeout)] = 1;
  judge(run);
  return run;
}

RunResult minimal_result() {
  RunResult run;
  run.scenario.strategies = {spec("websocket")};
  CellResult cell;
  cell.name = "websocket";
  cell.strategy = run.scenario.strategies.front();
  run.cells.push_back(cell);
  judge(run);
  return run;
}

}  // namespace pushbench::result
