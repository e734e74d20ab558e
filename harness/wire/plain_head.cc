#include "harness/wire/plain_head.h"

#include "harness/wire/http_syntax.h"
#include "harness/wire/scan.h"

#include <array>

namespace pushbench::wire {
namespace {

constexpr std::size_t kMaxPlainHead = 4 * 1024;
static_assert(kMaxPlainHead < kMaxRequestLine && kMaxPlainHead < kMaxHead);

enum class Meaning : std::uint8_t {
  kText,  // goes into its slot, once
  kConnection,
  kUpgrade,
  kLength,
  kThorough,  // not plain, whatever its value
};

struct KnownField {
  std::string_view name;
  Meaning meaning;
  std::string_view RequestHead::*slot = nullptr;
};

constexpr std::array kKnownFields{
    KnownField{"host", Meaning::kText, &RequestHead::host},
    KnownField{"connection", Meaning::kConnection},
    KnownField{"content-length", Meaning::kLength},
    KnownField{"content-type", Meaning::kText, &RequestHead::content_type},
    KnownField{"if-none-match", Meaning::kText, &RequestHead::if_none_match},
    KnownField{"origin", Meaning::kText, &RequestHead::origin},
    KnownField{"last-event-id", Meaning::kText, &RequestHead::last_event_id},
    KnownField{"authorization", Meaning::kText, &RequestHead::authorization},
    KnownField{"upgrade", Meaning::kUpgrade},
    KnownField{"sec-websocket-key", Meaning::kText, &RequestHead::websocket_key},
    KnownField{"sec-websocket-version", Meaning::kText, &RequestHead::websocket_version},
    KnownField{"sec-websocket-extensions", Meaning::kText, &RequestHead::websocket_extensions},
    KnownField{"accept-encoding", Meaning::kText, &RequestHead::accept_encoding},
    KnownField{"transfer-encoding", Meaning::kThorough},
    KnownField{"transfer_encoding", Meaning::kThorough},
    KnownField{"content_length", Meaning::kThorough},
    KnownField{"expect", Meaning::kThorough},
    KnownField{"proxy-connection", Meaning::kThorough},
};

// `token` holds token characters only, `name` letters and "-" or "_": what differs between them in
// the one bit can only be the case of a letter.
bool same_name(std::string_view token, std::string_view name) noexcept {
  constexpr int kCase = 0x20;
  if (token.size() != name.size()) {
    return false;
  }
  for (std::size_t i = 0; i < name.size(); ++i) {
    if ((token[i] | kCase) != (name[i] | kCase)) {
      return false;
    }
  }
  return true;
}

class PlainHead {
 public:
  PlainHead(std::string_view input, RequestHead& head) noexcept
      : input_(input.substr(0, kMaxPlainHead)), head_(head) {}

  bool parse() noexcept {
    if (!take_start_line()) {
      return false;
    }
    for (std::size_t fields = 0; !input_.substr(at_).starts_with("\r\n"); ++fields) {
      if (fields == kMaxHeadFields || !take_field()) {
        return false;
      }
    }
    head_.size = at_ + 2;
    head_.keep_alive = !close_;
    head_.upgrade_websocket = upgrade_ && connection_upgrade_;
    head_.body.length = length_.value_or(0);
    return is_host(head_.host);
  }

 private:
  bool take_start_line() noexcept {
    constexpr std::string_view kBehind = " HTTP/1.1\r\n";
    if (input_.starts_with("GET /")) {
      head_.method = input_.substr(0, 3);
    } else if (input_.starts_with("POST /") || input_.starts_with("HEAD /")) {
      head_.method = input_.substr(0, 4);
    } else {
      return false;
    }
    const auto rest = input_.substr(head_.method.size() + 1);
    head_.target = rest.substr(0, until_foreign_to_target(rest));
    at_ = head_.method.size() + 1 + head_.target.size();
    if (!input_.substr(at_).starts_with(kBehind)) {
      return false;
    }
    at_ += kBehind.size();
    return true;
  }

  bool take_field() noexcept {
    const auto line = input_.substr(at_);
    const auto name = until_no_token(line);
    if (name == 0 || !line.substr(name).starts_with(':')) {
      return false;
    }
    auto value = line.substr(name + 1);
    value.remove_suffix(value.size() - until_control(value));
    at_ += name + 1 + value.size();
    if (!input_.substr(at_).starts_with("\r\n")) {
      return false;
    }
    at_ += 2;
    while (value.starts_with(' ')) {
      value.remove_prefix(1);
    }
    while (value.ends_with(' ')) {
      value.remove_suffix(1);
    }
    for (const KnownField& known : kKnownFields) {
      if (same_name(line.substr(0, name), known.name)) {
        return take_known(known, value);
      }
    }
    return true;
  }

  bool take_known(const KnownField& known, std::string_view value) noexcept {
    switch (known.meaning) {
      case Meaning::kText: {
        std::string_view& slot = head_.*known.slot;
        const bool first = slot.data() == nullptr;
        slot = value;
        head_.has_origin = head_.origin.data() != nullptr;
        return first;
      }
      case Meaning::kConnection: return take_connection(value);
      case Meaning::kUpgrade: {
        const bool first = !upgrade_;
        upgrade_ = same_word(value, "websocket");
        return first && upgrade_;
      }
      case Meaning::kLength: {
        const bool first = !length_;
        length_ = parse_decimal(value);
        return first && length_;
      }
      case Meaning::kThorough: return false;
    }
    return false;
  }

  bool take_connection(std::string_view value) noexcept {
    const bool first = !has_connection_;
    has_connection_ = true;
    close_ = same_word(value, "close");
    connection_upgrade_ = same_word(value, "upgrade") || same_word(value, "keep-alive, upgrade");
    return first && (close_ || connection_upgrade_ || same_word(value, "keep-alive"));
  }

  std::string_view input_;
  RequestHead& head_;
  std::size_t at_ = 0;
  std::optional<std::uint64_t> length_;
  bool has_connection_ = false;
  bool close_ = false;
  bool connection_upgrade_ = false;
  bool upgrade_ = false;
};

}  // namespace

bool parse_plain_head(std::string_view input, RequestHead& head) noexcept {
  const bool plain = PlainHead(input, head).parse();
  if (!plain) {
    head = {};
  }
  return plain;
}

}  // namespace pushbench::wire
