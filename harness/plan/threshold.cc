#include "harness/plan/threshold.h"

#include "harness/plan/keys.h"
#include "harness/plan/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace pushbench::plan {
namespace {

struct OpRow {
  std::string_view text;
  Threshold::Op op;
};
// Two characters before one, so that "<=" is not read as "<".
constexpr std::array<OpRow, 5> kOps{{{"<=", Threshold::Op::kLessEqual},
                                     {">=", Threshold::Op::kGreaterEqual},
                                     {"==", Threshold::Op::kEqual},
                                     {"<", Threshold::Op::kLess},
                                     {">", Threshold::Op::kGreater}}};

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(' ');
  return from == std::string_view::npos ? std::string_view()
                                        : text.substr(from, text.find_last_not_of(' ') - from + 1);
}

bool is_metric_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

bool is_metric(std::string_view text) {
  return !text.empty() && (text[0] < '0' || text[0] > '9') && text[0] != '.' && text[0] != '-' &&
         std::all_of(text.begin(), text.end(), is_metric_char);
}

struct Limit {
  double value = 0;
  Threshold::Kind kind = Threshold::Kind::kNumber;
};

// "target", "0.99*target" or "99% * target".
std::optional<Limit> read_target(std::string_view text) {
  constexpr std::string_view kTarget = "target";
  if (!text.ends_with(kTarget)) {
    return std::nullopt;
  }
  auto part = trimmed(text.substr(0, text.size() - kTarget.size()));
  if (part.empty()) {
    return Limit{1, Threshold::Kind::kTarget};
  }
  if (part.back() != '*') {
    return std::nullopt;
  }
  part = trimmed(part.substr(0, part.size() - 1));
  if (const auto number = parse_number(part)) {
    return Limit{*number, Threshold::Kind::kTarget};
  }
  const auto fraction = parse_fraction(part);
  return fraction ? std::optional(Limit{*fraction, Threshold::Kind::kTarget}) : std::nullopt;
}

std::optional<Limit> read_limit(std::string_view text) {
  using Kind = Threshold::Kind;
  if (const auto target = read_target(text)) {
    return target;
  }
  if (const auto number = parse_number(text)) {
    return Limit{*number, Kind::kNumber};
  }
  if (const auto time = parse_duration(text)) {
    return Limit{static_cast<double>(time->count()), Kind::kDuration};
  }
  if (const auto bytes = parse_bytes(text)) {
    return Limit{static_cast<double>(*bytes), Kind::kBytes};
  }
  if (const auto rate = parse_rate(text)) {
    return Limit{*rate, Kind::kRate};
  }
  if (const auto count = parse_count(text)) {
    return Limit{static_cast<double>(*count), Kind::kNumber};
  }
  const auto fraction = parse_fraction(text);
  return fraction ? std::optional(Limit{*fraction, Kind::kNumber}) : std::nullopt;
}

}  // namespace

std::string_view op_text(Threshold::Op op) noexcept {
  const auto found =
      std::find_if(kOps.begin(), kOps.end(), [op](const OpRow& row) { return row.op == op; });
  return found == kOps.end() ? std::string_view() : found->text;
}

Result<Threshold> parse_threshold(std::string_view text) {
  Threshold out;
  out.text = trimmed(text);
  std::string_view rest = out.text;
  const auto at = std::min(rest.find_first_of("<>="), rest.size());
  out.metric = trimmed(rest.substr(0, at));
  rest.remove_prefix(at);
  const auto op = std::find_if(kOps.begin(), kOps.end(),
                               [&](const OpRow& row) { return rest.starts_with(row.text); });
  if (!is_metric(out.metric) || op == kOps.end()) {
    return usage(fmt::format(
        "expected a metric, one of < <= == >= > and a limit, such as latency.p99 < 20ms, got {}",
        in_quotes(text)));
  }
  out.op = op->op;
  const auto written = trimmed(rest.substr(op->text.size()));
  const auto limit = read_limit(written);
  if (!limit) {
    return usage(
        fmt::format("expected a limit such as 20ms, 4kB, 1%, 0 or 0.99*target after '{}', got {}",
                    op->text, in_quotes(written)));
  }
  out.limit = limit->value;
  out.kind = limit->kind;
  return out;
}

}  // namespace pushbench::plan
