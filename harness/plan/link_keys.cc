#include "harness/plan/link_keys.h"

#include <array>
#include <string_view>

namespace pushbench::plan {
namespace {

constexpr std::string_view kSlowestLink = "1kbit/s";
constexpr std::string_view kFastestLink = "100Gbit/s";

constexpr std::array kLinkRows{
    Key{.path = "link",
        .type = Type::kMap,
        .about = "The network between clients and server, emulated; without it, the one that is "
                 "there",
        .example = "{rtt: 100ms, jitter: 10ms, down: 20Mbit/s, up: 5Mbit/s}",
        .set = [](Draft& d, const Value& /*v*/) { d.scenario.link.emplace(); }},
    Key{.path = "link.rtt",
        .type = Type::kDuration,
        .fallback = "0s",
        .low = "0s",
        .high = "2s",
        .about = "Round trip of an empty line: a connect takes it once, bytes half of it each way",
        .example = "100ms",
        .set =
            [](Draft& d, const Value& v) {
              if (!d.scenario.link) {  // by flag, in a scenario without one
                d.scenario.link.emplace();
              }
              d.scenario.link->rtt = v.time;
            }},
    Key{.path = "link.jitter",
        .type = Type::kDuration,
        .fallback = "0s",
        .low = "0s",
        .high = "1s",
        .about = "Every trip takes up to so much more or less, evenly spread; nothing overtakes",
        .example = "10ms",
        .set = [](Draft& d, const Value& v) { d.scenario.link->jitter = v.time; }},
    Key{.path = "link.down",
        .type = Type::kBitRate,
        .low = kSlowestLink,
        .high = kFastestLink,
        .about = "To each client; without it, as fast as can be",
        .example = "20Mbit/s",
        .set = [](Draft& d, const Value& v) { d.scenario.link->down = v.count; }},
    Key{.path = "link.up",
        .type = Type::kBitRate,
        .low = kSlowestLink,
        .high = kFastestLink,
        .about = "From each client",
        .example = "5Mbit/s",
        .set = [](Draft& d, const Value& v) { d.scenario.link->up = v.count; }},
    Key{.path = "link.downlink",
        .type = Type::kBitRate,
        .low = kSlowestLink,
        .high = kFastestLink,
        .about = "To all clients of the cell together",
        .example = "1Gbit/s",
        .set = [](Draft& d, const Value& v) { d.scenario.link->downlink = v.count; }},
    Key{.path = "link.uplink",
        .type = Type::kBitRate,
        .low = kSlowestLink,
        .high = kFastestLink,
        .about = "From all clients of the cell together",
        .example = "100Mbit/s",
        .set = [](Draft& d, const Value& v) { d.scenario.link->uplink = v.count; }},
};

}  // namespace

std::span<const Key> link_keys() {
  return kLinkRows;
}

}  // namespace pushbench::plan
