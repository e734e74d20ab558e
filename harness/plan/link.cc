#include "harness/plan/link.h"

#include "harness/plan/units.h"

#include <fmt/format.h>

namespace pushbench::plan {
namespace {

std::string rates(std::uint64_t down, std::uint64_t up, std::string_view whose) {
  std::string text;
  if (down != 0) {
    text += fmt::format(", {} down", short_bit_rate(down));
  }
  if (up != 0) {
    text += fmt::format("{}{} up", text.empty() ? ", " : " and ", short_bit_rate(up));
  }
  return text.empty() ? text : fmt::format("{} {}", text, whose);
}

}  // namespace

std::string describe(const LinkSpec& link) {
  std::string text = short_duration(link.rtt) + " round trip";
  if (link.jitter > Nanos(0)) {
    text += fmt::format(" ± {} each way", short_duration(link.jitter));
  }
  return text + rates(link.down, link.up, "per client") +
         rates(link.downlink, link.uplink, "shared by all");
}

}  // namespace pushbench::plan
