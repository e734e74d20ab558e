#include "harness/app/study_values.h"

#include "harness/base/text.h"
#include "harness/plan/threshold.h"
#include "harness/plan/units.h"
#include "harness/result/thresholds.h"
#include "harness/study/model_file.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string_view>

namespace pushbench::app {
namespace {

using study::LatencyBounds;

Failure unlike(const std::string& option, const std::string& expected, const std::string& text) {
  return usage(fmt::format("{}: expected {}, got '{}'", option, expected, printable(text)));
}

template <class T>
Result<double> above_zero(const std::string& option,
                          const std::string& text,
                          const Result<T>& got) {
  if (!got) {
    return unlike(option, got.error().text, text);
  }
  const auto value = static_cast<double>(*got);
  return value > 0 ? Result<double>(value) : unlike(option, "more than nothing", text);
}

struct BoundRow {
  std::string_view metric;
  std::optional<double> LatencyBounds::*where;
};
constexpr std::array<BoundRow, 4> kBounds{{{"latency_mean_ns", &LatencyBounds::mean_s},
                                           {"latency_p50_ns", &LatencyBounds::p50_s},
                                           {"latency_p99_ns", &LatencyBounds::p99_s},
                                           {"latency_max_ns", &LatencyBounds::max_s}}};

Result<void> take_bound(const std::string& text, LatencyBounds& to) {
  using Op = plan::Threshold::Op;
  const auto threshold = plan::parse_threshold(text);
  if (!threshold) {
    return usage("--slo: " + threshold.error().text);
  }
  const auto* metric = result::find_threshold_metric(threshold->metric);
  if (metric != nullptr && metric->name == "lost" && threshold->op == Op::kEqual &&
      threshold->limit == 0) {
    return {};
  }
  for (const auto& row : kBounds) {
    if (metric == nullptr || metric->name != row.metric) {
      continue;
    }
    const bool upper = threshold->op == Op::kLess || threshold->op == Op::kLessEqual;
    if (!upper || threshold->kind != plan::Threshold::Kind::kDuration || threshold->limit <= 0) {
      return usage(fmt::format("--slo: '{}' is no upper bound; write one such as {} < 50ms",
                               printable(text), printable(threshold->metric)));
    }
    auto& bound = to.*row.where;
    if (bound) {
      return usage(fmt::format("--slo: {} is bounded twice; give one of them",
                               printable(threshold->metric)));
    }
    bound = threshold->limit / 1e9;
    return {};
  }
  return usage(
      fmt::format("--slo: closed forms hold latency.mean, latency.p50, latency.p99 and latency.max "
                  "below a bound, and lost == 0; '{}' has to be measured (pushbench capacity)",
                  printable(text)));
}

}  // namespace

Result<double> read_count(const std::string& option, const std::string& text) {
  return above_zero(option, text, plan::parse_count(text));
}
Result<double> read_rate(const std::string& option, const std::string& text) {
  return above_zero(option, text, plan::parse_rate(text));
}
Result<double> read_size(const std::string& option, const std::string& text) {
  return above_zero(option, text, plan::parse_bytes(text));
}
Result<double> read_memory(const std::string& option, const std::string& text) {
  const double unit = text.ends_with("GiB") ? 1024.0 * 1024 * 1024 : text.ends_with("GB") ? 1e9 : 0;
  if (unit == 0) {
    return read_size(option, text);
  }
  const auto number = plan::parse_number(text.substr(0, text.rfind('G')));
  return number && *number > 0 ? Result<double>(*number * unit)
                               : unlike(option, "a size such as 8GiB or 512MiB", text);
}
Result<double> read_seconds(const std::string& option, const std::string& text) {
  const auto time = plan::parse_duration(text);
  return time ? Result<double>(seconds_of(*time)) : unlike(option, time.error().text, text);
}
Result<double> read_share(const std::string& option, const std::string& text) {
  const auto share = plan::parse_fraction(text);
  return share && *share <= 1 ? Result<double>(*share)
                              : unlike(option, "a share such as 40% or 0.4", text);
}
Result<double> read_link(const std::string& option, const std::string& text) {
  const auto bits = plan::parse_bit_rate(text);
  return bits && *bits > 0 ? Result<double>(static_cast<double>(*bits) / 8)
                           : unlike(option, "a bit rate such as 1Gbit/s", text);
}

Result<LatencyBounds> read_bounds(const std::vector<std::string>& slos) {
  LatencyBounds out;
  for (const auto& slo : slos) {
    if (const auto taken = take_bound(slo, out); !taken) {
      return taken.error();
    }
  }
  return out;
}

Result<study::CostModel> read_model(const std::string& path) {
  return study::load_model(path.empty() ? PUSHBENCH_REFERENCE_MODEL : path);
}

}  // namespace pushbench::app
