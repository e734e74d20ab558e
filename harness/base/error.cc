#include "harness/base/error.h"

#include <stdexcept>

namespace pushbench {
namespace {

class Category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "pushbench"; }
  std::string message(int value) const override {
    switch (static_cast<Errc>(value)) {
      case Errc::kBadStatus: return "unexpected HTTP status";
      case Errc::kBadHead: return "malformed HTTP message head";
      case Errc::kBadChunk: return "malformed chunked transfer coding";
      case Errc::kBadFrame: return "malformed WebSocket frame";
      case Errc::kBadText: return "text that is not UTF-8";
      case Errc::kBadEvent: return "malformed event";
      case Errc::kTruncated: return "connection closed in the middle of a message";
      case Errc::kTimeout: return "timed out";
      case Errc::kLimit: return "limit reached";
      case Errc::kGap: return "the server no longer holds the events asked for";
      case Errc::kGoingAway: return "the peer ended the stream";
      case Errc::kPolicy: return "refused by the peer's policy";
    }
    return "unknown pushbench error";
  }
};

}  // namespace

const boost::system::error_category& pushbench_category() noexcept {
  static const Category kCategory;
  return kCategory;
}

error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), pushbench_category()};
}

void throw_exception_from_error(const Failure& failure, const boost::source_location&) {
  throw std::logic_error("unchecked failure: " + failure.text);
}

}  // namespace pushbench
