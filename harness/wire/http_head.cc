#include "harness/wire/http_head.h"

#include "harness/wire/http_outline.h"
#include "harness/wire/http_syntax.h"
#include "harness/wire/plain_head.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include <algorithm>

namespace pushbench::wire {
namespace {

namespace http = boost::beast::http;

std::string_view view(boost::beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

bool is_served(http::verb method) noexcept {
  switch (method) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::post:
    case http::verb::put:
    case http::verb::delete_:
    case http::verb::options:
    case http::verb::patch:
    case http::verb::trace: return true;
    default: return false;  // CONNECT is for proxies; of the rest we know nothing
  }
}

// The fields that decide where a message ends and what becomes of the connection; the same in
// requests and responses.
struct Framing {
  bool has_length = false;
  bool chunked = false;
  bool close = false;
  bool keep_alive = false;
  bool connection_upgrade = false;
  bool upgrade_websocket = false;
  std::uint64_t length = 0;

  Refusal take(http::field name, std::string_view value) noexcept {
    switch (name) {
      case http::field::content_length: return take_length(value);
      case http::field::transfer_encoding: return take_coding(value);
      case http::field::connection:
        close = close || lists_word(value, "close");
        keep_alive = keep_alive || lists_word(value, "keep-alive");
        connection_upgrade = connection_upgrade || lists_word(value, "upgrade");
        return {};
      case http::field::upgrade:
        upgrade_websocket = upgrade_websocket || lists_word(value, "websocket");
        return {};
      default: return {};
    }
  }

  Refusal take_length(std::string_view value) noexcept {
    const auto parsed = parse_decimal(value);
    if (has_length || !parsed) {
      return bad(has_length ? "two Content-Length fields" : "a malformed Content-Length");
    }
    has_length = true;
    length = *parsed;
    return {};
  }

  Refusal take_coding(std::string_view value) noexcept {
    if (chunked || !same_word(value, "chunked")) {
      return bad(chunked ? "two Transfer-Encoding fields" : "a Transfer-Encoding but chunked");
    }
    chunked = true;
    return {};
  }

  Refusal check(int version) const noexcept {
    if (chunked && has_length) {
      return bad("Transfer-Encoding beside Content-Length");
    }
    return chunked && version < 11 ? bad("Transfer-Encoding in HTTP/1.0") : Refusal{};
  }

  bool stays_open(int version) const noexcept { return !close && (version >= 11 || keep_alive); }
  bool is_websocket(int version) const noexcept {
    return version >= 11 && upgrade_websocket && connection_upgrade;
  }
};

// What Beast calls while it tokenises. Everything about bodies stays unused: it sees heads alone.
template <bool kIsRequest>
class Tokens : public http::basic_parser<kIsRequest> {
 public:
  Tokens() {
    this->header_limit(static_cast<std::uint32_t>(kMaxHead));
    this->body_limit(boost::none);
  }

  Refusal read(std::string_view head) noexcept {
    error_code ec;
    this->put(boost::asio::const_buffer(head.data(), head.size()), ec);
    if (refusal || !ec) {
      return refusal;
    }
    return ec == http::error::bad_version ? Refusal{505, "a version of HTTP that is not 1.0 or 1.1"}
                                          : bad("a malformed header or start line");
  }

 protected:
  using BeastView = boost::beast::string_view;
  using BodySize = boost::optional<std::uint64_t>;

  void refuse_if(const Refusal& found, error_code& ec) noexcept {
    if (found) {
      refusal = found;
      ec = Errc::kBadHead;
    }
  }

  void on_request_impl(http::verb, BeastView, BeastView, int, error_code&) override {}
  void on_response_impl(int, BeastView, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const BodySize&, error_code&) override {}
  std::size_t on_body_impl(BeastView body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, BeastView, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastView body, error_code&) override {
    return body.size();
  }
  void on_finish_impl(error_code&) override {}

  Refusal refusal;
};

// A field that may stand only once.
Refusal take_once(std::string_view& slot, std::string_view value) noexcept {
  if (slot.data() != nullptr) {
    return bad("a header field twice that may stand once");
  }
  slot = value.data() != nullptr ? value : std::string_view("");
  return {};
}

class RequestTokens final : public Tokens<true> {
 public:
  explicit RequestTokens(RequestHead& head) noexcept : head_(head) {}
  Refusal strict_request() noexcept;

 private:
  void on_request_impl(
      http::verb verb, BeastView method, BeastView target, int version, error_code& ec) override {
    version_ = version;
    head_.method = view(method);
    head_.target = view(target);
    const bool star = head_.target == "*" && verb == http::verb::options;
    if (!is_served(verb)) {
      refuse_if({501, "a method that this server does not know"}, ec);
    } else if (!star && !is_target(head_.target)) {
      refuse_if(bad("a target that is not a path or an absolute URL"), ec);
    }
  }
  void on_field_impl(http::field name, BeastView text, BeastView value, error_code& ec) override {
    refuse_if(take(name, view(text), view(value)), ec);
  }

  Refusal take(http::field name, std::string_view text, std::string_view value) noexcept;
  Refusal take_expect(std::string_view value) noexcept;

  RequestHead& head_;
  Framing framing_;
  int version_ = 0;
};

Refusal RequestTokens::take(http::field name,
                            std::string_view text,
                            std::string_view value) noexcept {
  switch (name) {
    case http::field::host: return take_once(head_.host, value);
    case http::field::origin: head_.has_origin = true; return take_once(head_.origin, value);
    case http::field::content_type: return take_once(head_.content_type, value);
    case http::field::authorization: return take_once(head_.authorization, value);
    case http::field::sec_websocket_key: return take_once(head_.websocket_key, value);
    case http::field::sec_websocket_version: return take_once(head_.websocket_version, value);
    case http::field::sec_websocket_extensions: head_.websocket_extensions = value; return {};
    case http::field::accept_encoding: head_.accept_encoding = value; return {};
    case http::field::if_none_match: head_.if_none_match = value; return {};
    case http::field::expect: return take_expect(value);
    case http::field::unknown: break;
    default: return framing_.take(name, value);
  }
  if (same_word(text, "Last-Event-ID")) {
    return take_once(head_.last_event_id, value);
  }
  // Gateways that spell fields as environment variables cannot tell these from the real ones.
  const bool disguised = same_word(text, "Transfer_Encoding") || same_word(text, "Content_Length");
  return disguised ? bad("a framing field spelt with an underscore") : Refusal{};
}

Refusal RequestTokens::take_expect(std::string_view value) noexcept {
  if (!same_word(value, "100-continue")) {
    return {417, "an expectation other than 100-continue"};
  }
  head_.expect_continue = version_ >= 11;  // RFC 9110 section 10.1.1: ignored from HTTP/1.0
  return {};
}

Refusal RequestTokens::strict_request() noexcept {
  const bool has_host = head_.host.data() != nullptr;
  if (!has_host && version_ >= 11) {
    return bad("no Host field");
  }
  if (has_host && !is_host(head_.host)) {
    return bad("a Host field that is not one host and port");
  }
  const auto authority = absolute_authority(head_.target);
  if (authority && has_host && !same_word(*authority, head_.host)) {
    return bad("a target that names another host than the Host field");
  }
  if (const auto found = framing_.check(version_)) {
    return found;
  }
  head_.http10 = version_ < 11;
  head_.keep_alive = framing_.stays_open(version_);
  head_.upgrade_websocket = framing_.is_websocket(version_);
  head_.body.chunked = framing_.chunked;
  if (!framing_.chunked) {
    head_.body.length = framing_.length;
  }
  return {};
}

class ResponseTokens final : public Tokens<false> {
 public:
  explicit ResponseTokens(ResponseHead& head) noexcept : head_(head) {}
  Refusal strict_response() noexcept;

 private:
  void on_response_impl(int status, BeastView, int version, error_code& ec) override {
    version_ = version;
    head_.status = status;
    refuse_if(status < 100 || status > 599 ? bad("a status outside 100 to 599") : Refusal{}, ec);
  }
  void on_field_impl(http::field name, BeastView text, BeastView value, error_code& ec) override {
    refuse_if(take(name, view(text), view(value)), ec);
  }

  Refusal take(http::field name, std::string_view text, std::string_view value) noexcept {
    switch (name) {
      case http::field::etag: head_.etag = value; return {};
      case http::field::content_type: head_.content_type = value; return {};
      case http::field::location: head_.location = value; return {};
      case http::field::retry_after: head_.retry_after = value; return {};
      case http::field::sec_websocket_accept: return take_once(head_.websocket_accept, value);
      case http::field::content_encoding: return take_once(head_.content_encoding, value);
      case http::field::sec_websocket_extensions:
        return take_once(head_.websocket_extensions, value);
      case http::field::unknown:
        if (same_word(text, "Pushbench-Seq")) {
          head_.pushbench_seq = value;
        }
        return {};
      default: return framing_.take(name, value);
    }
  }

  ResponseHead& head_;
  Framing framing_;
  int version_ = 0;
};

Refusal ResponseTokens::strict_response() noexcept {
  if (const auto found = framing_.check(version_)) {
    return found;
  }
  const bool never_has_body = head_.status < 200 || head_.status == 204;
  if (never_has_body && (framing_.chunked || framing_.length != 0)) {
    return bad("a body announced behind a status that has none");  // RFC 9112 section 6.1
  }
  head_.keep_alive = framing_.stays_open(version_);
  head_.upgrade_websocket = framing_.is_websocket(version_);
  if (never_has_body || head_.status == 304) {
    head_.body.length = 0;
  } else if (framing_.chunked) {
    head_.body.chunked = true;
  } else if (framing_.has_length) {
    head_.body.length = framing_.length;
  } else {
    head_.body.until_close = true;
    head_.keep_alive = false;
  }
  return {};
}

Refusal parse_request(std::string_view input, RequestHead& head) noexcept {
  const auto found = outline_request(input);
  if (found.refusal || found.size == 0) {
    return found.refusal;
  }
  RequestTokens tokens(head);
  if (const auto refusal = tokens.read(input.substr(0, found.size))) {
    return refusal;
  }
  head.size = found.size;
  return tokens.strict_request();
}

Refusal parse_response(std::string_view input, ResponseHead& head) noexcept {
  const auto found = outline_response(input);
  if (found.refusal || found.size == 0) {
    return found.refusal;
  }
  ResponseTokens tokens(head);
  if (const auto refusal = tokens.read(input.substr(0, found.size))) {
    return refusal;
  }
  head.size = found.size;
  return tokens.strict_response();
}

}  // namespace

Parsed parse_request_head(std::string_view& input, RequestHead& head) noexcept {
  head = {};
  const bool plain = parse_plain_head(input, head);
  if (const auto refusal = plain ? Refusal{} : parse_request(input, head)) {
    head.refuse_status = refusal.status;
    head.refuse_reason = refusal.reason;
    return Parsed::kError;
  }
  input.remove_prefix(head.size);
  return head.size == 0 ? Parsed::kNeedMore : Parsed::kItem;
}

Parsed parse_response_head(std::string_view& input, ResponseHead& head) noexcept {
  head = {};
  if (parse_response(input, head)) {
    return Parsed::kError;
  }
  input.remove_prefix(head.size);
  return head.size == 0 ? Parsed::kNeedMore : Parsed::kItem;
}

BodyReader::BodyReader(const BodyFraming& framing) noexcept {
  if (framing.chunked) {
    kind_ = Kind::kChunked;
  } else if (framing.until_close) {
    kind_ = Kind::kUntilClose;
  } else if (framing.length.value_or(0) != 0) {
    kind_ = Kind::kLength;
    left_ = *framing.length;
  }
}

Parsed BodyReader::next(std::string_view& input, std::string_view& data) noexcept {
  if (kind_ == Kind::kEnded) {
    return Parsed::kEnd;
  }
  if (kind_ == Kind::kChunked) {
    const auto parsed = chunks_.next(input, data);
    if (parsed == Parsed::kEnd) {
      kind_ = Kind::kEnded;
    }
    return parsed;
  }
  if (input.empty()) {
    return Parsed::kNeedMore;
  }
  const auto size =
      kind_ == Kind::kUntilClose ? input.size() : std::min<std::uint64_t>(left_, input.size());
  data = input.substr(0, size);
  input.remove_prefix(size);
  left_ -= kind_ == Kind::kUntilClose ? 0 : size;
  if (kind_ == Kind::kLength && left_ == 0) {
    kind_ = Kind::kEnded;
  }
  return Parsed::kItem;
}

bool BodyReader::closed_well() const noexcept {
  return kind_ == Kind::kEnded || kind_ == Kind::kUntilClose;
}

}  // namespace pushbench::wire
