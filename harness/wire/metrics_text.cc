#include "harness/wire/metrics_text.h"

#include <algorithm>
#include <charconv>

namespace pushbench::wire {
namespace {

constexpr std::string_view kBlanks = " \t";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Takes a name from the front: empty when there is none. Colons are for metrics only.
std::string_view take_name(std::string_view& text, bool colons) {
  const auto fits = [&](char c) { return is_letter(c) || is_digit(c) || (colons && c == ':'); };
  const auto* const end = std::find_if_not(text.begin(), text.end(), fits);
  const auto size = static_cast<std::size_t>(end - text.begin());
  if (size == 0 || is_digit(text.front())) {
    return {};
  }
  const std::string_view name = text.substr(0, size);
  text.remove_prefix(size);
  return name;
}

bool skip_blanks(std::string_view& text) {
  const std::size_t blanks = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(blanks);
  return blanks > 0;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

// "…" with \\, \" and \n in it, and no other escapes.
bool take_quoted(std::string_view& text) {
  if (!take(text, '"')) {
    return false;
  }
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') {
      return true;
    }
    if (c == '\\' && !take(text, '\\') && !take(text, '"') && !take(text, 'n')) {
      return false;
    }
  }
  return false;
}

// Behind the opening brace, up to and with the closing one. A comma may stand behind the last.
bool take_labels(std::string_view& text, std::string_view& labels) {
  const std::string_view all = text;
  for (;;) {
    skip_blanks(text);
    const std::size_t before = text.size();
    if (take(text, '}')) {
      labels = all.substr(0, all.size() - before);
      return true;
    }
    if (take_name(text, false).empty()) {
      return false;
    }
    skip_blanks(text);
    const bool equals = take(text, '=');
    skip_blanks(text);
    if (!equals || !take_quoted(text)) {
      return false;
    }
    skip_blanks(text);
    if (!take(text, ',') && (text.empty() || text.front() != '}')) {
      return false;
    }
  }
}

// Decimal with or without exponent, or NaN and infinities in any case.
std::optional<double> take_number(std::string_view& text) {
  const std::string_view word = text.substr(0, text.find_first_of(kBlanks));
  std::string_view digits = word;
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') {
    digits.remove_prefix(1);
  }
  double value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || error != std::errc() || rest != end || digits.back() == ')') {
    return std::nullopt;  // ')': from_chars knows "nan(…)"
  }
  text.remove_prefix(word.size());
  return value;
}

}  // namespace

Parsed MetricsText::refuse(std::string_view why) noexcept {
  why_ = why;
  return Parsed::kError;
}

Parsed MetricsText::next(MetricSample& sample) noexcept {
  while (why_.empty() && !rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++line_;
    if (complete_) {
      return refuse("it stands behind '# EOF'");
    }
    complete_ = line == "# EOF";
    skip_blanks(line);
    if (!line.empty() && line.front() != '#') {
      return sample_of(line, sample);
    }
  }
  return why_.empty() ? Parsed::kEnd : Parsed::kError;
}

Parsed MetricsText::sample_of(std::string_view line, MetricSample& sample) noexcept {
  sample = {};
  sample.name = take_name(line, true);
  if (sample.name.empty()) {
    return refuse("it does not begin with the name of a metric");
  }
  bool apart = skip_blanks(line);
  if (take(line, '{')) {
    if (!take_labels(line, sample.labels)) {
      return refuse("its labels are not name=\"value\" with \\\\, \\\" and \\n escaped");
    }
    skip_blanks(line);
    apart = true;
  }
  const auto value = apart ? take_number(line) : std::nullopt;
  if (!value) {
    return refuse("it has no number behind its name");
  }
  sample.value = *value;
  skip_blanks(line);
  if (!line.empty() && line.front() != '#') {
    sample.timestamp = take_number(line);
    if (!sample.timestamp) {
      return refuse("what stands behind its value is no timestamp");
    }
    skip_blanks(line);
  }
  if (!line.empty() && line.front() != '#') {
    return refuse("something stands behind its timestamp");
  }
  return Parsed::kItem;  // an exemplar is somebody else's event
}

}  // namespace pushbench::wire
