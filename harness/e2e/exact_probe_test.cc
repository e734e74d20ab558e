// The lock-step probe of a cell against the real server, for every strategy: the same counts each
// time, and to the byte what the closed forms say of exchanges that are known.
#include "harness/swarm/exact_probe.h"

#include "harness/model/exchange_bytes.h"
#include "servers/reference/server.h"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <string>

namespace pushbench::e2e {
namespace {

using swarm::ExactCounts;

constexpr double kEvents = swarm::kProbeEvents;
constexpr double kSize = swarm::kProbePayload;

plan::StrategySpec strategy(const std::string& name, const std::string& encoding = "chunked") {
  plan::StrategySpec spec;
  spec.strategy = name;
  spec.encoding = encoding;
  return spec;
}

// Of a fresh server.
ExactCounts probe(const plan::StrategySpec& cell, double& host_length) {
  asio::io_context context(1);
  Reactor reactor(context);
  servers::Server server(reactor, {});
  const auto port = server.listen();
  EXPECT_TRUE(port);
  const transport::Endpoint endpoint{.address = {asio::ip::address_v4::loopback(), *port},
                                     .host = "127.0.0.1:" + std::to_string(*port),
                                     .prefix = ""};
  host_length = static_cast<double>(endpoint.host.size());
  std::optional<ExactCounts> out;
  auto probing = swarm::probe_exactly(context, endpoint, *transport::find_dialect("native"), cell,
                                      std::string(swarm::kProbeTopic));
  asio::co_spawn(context, std::move(probing),
                 [&](const std::exception_ptr& thrown, ExactCounts counts) {
                   EXPECT_FALSE(thrown);
                   out = std::move(counts);
                   server.stop();
                 });
  const TimePoint until = steady_now() + std::chrono::seconds(20);
  while (!reactor.stopped() && steady_now() < until) {
    reactor.poll();  // the probe's sockets are the context's
  }
  EXPECT_TRUE(out);
  return out.value_or(ExactCounts());
}

// The exchanges that the probe makes, from its description.
model::Exchanges known(const plan::StrategySpec& cell) {
  model::Exchanges out;
  out.event_payload = kEvents * kSize;
  if (cell.strategy == "websocket") {
    out.opened = out.opened_digits = 1;
    out.event_framing = kEvents * model::websocket_framing(kSize, false);
  } else if (cell.strategy == "streaming") {
    out.opened = out.opened_digits = 1;
    out.event_framing = kEvents * (cell.encoding == "sse" ? model::sse_framing(kSize, 1)
                                                          : model::chunked_framing(kSize, 1, 0));
  } else {
    out.first_questions = 1;
    out.requests = out.request_digits = kEvents + 1;
    out.empty_answers = out.empty_digits = cell.strategy == "polling" ? 2 : 1;
    out.full_answers = out.full_digits = kEvents;
    out.length_digits = 2 * kEvents;
    out.event_framing = kEvents * model::line_framing(1, 0);
  }
  return out;
}

void expect_exact(const plan::StrategySpec& cell) {
  model::Place place;
  place.topic = static_cast<double>(swarm::kProbeTopic.size());
  const ExactCounts first = probe(cell, place.host);
  ASSERT_FALSE(first.empty()) << cell.cell_name();
  const model::Exchanges exchanges = known(cell);
  const model::Bytes bytes = model::bytes_of(cell, place, exchanges);
  EXPECT_EQ(first.at("head_up_bytes"), bytes.head_up) << cell.cell_name();
  EXPECT_EQ(first.at("framing_up_bytes"), bytes.framing_up) << cell.cell_name();
  EXPECT_EQ(first.at("payload_up_bytes"), 0U) << cell.cell_name();
  EXPECT_EQ(first.at("head_down_bytes"), bytes.head_down) << cell.cell_name();
  EXPECT_EQ(first.at("framing_down_bytes"), bytes.framing_down) << cell.cell_name();
  EXPECT_EQ(first.at("payload_down_bytes"), bytes.payload_down) << cell.cell_name();
  EXPECT_EQ(first.at("events"), kEvents);
  EXPECT_EQ(first.at("requests"),
            exchanges.first_questions + exchanges.requests + exchanges.opened);
  EXPECT_EQ(first.at("empty_answers"), exchanges.empty_answers);
  EXPECT_EQ(first.at("answers"), exchanges.empty_answers + exchanges.full_answers);
  EXPECT_EQ(first.at("sockets_opened"), cell.new_connection ? kEvents + 2 : 1);
  for (int i = 0; i < 3; ++i) {
    model::Place again;
    EXPECT_EQ(probe(cell, again.host), first) << cell.cell_name();
    EXPECT_EQ(again.host, place.host);
  }
}

TEST(ExactProbe, Polling) {
  expect_exact(strategy("polling"));
  auto slow = strategy("polling");
  slow.interval = std::chrono::minutes(10);  // no clock is waited for
  slow.jitter = 0.5;
  expect_exact(slow);
  auto at_once = strategy("polling");
  at_once.interval = Nanos(0);
  expect_exact(at_once);
}

TEST(ExactProbe, PollingWithNewConnections) {
  auto fresh = strategy("polling");
  fresh.new_connection = true;
  expect_exact(fresh);
}

TEST(ExactProbe, LongPolling) {
  expect_exact(strategy("long-polling"));
}

TEST(ExactProbe, Streaming) {
  expect_exact(strategy("streaming", "chunked"));
  expect_exact(strategy("streaming", "sse"));
}

TEST(ExactProbe, WebSocket) {
  expect_exact(strategy("websocket"));
}

}  // namespace
}  // namespace pushbench::e2e
