#include "harness/result/example_result.h"

#include "harness/base/random.h"
#include "harness/result/thresholds.h"
#include "harness/result/validity.h"

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

void fill_histograms(CellResult& cell, const Shape& shape, std::uint64_t deliveries) {
  Random random(7, shape.name.size());
  const bool polling = shape.strategy.strategy == "polling";
  for (std::uint64_t i = 0; i < deliveries; ++i) {
    cell.latency.record(draw(random, shape.least_ns, shape.spread_ns, shape.tail_ns, polling));
  }
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
  counters[Counter::kUpstreamSent] = 1000;
  counters[Counter::kUpstreamAcked] = 1000;
  counters[Counter::kUpstreamBytesUp] = 1000 * (shape.requests == 0 ? 70 : 165);
  counters[Counter::kUpstreamBytesDown] = 1000 * (shape.requests == 0 ? 2 : 62);
}

void fill_audit(Counters& counters, const Shape& shape, std::uint64_t deliveries) {
  counters[Counter::kPublished] = deliveries / 20;
  counters[Counter::kExpected] = deliveries;
  counters[Counter::kDelivered] = deliveries;
  counters[Counter::kSocketsOpened] = shape.sockets;
  counters[Counter::kSocketsClosedWell] = shape.sockets;
  counters[Counter::kSocketsPeak] = shape.peak;
  counters[Counter::kTimeWaitPeak] = shape.time_wait;
}

Series make_series(const Shape& shape) {
  Series series;
  constexpr double kSeconds = 17;  // ramp 2, warm-up 3, measure 10, drain 2
  for (double at = 1; at <= kSeconds; ++at) {
    const bool published = at > 2 && at <= 15;
    const double up = std::min(1.0, at / 2);
    series.at_s.push_back(at);
    series.published_per_s.push_back(published ? 300 : 0);
    series.received_per_s.push_back(published ? 6000 : 0);
    series.sockets_open.push_back(at == kSeconds ? 0 : up * static_cast<double>(shape.peak));
    series.time_wait.push_back(static_cast<double>(shape.time_wait) * std::min(1.0, at / 16));
    series.server_cpu_share.push_back(
        at == 1 ? std::nan("") : (published ? 6e-6 * static_cast<double>(shape.server_cpu_ns) : 0));
    series.server_memory_bytes.push_back(6.5e6 +
                                         up * static_cast<double>(shape.peak * shape.memory));
    series.worst_latency_ns.push_back(
        published ? static_cast<double>(shape.spread_ns + shape.tail_ns / 4) : std::nan(""));
  }
  return series;
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
  cell.server = ServerCost{.cpu_ns = shape.server_cpu_ns * kDeliveries,
                           .memory_base_bytes = 6'500'000,
                           .memory_bytes = 6'500'000 + shape.memory * shape.peak,
                           .connections = shape.peak};
  cell.generator = {.workers = 1,
                    .worker_cpu_ns = 4'100 * kDeliveries,
                    .publisher_cpu_ns = 61'000'000,
                    .run_queue_wait_ns = 12'000'000};
  cell.series = make_series(shape);
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
  cut.counters[Counter::kSocketsCut] = 4;
  cut.counters[Counter::kSocketsClosedWell] -= 4;
  cut.faults[static_cast<std::size_t>(Fault::kReset)] = 3;
  cut.faults[static_cast<std::size_t>(Fault::kTimeout)] = 1;
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
