#include "harness/model/event_bytes.h"

#include "harness/model/exchange_bytes.h"
#include "harness/model/test_cell.h"
#include "harness/plan/event_plan.h"
#include "harness/wire/chunk.h"
#include "harness/wire/event_line.h"
#include "harness/wire/sse.h"
#include "harness/wire/websocket.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace pushbench::model {
namespace {

using Kind = plan::PayloadSpec::Kind;

struct Encoded {
  double payload = 0, line = 0, chunked = 0, sse = 0, websocket = 0;
};

// Publishes the scenario's own events and encodes them as the server does, all with number `seq`.
Encoded encode(const plan::PayloadSpec& payload, std::uint64_t seq, int events) {
  plan::Scenario scenario;
  scenario.events.payload = payload;
  scenario.events.rate_per_s = 1000;
  scenario.phases.warmup = {};
  scenario.phases.measure = std::chrono::seconds(1000);
  plan::EventPlan plan(scenario);
  Encoded out;
  std::string event;
  for (int i = 0; i < events; ++i) {
    plan::write_payload(payload, *plan.next(), 1, event);
    std::string line, chunk, sse, sse_chunk, frame;
    wire::append_event_line(line, seq, event);
    wire::append_chunk(chunk, line);
    wire::append_sse_event(sse, seq, event);
    wire::append_chunk(sse_chunk, sse);
    wire::append_frame(frame, wire::Opcode::kText, event);
    const auto size = static_cast<double>(event.size());
    out.payload += size / events;
    out.line += (static_cast<double>(line.size()) - size) / events;
    out.chunked += (static_cast<double>(chunk.size()) - size) / events;
    out.sse += (static_cast<double>(sse_chunk.size()) - size) / events;
    out.websocket += (static_cast<double>(frame.size()) - size) / events;
  }
  return out;
}

void expect_as_encoded(const plan::PayloadSpec& payload, int events, double tolerance) {
  const Encoded real = encode(payload, 321, events);
  const EventBytes model = event_bytes(payload, 3);
  EXPECT_NEAR(model.payload, real.payload, tolerance * real.payload);
  EXPECT_NEAR(model.line, real.line, tolerance * real.line);
  EXPECT_NEAR(model.chunked, real.chunked, tolerance * real.chunked);
  EXPECT_NEAR(model.sse, real.sse, tolerance * real.sse);
  EXPECT_NEAR(model.websocket, real.websocket, tolerance * real.websocket);
}

TEST(EventBytes, OfAFixedSizeAreExact) {
  for (const std::uint32_t size : {16U, 125U, 126U, 128U, 4000U, 65535U, 65536U}) {
    expect_as_encoded({.size = size}, 3, 1e-12);
    EXPECT_EQ(event_bytes({.size = size}, 3).payload_deviation, 0);
  }
}

TEST(EventBytes, OfALinesFileAreExactWithTheirEscapes) {
  plan::PayloadSpec payload;
  payload.kind = Kind::kFile;
  payload.lines = {R"(0123456789abcdef plain)", R"(0123456789abcdef "quoted" and \ back)",
                   std::string(300, 'y')};
  expect_as_encoded(payload, 30, 1e-12);
  EXPECT_EQ(event_bytes(payload, 3).payload_deviation, 0);
}

TEST(EventBytes, OfDrawnSizesAreTheirMean) {
  plan::PayloadSpec uniform;
  uniform.kind = Kind::kUniform;
  uniform.low = 20;
  uniform.high = 400;
  expect_as_encoded(uniform, 200'000, 0.005);
  EXPECT_NEAR(event_bytes(uniform, 3).payload_deviation, 381 / std::sqrt(12.0), 0.01);
  plan::PayloadSpec lognormal;
  lognormal.kind = Kind::kLognormal;
  lognormal.median = 128;
  lognormal.p99 = 1000;
  expect_as_encoded(lognormal, 200'000, 0.01);
}

TEST(EventBytes, AMeanOfDigitsLiesBetweenTheWholeOnes) {
  const plan::PayloadSpec payload{.size = 128};
  const double two = event_bytes(payload, 2).chunked;
  const double three = event_bytes(payload, 3).chunked;
  EXPECT_NEAR(event_bytes(payload, 2.25).chunked, 0.75 * two + 0.25 * three, 1e-12);
}

TEST(EventBytes, EveryStrategyHasItsFraming) {
  const EventBytes bytes = event_bytes({.size = 128}, 2);
  EXPECT_EQ(bytes.framing(cell_of("polling")), line_framing(2, 0));
  EXPECT_EQ(bytes.framing(cell_of("long-polling")), line_framing(2, 0));
  EXPECT_EQ(bytes.framing(cell_of("streaming")), chunked_framing(128, 2, 0));
  EXPECT_EQ(bytes.framing(cell_of("streaming", "sse")), sse_framing(128, 2));
  EXPECT_EQ(bytes.framing(cell_of("websocket")), 4);
}

}  // namespace
}  // namespace pushbench::model
