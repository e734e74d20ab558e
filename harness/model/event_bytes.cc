#include "harness/model/event_bytes.h"

#include "harness/model/exchange_bytes.h"
#include "harness/plan/event_plan.h"
#include "harness/wire/event_line.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace pushbench::model {
namespace {

constexpr double kNormalP99 = 2.3263478740408408;  // Abramowitz and Stegun, table 26.5
constexpr int kSteps = 4096;
constexpr double kReach = 6;  // standard deviations

class Mean {
 public:
  explicit Mean(double seq_digits)
      : low_(std::floor(seq_digits)), high_(low_ + 1), high_share_(seq_digits - low_) {}

  void add(double size, double escapes, double weight) {
    weight_ += weight;
    squares_ += weight * size * size;
    sum_.payload += weight * size;
    const double frame = websocket_framing(size, false);
    sum_.websocket += weight * frame;
    sum_.websocket_segments += run_segments(size + frame, false).times(weight);
    add_digits(low_, size, escapes, weight * (1 - high_share_));
    add_digits(high_, size, escapes, weight * high_share_);
  }

  EventBytes value() const {
    EventBytes out = sum_;
    for (double* each : {&out.payload, &out.line, &out.chunked, &out.sse, &out.websocket}) {
      *each /= weight_;
    }
    for (Amount* each : {&out.chunked_segments, &out.sse_segments, &out.websocket_segments}) {
      *each = each->times(1 / weight_);
    }
    const double variance = squares_ / weight_ - out.payload * out.payload;
    out.payload_deviation = std::sqrt(std::max(0.0, variance));
    return out;
  }

 private:
  // Whole digits, since a digit more may also lengthen the size of a chunk.
  void add_digits(double digits, double size, double escapes, double weight) {
    const double chunked = chunked_framing(size, digits, escapes);
    const double sse = sse_framing(size, digits);
    sum_.line += weight * line_framing(digits, escapes);
    sum_.chunked += weight * chunked;
    sum_.sse += weight * sse;
    sum_.chunked_segments += run_segments(size + chunked, false).times(weight);
    sum_.sse_segments += run_segments(size + sse, false).times(weight);
  }

  double low_, high_, high_share_;
  double weight_ = 0;
  double squares_ = 0;
  EventBytes sum_;
};

void add_uniform(Mean& mean, const plan::PayloadSpec& payload) {
  for (std::uint32_t size = payload.low; size <= payload.high; ++size) {
    mean.add(size, 0, 1);
  }
}

void add_lognormal(Mean& mean, const plan::PayloadSpec& payload) {
  const double sigma = std::log(static_cast<double>(payload.p99) / payload.median) / kNormalP99;
  for (int i = 0; i < kSteps; ++i) {
    const double z = kReach * (2 * (i + 0.5) / kSteps - 1);
    const double size =
        std::clamp(std::round(payload.median * std::exp(sigma * z)),
                   static_cast<double>(plan::kMinPayload), static_cast<double>(payload.max));
    mean.add(size, 0, std::exp(-z * z / 2));
  }
}

void add_lines(Mean& mean, const plan::PayloadSpec& payload) {
  std::string event;
  std::string line;
  for (std::size_t i = 0; i < payload.lines.size(); ++i) {
    const auto size = payload.lines[i].size();
    plan::write_payload(payload, {.index = i, .due = {}, .size = static_cast<std::uint32_t>(size)},
                        0, event);
    line.clear();
    wire::append_event_line(line, 1, event);
    const double escapes =
        static_cast<double>(line.size()) - static_cast<double>(size) - line_framing(1, 0);
    mean.add(static_cast<double>(size), escapes, 1);
  }
}

}  // namespace

double EventBytes::framing(const plan::StrategySpec& cell) const {
  if (cell.strategy == "websocket") {
    return websocket;
  }
  if (cell.strategy == "streaming") {
    return cell.encoding == "sse" ? sse : chunked;
  }
  return cell.replays() ? 0 : line;
}

Amount EventBytes::segments(const plan::StrategySpec& cell) const {
  if (cell.strategy == "websocket") {
    return websocket_segments;
  }
  if (cell.strategy == "streaming") {
    return cell.encoding == "sse" ? sse_segments : chunked_segments;
  }
  return {};
}

EventBytes event_bytes(const plan::PayloadSpec& payload, double seq_digits) {
  using Kind = plan::PayloadSpec::Kind;
  Mean mean(seq_digits);
  switch (payload.kind) {
    case Kind::kFixed: mean.add(payload.size, 0, 1); break;
    case Kind::kUniform: add_uniform(mean, payload); break;
    case Kind::kLognormal: add_lognormal(mean, payload); break;
    case Kind::kFile: add_lines(mean, payload); break;
  }
  EventBytes out = mean.value();
  if (payload.kind == Kind::kFile) {
    out.payload_deviation = 0;
  }
  return out;
}

}  // namespace pushbench::model
