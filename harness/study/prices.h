// What servers and traffic cost, from a small YAML file:
//
//   currency: EUR
//   server-hour: 0.12        # or core-hour and memory-gb-hour
//   traffic-gb: 0.01         # sent to clients, IP level, powers of 1,000
//
// Prices are the user's; none is shipped. Read strictly: an unknown key is a failure that names the
// nearest. Pure but for load_prices(), which reads a file.
#pragma once

#include "harness/base/error.h"
#include "harness/study/sizing.h"

#include <optional>
#include <string>
#include <string_view>

namespace pushbench::study {

inline constexpr std::size_t kMaxPricesBytes = 64 * 1024;

struct Prices {
  std::string currency = "money";
  std::optional<double> server_hour;
  double core_hour = 0;
  double memory_gb_hour = 0;
  double traffic_gb = 0;

  double per_server_hour(const ServerKind& kind) const;
};

Result<Prices> parse_prices(std::string_view text, const std::string& origin);
Result<Prices> load_prices(const std::string& path);

struct Cost {
  double per_hour = 0;
  double per_million_deliveries = 0;
};
// `servers`: spare ones included.
Cost cost_of(const Prices& prices,
             const ServerKind& kind,
             double servers,
             const Flow& flow,
             double deliveries_per_s);

}  // namespace pushbench::study
