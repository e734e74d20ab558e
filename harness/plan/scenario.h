// A scenario: the workload that every cell of a run shares, read from YAML and checked before
// anything starts. Reading is strict: unknown and duplicate keys, wrong types and impossible
// combinations are failures that name file:line:col, the key's path, what was expected and the
// nearest known name. Durations, sizes and rates carry units ("250ms", "128B", "100/s"). Pure: no
// sockets, no threads; the only files read are the scenario itself and payload files below its
// directory.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/link.h"
#include "harness/plan/profile.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::plan {

using Nanos = std::chrono::nanoseconds;

inline constexpr std::size_t kMaxScenarioBytes = 1024 * 1024;
inline constexpr int kMaxScenarioDepth = 16;
inline constexpr std::uint32_t kMinPayload = 16;  // the stamp, see harness/wire/stamp.h

enum class Arrival : std::uint8_t { kConstant, kPoisson, kBurst, kTrace };

// Due instants from a file, see trace_file.h. One that comes back from a result has no `due`.
struct Trace {
  std::string file = {};
  std::uint64_t events = 0;
  Nanos period{};               // after which it begins again
  std::string digest = {};      // of the instants, 16 hex digits
  std::vector<Nanos> due = {};  // offsets from the start of publishing, never falling
};

// The whole event as the client sees it, stamp included.
struct PayloadSpec {
  enum class Kind : std::uint8_t { kFixed, kUniform, kLognormal, kFile };
  Kind kind = Kind::kFixed;
  std::uint32_t size = 128;           // fixed
  std::uint32_t low = 0, high = 0;    // uniform, both inclusive
  std::uint32_t median = 0, p99 = 0;  // lognormal; clamped to [kMinPayload, max]
  std::uint32_t max = 1024 * 1024;
  std::string file = {};                // one event per line; the stamp replaces its first 16 bytes
  std::vector<std::string> lines = {};  // of the file, in order
};

struct EventSpec {
  double rate_per_s = 10;  // over all topics; of a profile its mean over the measure phase
  std::shared_ptr<const Profile> profile = {};  // of the rate, when it changes
  Arrival arrival = Arrival::kPoisson;
  std::uint32_t burst = 10;                 // events that fall due together, for Arrival::kBurst
  std::shared_ptr<const Trace> trace = {};  // for Arrival::kTrace, which also sets the rate
  PayloadSpec payload = {};
  double highest_rate_per_s() const { return profile ? profile->highest() : rate_per_s; }
};

// Events that each client sends to the server.
struct UpstreamSpec {
  double rate_per_s = 0.1;  // per client, Poisson
  std::uint32_t payload = 64;
};

struct Phases {
  Nanos ramp{std::chrono::seconds(1)};
  Nanos warmup{std::chrono::seconds(1)};
  Nanos measure{std::chrono::seconds(10)};
  Nanos drain{std::chrono::seconds(1)};
};

// One cell: a strategy with its options. Options that a strategy does not have keep their defaults.
struct StrategySpec {
  std::string strategy = {};                // "polling", "long-polling", "streaming", "websocket"
  Nanos interval{std::chrono::seconds(1)};  // polling: start to start; 0: once it was answered
  double jitter = 0;                        // polling: each start is moved by ±jitter × interval
  bool new_connection = false;              // polling: a connection for every poll
  Nanos hold{std::chrono::seconds(25)};     // long-polling
  std::string encoding = "chunked";         // streaming: "chunked" or "sse"
  // Polling: heads sent and answered verbatim instead of the dialect's, line ends restored. Every
  // answer then holds `response_length` bytes: the client's next event, or the last again.
  std::string request_head = {}, response_head = {};
  std::string response_file = {};  // where the latter was read
  std::uint32_t response_length = 0;
  std::string compression = "none";  // or "gzip"; of websocket "permessage-deflate"
  bool compresses() const { return compression != "none"; }
  bool replays() const { return !request_head.empty(); }
  // How often it asks is up to the speed of both ends, so no closed form knows.
  bool polls_at_once() const { return strategy == "polling" && interval == Nanos(0); }

  // Stable, kebab-case: "polling/interval=1s", "polling/interval=1s,new-connection",
  // "long-polling/hold=25s", "streaming/chunked", "streaming/sse,gzip", "websocket".
  std::string cell_name() const;
};

// "latency.p99 < 20ms": metric, comparison, limit in the metric's base unit.
struct Threshold {
  enum class Op : std::uint8_t { kLess, kLessEqual, kEqual, kGreaterEqual, kGreater };
  // How the limit was written; a bare 0 fits every metric. kTarget: as a part of what the scenario
  // asks for ("0.99*target"), which each cell knows.
  enum class Kind : std::uint8_t { kNumber, kDuration, kBytes, kRate, kTarget };
  std::string text = {};    // as written
  std::string metric = {};  // as written, e.g. "latency.p99"
  Op op = Op::kLess;
  double limit = 0;  // ns, bytes, count …
  Kind kind = Kind::kNumber;
  int line = 0;
};

// What somebody else found for a cell of this workload, to stand beside what is measured.
struct PublishedFigure {
  std::string cell = {};      // the start of a cell's name
  Threshold says = {};        // "latency.max < 1s"
  std::uint32_t clients = 0;  // that it was found with; 0: as many as the scenario has
  std::string source = {};
};

struct Scenario {
  std::string name;
  std::string about;
  std::string origin;           // file name, or "<command line>"
  std::string text;             // as read
  std::uint32_t clients = 100;  // of a profile the most at any time, see visits.h
  std::shared_ptr<const Profile> clients_profile = {};  // when their number changes
  std::uint32_t topics = 1;                             // 1 = broadcast, equal to clients = unicast
  std::uint32_t topics_per_client = 1;                  // a connection for each
  EventSpec events = {};
  std::optional<UpstreamSpec> upstream;
  std::optional<LinkSpec> link;  // of subscribers, never of the publisher
  Phases phases;
  std::vector<StrategySpec> strategies;
  std::vector<Threshold> thresholds;
  std::uint64_t seed = 1;
  std::uint32_t repeats = 1;
  std::vector<PublishedFigure> published;
  std::optional<Nanos> late;  // older deliveries count as late; default see late_of()

  // What the topic log of the server must hold so that the slowest reader of `cell` misses nothing,
  // with a margin of two.
  std::uint64_t log_events_needed(const StrategySpec& cell) const;
  // max(given drain, poll interval + round trip + 1 s): the phase in which the last events arrive.
  Nanos drain_of(const StrategySpec& cell) const;
  // A poll interval, a round trip and 1 s: a client that came is subscribed by then, and what fell
  // due so long ago has arrived.
  Nanos settling_of(const StrategySpec& cell) const;
  // As given, else max(1 s, 2 × poll interval) + round trip.
  Nanos late_of(const StrategySpec& cell) const;
  Nanos round_trip() const { return link ? link->longest_round_trip() : Nanos(0); }
  Nanos cell_time(const StrategySpec& cell) const;  // all phases
  // "100 clients", "40 to 400 clients over a day of 24 h in 48.0 s (time-compressed 1,800 times)".
  std::string clients_text() const;
  // "20 events/s", "4 to 36 events/s rising over 60 s, 20 on average".
  std::string rate_text() const;
  double events_in_warmup() const;  // expected, as all that chance decides
  // At most so many subscriptions at a time.
  std::uint64_t subscriptions() const { return std::uint64_t{clients} * topics_per_client; }
  // Which topic the j-th subscription of a client is for; spreads clients evenly.
  std::uint32_t topic_of(std::uint32_t client, std::uint32_t j) const {
    return (client + j) % topics;
  }
  // The same length for all, so that no topic costs a byte more: "t07" of 20.
  std::string topic_name(std::string_view prefix, std::uint32_t topic) const;
  // 16 hex digits over everything that changes the workload that cells share. Not in it: the list
  // of strategies (cells are told apart by name, so a run of fewer cells compares with a run of
  // all), thresholds, repeats, name and comments.
  std::string hash() const;
};

// Command-line values that replace what the file says, applied before the checks, as text so that
// the same parsers and messages serve both. `payload` is a size.
struct Overrides {
  std::optional<std::string> clients, topics, rate, payload, measure, warmup, ramp, rtt, seed,
      repeats;
  std::vector<std::string>
      strategies;  // keep only cells whose name or strategy starts with one of these
};

// `origin` names the text in messages; `directory` is where payload files are looked for.
Result<Scenario> parse_scenario(std::string_view text,
                                const std::string& origin,
                                const std::string& directory,
                                const Overrides& overrides = {});
Result<Scenario> load_scenario(const std::string& path, const Overrides& overrides = {});

// JSON Schema 2020-12 of scenario files, made from the same table that the binder reads (keys.h).
std::string scenario_schema();
// The key reference in Markdown, made from the same table (scenarios/README.md holds it).
std::string scenario_reference();

}  // namespace pushbench::plan
