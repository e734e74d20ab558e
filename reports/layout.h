// Plain-text layout for a terminal: tables and paragraphs that keep to a width. Widths count code
// points, and nothing for a colour; text that comes from a file must have passed printable(). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::reports {

inline constexpr std::size_t kLeastWidth = 60;  // narrower terminals wrap the lines themselves

std::size_t columns(std::string_view text) noexcept;

// Lines of at most `width` columns, broken at spaces; a longer word stands on a line of its own.
std::vector<std::string> wrap(std::string_view text, std::size_t width);
// The same as one text, every line behind `indent`, ended by line feeds.
std::string paragraph(std::string_view text, std::size_t width, std::string_view indent = "");

// The first column is left-aligned and broken behind commas and slashes to make room; the others
// are right-aligned. A head may have several lines (separated by line feeds). Columns that do not
// fit beside a readable name follow in a second block, with the names again.
struct TextTable {
  std::vector<std::string> heads;
  std::vector<std::vector<std::string>> rows;

  std::string render(std::size_t width) const;
};

}  // namespace pushbench::reports
