// Writes JSON (RFC 8259) piece by piece, in the order of the calls, so that the key order of a file
// is the order of the code. Indented by two spaces; an array begun as kLine stays on one line.
// Numbers are the shortest text that reads back as the same value (std::to_chars); NaN and
// infinities, which JSON does not have, are written as null. Bytes that are not UTF-8 become
// U+FFFD. Misuse (a value without its key, an end without its begin) breaks an invariant.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::result {

class JsonWriter {
 public:
  enum class Layout : std::uint8_t { kBlock, kLine };

  void begin_object() { begin('{', Layout::kBlock); }
  void end_object() { end('}'); }
  void begin_array(Layout layout = Layout::kBlock) { begin('[', layout); }
  void end_array() { end(']'); }
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(bool flag) { raw(flag ? "true" : "false"); }
  void value(double number);
  template <std::integral T>
  void value(T number) {
    raw(std::to_string(number));
  }

  template <class T>
  void field(std::string_view name, const T& content) {
    key(name);
    value(content);
  }
  // An absent value leaves its key out.
  template <class T>
  void field(std::string_view name, const std::optional<T>& content) {
    if (content) {
      field(name, *content);
    }
  }

  // The finished document with a line feed behind it. REQUIRES: everything begun has ended.
  std::string take();

 private:
  struct Level {
    char close;
    Layout layout;
    bool empty;
  };
  void begin(char open, Layout layout);
  void end(char close);
  void raw(std::string_view text);
  void separate();
  void new_line();

  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
};

// `text` as a JSON string, quotes included.
std::string json_string(std::string_view text);

}  // namespace pushbench::result
