#include "servers/floor/http.h"

#include <charconv>

namespace pushbench::servers::floor {
namespace {

constexpr std::string_view kEmptyLine = "\r\n\r\n";

// The value of a field, up to the end of its line; `name` begins with a line feed and ends with ":
// ".
std::string_view field(std::string_view head, std::string_view name) noexcept {
  const std::size_t at = head.find(name);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::string_view rest = head.substr(at + name.size());
  return rest.substr(0, rest.find('\r'));
}

std::optional<std::uint64_t> digits(std::string_view text) noexcept {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return fault == std::errc{} ? std::optional(value) : std::nullopt;
}

std::size_t length_of(std::string_view head) noexcept {
  return static_cast<std::size_t>(digits(field(head, "\nContent-Length: ")).value_or(0));
}

}  // namespace

std::optional<Request> first_request(std::string_view input) noexcept {
  const std::size_t end = input.find(kEmptyLine);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view head = input.substr(0, end + kEmptyLine.size());
  Request request;
  request.publish = head.starts_with("POST ");
  const std::size_t length = request.publish ? length_of(head) : 0;
  if (input.size() - head.size() < length) {
    return std::nullopt;
  }
  request.body = input.substr(head.size(), length);
  request.size = head.size() + length;
  const std::size_t begin = head.find(' ') + 1;
  const std::string_view target = head.substr(begin, head.find(' ', begin) - begin);
  const std::size_t query = target.find('?');
  request.path = target.substr(0, query);
  if (query != std::string_view::npos) {
    constexpr std::string_view kAfter = "after=";
    const std::size_t at = target.find(kAfter, query);
    if (at != std::string_view::npos) {
      request.after = digits(target.substr(at + kAfter.size()));
    }
  }
  request.close = head.find("\nConnection: close\r") != std::string_view::npos;
  request.websocket_key = field(head, "\nSec-WebSocket-Key: ");
  return request;
}

std::optional<Answer> first_answer(std::string_view input) noexcept {
  const std::size_t end = input.find(kEmptyLine);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  Answer answer;
  answer.head = end + kEmptyLine.size();
  const std::string_view head = input.substr(0, answer.head);
  const std::size_t length = length_of(head);
  if (input.size() - answer.head < length) {
    return std::nullopt;
  }
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (head.starts_with(kVersion)) {
    answer.status = static_cast<int>(digits(head.substr(kVersion.size(), 3)).value_or(0));
  }
  std::string_view tag = field(head, "\nETag: ");
  if (tag.starts_with('"')) {
    answer.seq = digits(tag.substr(1));
  }
  answer.body = input.substr(answer.head, length);
  answer.size = answer.head + length;
  answer.rest = input.substr(answer.size);
  return answer;
}

}  // namespace pushbench::servers::floor
