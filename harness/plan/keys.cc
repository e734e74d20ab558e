#include "harness/plan/keys.h"

#include "harness/plan/link_keys.h"
#include "harness/plan/profile_keys.h"
#include "harness/plan/strategy_keys.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace pushbench::plan {
namespace {

constexpr std::array<std::string_view, 4> kArrivals{"constant", "poisson", "burst", "trace"};
constexpr std::string_view kStampFits = "an event begins with its stamp of 16 bytes";

std::uint32_t u32(std::uint64_t value) {
  return static_cast<std::uint32_t>(value);  // within the row's bounds, which are below 2^32
}

constexpr std::array kBefore{
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
        .type = Type::kCountOver,
        .fallback = "100",
        .low = "1",
        .high = "1M",
        .about =
            "Clients of each cell, or how their number changes: a map of one of the keys below",
        .example = "1000",
        .set =
            [](Draft& d, const Value& v) {
              d.clients.reset();
              d.scenario.clients = u32(v.count);
            }},
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
        .type = Type::kRateOver,
        .fallback = "10/s",
        .low = "0.01/h",
        .high = "1M/s",
        .about = "Events over all topics together, or how their rate changes: a map of one of the "
                 "keys below; a trace has its own and takes none",
        .example = "100/s",
        .set =
            [](Draft& d, const Value& v) {
              d.rate.reset();
              d.scenario.events.rate_per_s = v.real;
            }},
    Key{.path = "events.arrival",
        .type = Type::kChoice,
        .fallback = "poisson",
        .choices = kArrivals,
        .about = "How events are spread over time: evenly, independently of each other, many at "
                 "once, or as in a file",
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
    Key{.path = "events.trace",
        .type = Type::kPath,
        .about = "For the arrival trace: a text file below the scenario's folder with one instant "
                 "a line",
        .example = "traces/evening.txt",
        .set =
            [](Draft& d, const Value& v) {
              Trace trace;
              trace.file = v.text;
              d.scenario.events.trace = std::make_shared<const Trace>(std::move(trace));
            }},
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
              d.scenario.events.payload = PayloadSpec();
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
};

constexpr std::array kPhases{
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
        .about = "The last events arrive; at least the poll interval, the link's round trip and 1s",
        .example = "2s",
        .set = [](Draft& d, const Value& v) { d.scenario.phases.drain = v.time; }},
};

constexpr std::array kBehind{
    Key{.path = "headers",
        .type = Type::kMap,
        .about = "Polls replay heads as they stand in files, instead of those of the dialect: for "
                 "constant events to one topic, no faster than polls, on kept connections",
        .example = "{request: heads/request.http, response: heads/response.http}"},
    Key{.path = "headers.request",
        .type = Type::kPath,
        .required = true,
        .about = "Head of every poll, a GET of any path; line ends become CRLF",
        .example = "heads/request.http",
        .set = [](Draft& d, const Value& v) { d.request_file = v.text; }},
    Key{.path = "headers.response",
        .type = Type::kPath,
        .required = true,
        .about = "Head of every answer; its Content-Length is the size of an event",
        .example = "heads/response.http",
        .set = [](Draft& d, const Value& v) { d.response_file = v.text; }},
    Key{.path = "published",
        .type = Type::kFigures,
        .about = "What others found for this workload, shown beside what is measured",
        .example = "[{cell: websocket, says: latency.max < 1s, source: an article}]"},
    Key{.path = "published[].cell",
        .type = Type::kText,
        .required = true,
        .about = "The start of a cell's name",
        .example = "polling",
        .set = [](Draft& d, const Value& v) { d.figure.cell = v.text; }},
    Key{.path = "published[].says",
        .type = Type::kText,
        .required = true,
        .about = "A metric, one of < <= == >= >, and the value",
        .example = "latency.max < 1s",
        .set = [](Draft& d, const Value& v) { d.figure.says.text = v.text; }},
    Key{.path = "published[].clients",
        .type = Type::kCount,
        .low = "1",
        .high = "100M",
        .about = "Clients that it was found with, when not those of the scenario: what grows with "
                 "them is extrapolated",
        .example = "10k",
        .set = [](Draft& d, const Value& v) { d.figure.clients = u32(v.count); }},
    Key{.path = "published[].source",
        .type = Type::kText,
        .required = true,
        .about = "Who says so, where",
        .example = "Lubbers and Greco, case A",
        .set = [](Draft& d, const Value& v) { d.figure.source = v.text; }},
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
                 "is longer, and the link's round trip",
        .example = "5s",
        .set = [](Draft& d, const Value& v) { d.scenario.late = v.time; }},
};

}  // namespace

std::span<const Key> keys() {
  static const std::vector<Key> kAll = [] {
    std::vector<Key> rows;
    for (const auto& row : kBefore) {
      rows.push_back(row);
      if (row.type == Type::kRateOver) {
        rows.insert(rows.end(), rate_profile_keys().begin(), rate_profile_keys().end());
      } else if (row.type == Type::kCountOver) {
        rows.insert(rows.end(), clients_profile_keys().begin(), clients_profile_keys().end());
      }
    }
    rows.insert(rows.end(), link_keys().begin(), link_keys().end());
    rows.insert(rows.end(), kPhases.begin(), kPhases.end());
    rows.insert(rows.end(), strategy_keys().begin(), strategy_keys().end());
    rows.insert(rows.end(), kBehind.begin(), kBehind.end());
    return rows;
  }();
  return kAll;
}

std::string_view parent_of(std::string_view path) {
  const auto dot = path.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : path.substr(0, dot);
}

std::string_view last_name_of(std::string_view path) {
  return path.substr(path.rfind('.') + 1);  // npos + 1 is 0
}

const Key* find_key(std::string_view path) {
  for (const auto& key : keys()) {
    if (key.path == path) {
      return &key;
    }
  }
  return nullptr;
}

std::vector<const Key*> keys_below(std::string_view parent) {
  std::vector<const Key*> found;
  for (const auto& key : keys()) {
    if (parent_of(key.path) == parent) {
      found.push_back(&key);
    }
  }
  return found;
}

}  // namespace pushbench::plan
