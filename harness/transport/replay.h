// Answers to polls whose request was replayed verbatim: no cursor, no envelope, the body is the
// event. The body of a client's first answer is what was there before, and a body like the one
// before brings no news; spaces alone are no event. Errors: kBadStatus, kBadEvent, kLimit.
#pragma once

#include "harness/transport/exchange.h"

#include <string>
#include <string_view>

namespace pushbench::transport {

class ReplayedAnswer final : public AnswerHandler {
 public:
  explicit ReplayedAnswer(Subscription& subscription) : subscription_(subscription) {}
  error_code on_head(const wire::ResponseHead& head) override;
  error_code on_piece(std::string_view piece, Found& found) override;
  error_code on_end() override;
  bool between_events() const noexcept override { return complete_ || body_.empty(); }
  // Tells the sink. REQUIRES: `reader`, which fed it, is complete.
  void tell(const AnswerReader& reader);

 private:
  Subscription& subscription_;
  std::string body_;
  std::uint64_t length_ = 0;
  std::size_t events_ = 0;
  bool complete_ = false;
};

}  // namespace pushbench::transport
