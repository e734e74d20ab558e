#include "reports/layout.h"

#include <algorithm>

namespace pushbench::reports {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastName = 12;
constexpr std::size_t kReadableName = 21;  // more columns than fit beside it go into a new block

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + 1);
  }
}

// Like wrap(), but breaks a name such as "polling/interval=1s,new-connection" and indents what
// follows.
std::vector<std::string> wrap_name(std::string_view name, std::size_t width) {
  std::vector<std::string> lines{""};
  while (!name.empty()) {
    const auto end = name.find_first_of(",/");
    const auto part = name.substr(0, end == std::string_view::npos ? end : end + 1);
    if (!lines.back().empty() && columns(lines.back()) + columns(part) > width) {
      lines.emplace_back("  ");
    }
    lines.back() += part;
    name.remove_prefix(part.size());
  }
  return lines;
}

std::string left(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, columns(text)), ' ');
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, columns(text)), ' ') + text;
}

std::size_t widest(const std::vector<std::string>& lines) {
  std::size_t most = 0;
  for (const auto& line : lines) {
    most = std::max(most, columns(line));
  }
  return most;
}

void end_line(std::string& out) {
  while (out.ends_with(' ')) {
    out.pop_back();
  }
  out += '\n';
}

class Renderer {
 public:
  Renderer(const TextTable& table, std::size_t width) : table_(table) {
    for (std::size_t i = 0; i < table.heads.size(); ++i) {
      heads_.push_back(split(table.heads[i], '\n'));
      widths_.push_back(widest(heads_.back()));
      for (const auto& row : table.rows) {
        widths_[i] = std::max(widths_[i], columns(row.at(i)));
      }
    }
    std::size_t others = 0;
    for (std::size_t i = 1; i < widths_.size(); ++i) {
      others += kGap + widths_[i];
    }
    const std::size_t room = std::max(kLeastName, width - std::min(width, others));
    std::size_t needed = widest(heads_[0]);
    for (const auto& row : table.rows) {
      names_.push_back(columns(row[0]) <= room ? std::vector{row[0]} : wrap_name(row[0], room));
      needed = std::max(needed, widest(names_.back()));
    }
    widths_[0] = needed;
  }

  std::string render() const {
    std::string out;
    std::size_t lines = 0;
    for (const auto& head : heads_) {
      lines = std::max(lines, head.size());
    }
    for (std::size_t line = 0; line < lines; ++line) {
      head_line(out, line, lines);
    }
    rule(out);
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      row_lines(out, i);
    }
    return out;
  }

 private:
  // Heads of fewer lines stand at the bottom.
  void head_line(std::string& out, std::size_t line, std::size_t lines) const {
    for (std::size_t i = 0; i < heads_.size(); ++i) {
      const auto skipped = lines - heads_[i].size();
      const std::string text = line < skipped ? "" : heads_[i][line - skipped];
      out += i == 0 ? left(text, widths_[0]) : std::string(kGap, ' ') + right(text, widths_[i]);
    }
    end_line(out);
  }

  void rule(std::string& out) const {
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      out += std::string(i == 0 ? 0 : kGap, ' ') + std::string(widths_[i], '-');
    }
    end_line(out);
  }

  void row_lines(std::string& out, std::size_t row) const {
    out += left(names_[row][0], widths_[0]);
    for (std::size_t i = 1; i < widths_.size(); ++i) {
      out += std::string(kGap, ' ') + right(table_.rows[row][i], widths_[i]);
    }
    end_line(out);
    for (std::size_t i = 1; i < names_[row].size(); ++i) {
      out += names_[row][i];
      end_line(out);
    }
  }

  const TextTable& table_;
  std::vector<std::vector<std::string>> heads_;
  std::vector<std::vector<std::string>> names_;
  std::vector<std::size_t> widths_;
};

// The columns from `from` up to the first that does not fit any more; at least one.
TextTable block_of(const TextTable& table, std::size_t from, std::size_t width) {
  TextTable block{.heads = {table.heads[0]}, .rows = {}};
  for (const auto& row : table.rows) {
    block.rows.push_back({row[0]});
  }
  std::size_t used = kReadableName;
  for (std::size_t i = from; i < table.heads.size(); ++i) {
    std::size_t wide = widest(split(table.heads[i], '\n'));
    for (const auto& row : table.rows) {
      wide = std::max(wide, columns(row.at(i)));
    }
    used += kGap + wide;
    if (used > width && i > from) {
      break;
    }
    block.heads.push_back(table.heads[i]);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      block.rows[r].push_back(table.rows[r][i]);
    }
  }
  return block;
}

}  // namespace

std::size_t columns(std::string_view text) noexcept {
  std::size_t count = 0;
  bool colour = false;  // within ESC [ … m
  for (const char byte : text) {
    colour = colour || byte == '\x1b';
    count += !colour && (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1U : 0U;
    colour = colour && byte != 'm';
  }
  return count;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto& word : split(text, ' ')) {
    if (word.empty()) {
      continue;
    }
    if (!lines.empty() && columns(lines.back()) + 1 + columns(word) <= width) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

std::string paragraph(std::string_view text, std::size_t width, std::string_view indent) {
  std::string out;
  for (const auto& line : wrap(text, width - std::min(width, indent.size()))) {
    out.append(indent).append(line).append("\n");
  }
  return out;
}

std::string TextTable::render(std::size_t width) const {
  std::string out;
  for (std::size_t from = 1; from < heads.size();) {
    const auto block = block_of(*this, from, width);
    out += (out.empty() ? "" : "\n") + Renderer(block, width).render();
    from += block.heads.size() - 1;
  }
  return out;
}

}  // namespace pushbench::reports
