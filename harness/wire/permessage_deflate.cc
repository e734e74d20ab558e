#include "harness/wire/permessage_deflate.h"

#include "harness/wire/http_head.h"
#include "harness/wire/http_syntax.h"
#include "harness/wire/scan.h"

namespace pushbench::wire {
namespace {

constexpr std::string_view kExtension = "permessage-deflate";
// The same with the window that was asked for and is the one in use.
constexpr std::string_view kAnswerWithWindow =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
    "server_max_window_bits=15";
constexpr std::uint64_t kLeastWindow = 8;
constexpr std::uint64_t kMostWindow = 15;

// Tokens of a list, one after another; spaces between them are skipped.
class Words {
 public:
  explicit Words(std::string_view text) noexcept : text_(text) {}

  bool at_end() noexcept {
    skip_spaces();
    return text_.empty();
  }
  bool take(char c) noexcept {
    skip_spaces();
    const bool there = text_.starts_with(c);
    text_.remove_prefix(there ? 1 : 0);
    return there;
  }
  std::string_view token() noexcept {
    skip_spaces();
    const std::string_view found = text_.substr(0, until_no_token(text_));
    text_.remove_prefix(found.size());
    return found;
  }
  // What is quoted has to be a token too (RFC 6455 section 9.1), so nothing in it is escaped.
  std::string_view value() noexcept {
    if (!take('"')) {
      return token();
    }
    const std::string_view found = text_.substr(0, until_no_token(text_));
    text_.remove_prefix(found.size());
    const bool closed = text_.starts_with('"');
    text_.remove_prefix(closed ? 1 : 0);
    return closed ? found : std::string_view();
  }

 private:
  void skip_spaces() noexcept {
    while (text_.starts_with(' ') || text_.starts_with('\t')) {
      text_.remove_prefix(1);
    }
  }
  std::string_view text_;
};

struct Window {
  bool named = false;
  std::uint64_t bits = 0;  // 0: no value
};

struct Extension {
  std::string_view name;
  bool understood = true;  // every parameter is known, well formed and there once
  bool server_no_takeover = false;
  bool client_no_takeover = false;
  Window server_window, client_window;
};

bool once(bool& flag) noexcept {
  const bool first = !flag;
  flag = true;
  return first;
}

bool take_window(Window& window, std::optional<std::string_view> value) noexcept {
  if (!once(window.named)) {
    return false;
  }
  const auto bits = value ? parse_decimal(*value) : std::optional<std::uint64_t>(0);
  const bool fits = bits && *bits >= kLeastWindow && *bits <= kMostWindow;
  window.bits = bits.value_or(0);
  return fits || !value;
}

bool take_parameter(Extension& to,
                    std::string_view name,
                    std::optional<std::string_view> value) noexcept {
  if (name == "server_no_context_takeover") {
    return once(to.server_no_takeover) && !value;
  }
  if (name == "client_no_context_takeover") {
    return once(to.client_no_takeover) && !value;
  }
  if (name == "server_max_window_bits") {
    return take_window(to.server_window, value) && value.has_value();
  }
  return name == "client_max_window_bits" && take_window(to.client_window, value);
}

// False: the list is malformed.
bool next_extension(Words& words, Extension& out) noexcept {
  out = {};
  out.name = words.token();
  if (out.name.empty()) {
    return false;
  }
  while (words.take(';')) {
    const std::string_view name = words.token();
    std::optional<std::string_view> value;
    if (words.take('=')) {
      value = words.value();
    }
    if (name.empty() || (value && value->empty())) {
      return false;
    }
    out.understood = take_parameter(out, name, value) && out.understood;
  }
  return words.at_end() || words.take(',');
}

bool can_serve(const Extension& offer) noexcept {
  return same_word(offer.name, kExtension) && offer.understood &&
         (!offer.server_window.named || offer.server_window.bits == kMostWindow);
}

}  // namespace

std::optional<std::string_view> answer_to_deflate_offer(std::string_view offers) noexcept {
  Words words(offers);
  std::optional<std::string_view> answer;
  while (!words.at_end()) {
    Extension offer;
    if (!next_extension(words, offer)) {
      return std::nullopt;
    }
    if (!answer && can_serve(offer)) {
      answer = offer.server_window.named ? kAnswerWithWindow : kDeflateOffer;
    }
  }
  return answer;
}

DeflateAnswer read_deflate_answer(std::string_view extensions) noexcept {
  Words words(extensions);
  if (words.at_end()) {
    return DeflateAnswer::kDeclined;
  }
  Extension taken;
  const bool well = next_extension(words, taken) && words.at_end() &&
                    same_word(taken.name, kExtension) && taken.understood &&
                    taken.server_no_takeover && !taken.client_window.named;
  return well ? DeflateAnswer::kAgreed : DeflateAnswer::kInvalid;
}

}  // namespace pushbench::wire
