#include "harness/plan/keys.h"

#include <array>

namespace pushbench::plan {
namespace {

constexpr std::array<std::string_view, 3> kArrivals{"constant", "poisson", "burst"};
constexpr std::array<std::string_view, 2> kConnections{"keep-alive", "new"};
constexpr std::array<std::string_view, 2> kEncodings{"chunked", "sse"};
constexpr std::string_view kStampFits = "an event begins with its stamp of 16 bytes";

std::uint32_t u32(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);  // within the row's bounds, which are below 2^32
}

constexpr std::array kKeys{
    Key{.path = "name",
        .type = Type::kName,
        .required = true,
        .about = "What results and run directories are called",
        .example = "chat",
        .set = [](Draft& d, const Value& v) { d.scenario.name = v.text; }},
    Key{.path = "about",
        .type = Type::kText,
        .about = "One line that says what the workload stands for",
        .example = "1,000 people in 50 rooms",
        .set = [](Draft& d, const Value& v) { d.scenario.about = v.text; }},
    Key{.path = "clients",
        .type = Type::kCount,
        .fallback = "100",
        .low = "1",
        .high = "1M",
        .about = "Clients of each cell",
        .example = "1000",
        .set = [](Draft& d, const Value& v) { d.scenario.clients = u32(v.count); }},
    Key{.path = "topics",
        .type = Type::kCount,
        .fallback = "1",
        .low = "1",
        .high = "10k",
        .about = "Topics that events go to: 1 is broadcast, as many as clients is unicast",
        .example = "50",
        .set = [](Draft& d, const Value& v) { d.scenario.topics = u32(v.count); }},
    Key{.path = "topics-per-client",
        .type = Type::kCount,
        .fallback = "1",
        .low = "1",
        .high = "10k",
        .about = "Topics that each client subscribes to, with a connection for each",
        .example = "3",
        .set = [](Draft& d, const Value& v) { d.scenario.topics_per_client = u32(v.count); }},
    Key{.path = "events",
        .type = Type::kMap,
        .fallback = "{}",
        .about = "What is published",
        .example = "{rate: 100/s, arrival: poisson, payload: 128B}"},
    Key{.path = "events.rate",
        .type = Type::kRate,
        .fallback = "10/s",
        .low = "0.01/h",
        .high = "1M/s",
        .about = "Events over all topics together",
        .example = "100/s",
        .set = [](Draft& d, const Value& v) { d.scenario.events.rate_per_s = v.real; }},
    Key{.path = "events.arrival",
        .type = Type::kChoice,
        .fallback = "poisson",
        .choices = kArrivals,
        .about = "How events are spread over time: evenly, independently of each other, or many "
                 "at once",
        .example = "constant",
        .set = [](Draft& d,
                  const Value& v) { d.scenario.events.arrival = static_cast<Arrival>(v.count); }},
    Key{.path = "events.burst",
        .type = Type::kCount,
        .fallback = "10",
        .low = "1",
        .high = "100k",
        .about = "Events that fall due together when the arrival is burst",
        .example = "50",
        .set = [](Draft& d, const Value& v) { d.scenario.events.burst = u32(v.count); }},
    Key{.path = "events.payload",
        .type = Type::kPayload,
        .fallback = "128B",
        .low = "16B",
        .high = "1MiB",
        .why = kStampFits,
        .about = "Size of an event as the client sees it, stamp included: fixed, or a map of one "
                 "of the keys below",
        .example = "128B",
        .set =
            [](Draft& d, const Value& v) {
              d.scenario.events.payload.kind = PayloadSpec::Kind::kFixed;
              d.scenario.events.payload.size = u32(v.count);
            }},
    Key{.path = "events.payload.uniform",
        .type = Type::kByteRange,
        .low = "16B",
        .high = "1MiB",
        .why = kStampFits,
        .about = "Sizes drawn evenly between two, both included",
        .example = "[64B, 1kB]",
        .set =
            [](Draft& d, const Value& v) {
              d.scenario.events.payload.kind = PayloadSpec::Kind::kUniform;
              d.scenario.events.payload.low = u32(v.count);
              d.scenario.events.payload.high = u32(v.high);
            }},
    Key{.path = "events.payload.lognormal",
        .type = Type::kMap,
        .about = "Sizes drawn from a log-normal distribution, kept between 16B and 1MiB",
        .example = "{median: 200B, p99: 2kB}",
        .set =
            [](Draft& d, const Value& /*v*/) {
              d.scenario.events.payload.kind = PayloadSpec::Kind::kLognormal;
            }},
    Key{.path = "events.payload.lognormal.median",
        .type = Type::kBytes,
        .required = true,
        .low = "16B",
        .high = "1MiB",
        .why = kStampFits,
        .about = "Half of the events are smaller",
        .example = "200B",
        .set = [](Draft& d, const Value& v) { d.scenario.events.payload.median = u32(v.count); }},
    Key{.path = "events.payload.lognormal.p99",
        .type = Type::kBytes,
        .required = true,
        .low = "16B",
        .high = "1MiB",
        .why = kStampFits,
        .about = "One event in a hundred is larger",
        .example = "2kB",
        .set = [](Draft& d, const Value& v) { d.scenario.events.payload.p99 = u32(v.count); }},
    Key{.path = "events.payload.file",
        .type = Type::kPath,
        .about = "A text file below the scenario's folder, one event per line, used in turn; the "
                 "stamp replaces the first 16 bytes of each",
        .example = "payloads/headlines.txt",
        .set =
            [](Draft& d, const Value& v) {
              d.scenario.events.payload.kind = PayloadSpec::Kind::kFile;
              d.scenario.events.payload.file = v.text;
            }},
    Key{.path = "upstream",
        .type = Type::kMap,
        .about = "Events that every client sends to the server; without it, none",
        .example = "{rate: 6/min, payload: 64B}",
        .set = [](Draft& d, const Value& /*v*/) { d.scenario.upstream.emplace(); }},
    Key{.path = "upstream.rate",
        .type = Type::kRate,
        .fallback = "6/min",
        .low = "0.01/h",
        .high = "1k/s",
        .about = "Events of each client, at random instants (Poisson)",
        .example = "6/min",
        .set = [](Draft& d, const Value& v) { d.scenario.upstream->rate_per_s = v.real; }},
    Key{.path = "upstream.payload",
        .type = Type::kBytes,
        .fallback = "64B",
        .low = "16B",
        .high = "1MiB",
        .why = kStampFits,
        .about = "Size of each",
        .example = "64B",
        .set = [](Draft& d, const Value& v) { d.scenario.upstream->payload = u32(v.count); }},
    Key{.path = "phases",
        .type = Type::kMap,
        .fallback = "{}",
        .about = "How long each part of a cell takes",
        .example = "{ramp: 2s, warmup: 3s, measure: 10s, drain: 2s}"},
    Key{.path = "phases.ramp",
        .type = Type::kDuration,
        .fallback = "1s",
        .low = "0s",
        .high = "1h",
        .about = "Clients connect, spread evenly over it; nothing is published",
        .example = "2s",
        .set = [](Draft& d, const Value& v) { d.scenario.phases.ramp = v.time; }},
    Key{.path = "phases.warmup",
        .type = Type::kDuration,
        .fallback = "1s",
        .low = "0s",
        .high = "1h",
        .about = "Events are published but not counted",
        .example = "3s",
        .set = [](Draft& d, const Value& v) { d.scenario.phases.warmup = v.time; }},
    Key{.path = "phases.measure",
        .type = Type::kDuration,
        .fallback = "10s",
        .low = "1s",
        .high = "24h",
        .about = "Events that fall due in it are the result",
        .example = "30s",
        .set = [](Draft& d, const Value& v) { d.scenario.phases.measure = v.time; }},
    Key{.path = "phases.drain",
        .type = Type::kDuration,
        .fallback = "1s",
        .low = "0s",
        .high = "10m",
        .about = "The last events arrive; at least the poll interval and 1s",
        .example = "2s",
        .set = [](Draft& d, const Value& v) { d.scenario.phases.drain = v.time; }},
    Key{.path = "strategies",
        .type = Type::kStrategies,
        .required = true,
        .about = "The cells: one strategy with its options each, all under the same workload",
        .example = "[{polling: {interval: 1s}}, {websocket: {}}]"},
    Key{.path = "strategies[].polling",
        .type = Type::kMap,
        .about = "Ask again and again",
        .example = "{interval: 1s, connection: new}"},
    Key{.path = "strategies[].polling.interval",
        .type = Type::kDuration,
        .fallback = "1s",
        .low = "1ms",
        .high = "1h",
        .about = "From the start of a poll to the start of the next",
        .example = "5s",
        .set = [](Draft& d, const Value& v) { d.cell.interval = v.time; }},
    Key{.path = "strategies[].polling.jitter",
        .type = Type::kFraction,
        .fallback = "0",
        .low = "0",
        .high = "0.5",
        .about = "Every start is moved at random by up to this part of the interval",
        .example = "0.1",
        .set = [](Draft& d, const Value& v) { d.cell.jitter = v.real; }},
    Key{.path = "strategies[].polling.connection",
        .type = Type::kChoice,
        .fallback = "keep-alive",
        .choices = kConnections,
        .about = "One connection for all polls of a client, or a new one for each",
        .example = "new",
        .set = [](Draft& d, const Value& v) { d.cell.new_connection = v.count == 1; }},
    Key{.path = "strategies[].long-polling",
        .type = Type::kMap,
        .about = "Ask, and the answer waits for the next event",
        .example = "{hold: 25s}"},
    Key{.path = "strategies[].long-polling.hold",
        .type = Type::kDuration,
        .fallback = "25s",
        .low = "10ms",
        .high = "1m",
        .why = "proxies and servers end requests that wait longer",
        .about = "The longest that an answer waits before it comes back empty",
        .example = "25s",
        .set = [](Draft& d, const Value& v) { d.cell.hold = v.time; }},
    Key{.path = "strategies[].streaming",
        .type = Type::kMap,
        .about = "One answer that never ends",
        .example = "{encoding: sse}"},
    Key{.path = "strategies[].streaming.encoding",
        .type = Type::kChoice,
        .fallback = "chunked",
        .choices = kEncodings,
        .about = "JSON lines in HTTP chunks, or Server-Sent Events",
        .example = "sse",
        .set = [](Draft& d, const Value& v) { d.cell.encoding = v.text; }},
    Key{.path = "strategies[].websocket",
        .type = Type::kMap,
        .about = "One WebSocket message per event (RFC 6455)",
        .example = "{}"},
    Key{.path = "thresholds",
        .type = Type::kThresholds,
        .about = "What must hold for every cell: a metric, one of < <= == >= >, and a limit",
        .example = "[latency.p99 < 20ms, lost == 0]"},
    Key{.path = "seed",
        .type = Type::kCount,
        .fallback = "1",
        .low = "0",
        .high = "9007199254740991",
        .why = "JSON readers keep whole numbers exact up to there",
        .about = "Fixes every random choice: same seed, same events at the same instants",
        .example = "7",
        .set = [](Draft& d, const Value& v) { d.scenario.seed = v.count; }},
    Key{.path = "repeats",
        .type = Type::kCount,
        .fallback = "1",
        .low = "1",
        .high = "100",
        .about = "How often every cell is run, each time in another order",
        .example = "5",
        .set = [](Draft& d, const Value& v) { d.scenario.repeats = u32(v.count); }},
    Key{.path = "late",
        .type = Type::kDuration,
        .low = "1ms",
        .high = "1h",
        .about = "Older deliveries count as late. Without it: 1s, or two poll intervals when that "
                 "is longer",
        .example = "5s",
        .set = [](Draft& d, const Value& v) { d.scenario.late = v.time; }},
};

}  // namespace

std::span<const Key> keys() {
  return kKeys;
}

std::string_view parent_of(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view last_name_of(std::string_view path) {
  return path.substr(path.rfind('.') + 1);  // npos + 1 is 0
}

const Key* find_key(std::string_view path) {
  for (const auto& key : kKeys) {
    if (key.path == path) {
      return &key;
    }
  }
  return nullptr;
}

std::vector<const Key*> keys_below(std::string_view parent) {
  std::vector<const Key*> found;
  for (const auto& key : kKeys) {
    if (parent_of(key.path) == parent) {
      found.push_back(&key);
    }
  }
  return found;
}

}  // namespace pushbench::plan
