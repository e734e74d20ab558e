#include "servers/floor/subscribers.h"

#include "servers/floor/connections.h"

#include <fmt/format.h>

namespace pushbench::servers::floor {
namespace {

constexpr Nanos kStalled = std::chrono::seconds(2);

}  // namespace

Subscribers::Subscribers(const ClientOptions& options, std::uint32_t run_tag, Publisher& publisher)
    : Load(options, run_tag), publisher_(publisher) {}

void Subscribers::on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) {
  scan(connections().carry(id), bytes, run_tag_,
       [this, now](TimePoint due) { count_delivery(now - due); });
}

void Subscribers::start(TimePoint now) {
  next_ = now;
  progress_ = now;
}

TimePoint Subscribers::act(TimePoint now) {
  if (interval_.count() > 0) {
    while (next_ <= now) {
      publish(next_);
      next_ += interval_;
    }
    return next_;
  }
  look_for_stall(now);
  const std::uint64_t allowed = std::uint64_t{options_.in_flight - 1} * connections().live();
  while (connections().live() > 0 && expected_ <= counts_.deliveries + counts_.lost + allowed) {
    publish(steady_now());
  }
  return now + kStalled;
}

void Subscribers::publish(TimePoint due) {
  expected_ += connections().live();
  ++counts_.published;
  if (!publisher_.post(due)) {
    count_error();
  }
}

// An event that was dropped would stop a closed loop for good.
void Subscribers::look_for_stall(TimePoint now) {
  if (counts_.deliveries != last_seen_) {
    last_seen_ = counts_.deliveries;
    progress_ = now;
  } else if (now - progress_ >= kStalled) {
    counts_.lost = expected_ - counts_.deliveries;
    progress_ = now;
  }
}

std::string_view LongPolls::on_opened(std::uint32_t id,
                                      std::string_view bytes,
                                      TimePoint,
                                      bool& live) {
  const auto answer = whole_answer(id, bytes);
  if (!answer) {
    return {};
  }
  // Gone: the log begins later, and the answer's cursor says where.
  live = answer->seq.has_value() && (is_success(answer->status) || answer->status == kStatusGone);
  if (!live) {
    count_error();
    connections().close(id);
    return {};
  }
  ask_after(id, *answer->seq);
  return {};
}

void LongPolls::on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) {
  const auto answer = whole_answer(id, bytes);
  if (!answer) {
    return;
  }
  if (!answer->seq || !is_success(answer->status)) {
    count_error();
    connections().close(id);
    return;
  }
  Carry whole;  // an answer holds whole events
  scan(whole, answer->body, run_tag_, [this, now](TimePoint due) { count_delivery(now - due); });
  ask_after(id, *answer->seq);
}

void LongPolls::ask_after(std::uint32_t id, std::uint64_t seq) {
  if (question_.empty() || seq != question_seq_) {
    question_seq_ = seq;
    question_ = request_text(fmt::format("{}?after={}", options_.path, seq), false);
  }
  connections().send(id, question_);
}

}  // namespace pushbench::servers::floor
