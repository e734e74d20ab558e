#include "harness/app/prediction.h"

#include "harness/wire/sse.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace pushbench::app {
namespace {

using result::CellResult;
using result::Counter;

// What a strategy leads to whatever a server's heads and envelopes look like.
constexpr std::array<std::string_view, 9> kOfTheStrategy{
    "latency_mean_ns", "latency_p99_ns",      "latency_max_ns",
    "sockets_peak",    "time_wait_peak",      "requests_per_delivery",
    "empty_share",     "events_per_response", "payload_bytes_per_delivery"};

bool of_the_strategy(std::string_view metric) {
  return std::find(kOfTheStrategy.begin(), kOfTheStrategy.end(), metric) != kOfTheStrategy.end();
}

double count(const CellResult& cell, Counter counter) {
  return static_cast<double>(cell.counters[counter]);
}

bool is_push(const plan::StrategySpec& cell) {
  return cell.strategy == "streaming" || cell.strategy == "websocket";
}

// Around all events, the chunks of heartbeats included: with data or without, a chunk is a chunk.
double framing_down(const CellResult& cell) {
  const double events = count(cell, Counter::kReceived);
  const double digits = count(cell, Counter::kEventDigits) + count(cell, Counter::kEventEscapes);
  if (cell.strategy.replays()) {
    return 0;
  }
  if (cell.strategy.strategy == "websocket") {
    return events * model::websocket_framing(0, false) + count(cell, Counter::kChunkDigits);
  }
  if (!is_push(cell.strategy)) {
    return events * model::line_framing(0, 0) + digits;
  }
  const double crlfs = model::chunk_around(0) - 1;  // a size of one digit
  const double chunks = count(cell, Counter::kChunks) * crlfs + count(cell, Counter::kChunkDigits);
  const double comments =
      count(cell, Counter::kHeartbeats) * static_cast<double>(wire::kSseComment.size());
  const bool sse = cell.strategy.encoding == "sse";
  return events * (sse ? model::sse_lines(0) : model::line_framing(0, 0)) + digits + chunks +
         comments;
}

// Answers that tell of a gap, and requests that resume a stream, have forms of their own; what is
// compressed has none.
bool explicable(const CellResult& cell) {
  const auto streams = cell.counters[Counter::kRequests] + cell.counters[Counter::kStreamHeads];
  return !cell.strategy.compresses() && cell.counters[Counter::kGaps] == 0 &&
         (!is_push(cell.strategy) || streams == 0);
}

model::Exchanges counted(const plan::Scenario& scenario, const CellResult& cell) {
  model::Exchanges out;
  if (!is_push(cell.strategy)) {
    out.first_questions = cell.strategy.replays() ? 0 : count(cell, Counter::kFirstQuestions);
    out.requests = count(cell, Counter::kRequests) - out.first_questions;
    out.request_digits = count(cell, Counter::kRequestDigits);
    out.empty_answers = count(cell, Counter::kEmptyPolls);
    out.empty_digits = count(cell, Counter::kEmptyDigits);
    out.full_answers = count(cell, Counter::kAnswers) - out.empty_answers;
    out.full_digits = count(cell, Counter::kFullDigits);
    out.length_digits = count(cell, Counter::kLengthDigits);
  }
  const auto& payload = scenario.events.payload;
  const bool fixed = payload.kind == plan::PayloadSpec::Kind::kFixed;
  out.event_payload =
      fixed ? count(cell, Counter::kReceived) * payload.size : count(cell, Counter::kPayloadDown);
  out.event_framing = framing_down(cell);
  const bool pings = cell.strategy.strategy == "websocket";
  out.signs_of_life = pings ? count(cell, Counter::kHeartbeats) : 0;
  return out;
}

}  // namespace

std::optional<std::uint64_t> unexplained_bytes(const plan::Scenario& scenario,
                                               const CellResult& cell,
                                               const model::Place& place) {
  if (!explicable(cell)) {
    return std::nullopt;
  }
  const model::Bytes explained = model::bytes_of(cell.strategy, place, counted(scenario, cell));
  const struct {
    Counter measured;
    double explained;
  } layers[] = {{Counter::kHeadUp, explained.head_up},
                {Counter::kFramingUp, explained.framing_up},
                {Counter::kPayloadUp, explained.payload_up},
                {Counter::kHeadDown, explained.head_down},
                {Counter::kFramingDown, explained.framing_down},
                {Counter::kPayloadDown, explained.payload_down}};
  double sum = 0;
  for (const auto& layer : layers) {
    sum += std::abs(count(cell, layer.measured) - layer.explained);
  }
  return static_cast<std::uint64_t>(std::llround(sum));
}

void add_predictions(result::RunResult& run) {
  const bool own = run.server == "own";
  const model::Assumptions assumed;
  model::Place place{.host = assumed.host_length};
  place.topic = model::topic_length(run.scenario, assumed.topic_prefix);
  for (auto& cell : run.cells) {
    if (!cell.finished) {
      continue;
    }
    const auto predicted = cell.strategy.polls_at_once()
                               ? model::Ranges()
                               : model::predict(run.scenario, cell.strategy, assumed).metrics;
    for (const auto& [metric, range] : predicted) {
      if (own || of_the_strategy(metric)) {
        cell.predicted[metric] = {.mean = range.mean, .low = range.low, .high = range.high};
      }
    }
    if (own) {
      cell.unexplained_bytes = unexplained_bytes(run.scenario, cell, place);
    }
  }
}

}  // namespace pushbench::app
