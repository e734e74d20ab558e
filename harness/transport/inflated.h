// HTTP answers that come compressed, for all strategies: a decorator around what a strategy does
// with an answer, in cells that ask for gzip only, so that others neither hold nor test anything
// for it. An answer that comes uncompressed all the same is read as it is, and counted. Bytes:
// what gzip puts around is framing, all else of a compressed body that brings events is payload,
// since an envelope and what is in it cannot be told apart there. Instants: an event is in hand
// when it is inflated, so that time is added to Link::received. Memory: the 44 KiB of a GzipReader
// for as long as the answer lasts.
#pragma once

#include "harness/transport/exchange.h"
#include "harness/wire/deflate.h"

#include <memory>

namespace pushbench::transport {

class GzipBody {
 public:
  // `whole`: its end must be that of the member; else the last block may be missing, as of a
  // stream that is ended in its course.
  GzipBody(Subscription& subscription, bool whole) : subscription_(subscription), whole_(whole) {}
  error_code begin(const wire::ResponseHead& head);
  error_code pass(std::string_view piece, Found& found, AnswerHandler& to);
  error_code end() const;

 private:
  error_code inflate(std::string_view piece, Found& found, AnswerHandler& to, std::uint64_t& text);

  Subscription& subscription_;
  std::unique_ptr<wire::GzipReader> reader_;  // null: the body is not compressed
  bool whole_;
  bool untold_ = false;  // that the body is not compressed
};

template <class Answer>
class Inflated final : public AnswerHandler {
 public:
  explicit Inflated(Subscription& subscription)
      : body_(subscription, Answer::kEndsWhole), answer_(subscription) {}

  error_code on_head(const wire::ResponseHead& head) override {
    const error_code ec = body_.begin(head);
    return ec ? ec : answer_.on_head(head);
  }
  error_code on_piece(std::string_view piece, Found& found) override {
    return body_.pass(piece, found, answer_);
  }
  error_code on_end() override {
    const error_code ec = body_.end();
    return ec ? ec : answer_.on_end();
  }
  bool between_events() const noexcept override { return answer_.between_events(); }
  void tell(const AnswerReader& reader) { answer_.tell(reader); }

 private:
  GzipBody body_;
  Answer answer_;
};

}  // namespace pushbench::transport
