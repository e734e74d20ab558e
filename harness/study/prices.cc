#include "harness/study/prices.h"

#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/plan/document.h"
#include "harness/plan/keys.h"
#include "harness/plan/payload_file.h"
#include "harness/plan/units.h"

#include <fmt/format.h>

#include <array>

namespace pushbench::study {
namespace {

constexpr std::array<std::string_view, 5> kPriceKeys{"currency", "server-hour", "core-hour",
                                                     "memory-gb-hour", "traffic-gb"};

Failure bad_price(const std::string& origin, const plan::Node& node, const std::string& text) {
  return usage(fmt::format("{}: {}", plan::place_of(origin, node), text));
}

Result<void> take_price(const std::string& origin,
                        const plan::Node& key,
                        const plan::Node& item,
                        Prices& to) {
  if (key.text == "currency") {
    to.currency = printable(item.text);
    return {};
  }
  const auto value = plan::parse_number(item.text);
  if (item.kind != plan::Node::Kind::kScalar || !value) {
    return bad_price(origin, item,
                     fmt::format("{}: expected a number such as 0.12, got {}", key.text,
                                 plan::in_quotes(item.text)));
  }
  if (key.text == "server-hour") {
    to.server_hour = *value;
  } else if (key.text == "core-hour") {
    to.core_hour = *value;
  } else if (key.text == "memory-gb-hour") {
    to.memory_gb_hour = *value;
  } else if (key.text == "traffic-gb") {
    to.traffic_gb = *value;
  } else {
    return bad_price(origin, key,
                     fmt::format("unknown key {}{}", plan::in_quotes(key.text),
                                 did_you_mean(key.text, kPriceKeys)));
  }
  return {};
}

}  // namespace

double Prices::per_server_hour(const ServerKind& kind) const {
  return server_hour ? *server_hour
                     : core_hour * kind.cores + memory_gb_hour * kind.memory_bytes / 1e9;
}

Result<Prices> parse_prices(std::string_view text, const std::string& origin) {
  const auto root = plan::parse_document(text, origin);
  if (!root) {
    return root.error();
  }
  Prices out;
  for (std::size_t i = 0; i < root->keys.size(); ++i) {
    if (const auto taken = take_price(origin, root->keys[i], root->items[i], out); !taken) {
      return taken.error();
    }
  }
  if (out.server_hour && (out.core_hour > 0 || out.memory_gb_hour > 0)) {
    return usage(origin +
                 ": server-hour is the price of a whole server; leave it or core-hour and "
                 "memory-gb-hour out");
  }
  if (!out.server_hour && out.core_hour == 0 && out.memory_gb_hour == 0) {
    return usage(origin +
                 ": names no price of a server; add server-hour, or core-hour and "
                 "memory-gb-hour");
  }
  return out;
}

Result<Prices> load_prices(const std::string& path) {
  const auto text = plan::read_small_file(path, kMaxPricesBytes);
  return text ? parse_prices(*text, printable(path)) : Result<Prices>(text.error());
}

Cost cost_of(const Prices& prices,
             const ServerKind& kind,
             double servers,
             const Flow& flow,
             double deliveries_per_s) {
  constexpr double kHour = 3600;
  Cost out;
  out.per_hour = servers * prices.per_server_hour(kind) +
                 flow.ip_down_bytes_per_s() * kHour / 1e9 * prices.traffic_gb;
  out.per_million_deliveries = out.per_hour / (deliveries_per_s * kHour) * 1e6;
  return out;
}

}  // namespace pushbench::study
