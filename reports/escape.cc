#include "reports/escape.h"

#include "harness/base/text.h"

namespace pushbench::reports {

std::string html_escape(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string xml_escape(std::string_view text) {
  std::string out = html_escape(text);
  for (const std::string_view alien : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (auto at = out.find(alien); at != std::string::npos; at = out.find(alien, at)) {
      out.replace(at, alien.size(), "?");
    }
  }
  return out;
}

std::string markdown_escape(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_[]|~#";
  std::string out;
  for (const char c : printable(text)) {
    if (c == '<' || c == '>' || c == '&') {
      out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
      continue;
    }
    if (kMarkup.find(c) != std::string_view::npos) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

std::string csv_escape(std::string_view text) {
  std::string out = printable(text);
  const bool formula = !out.empty() && std::string_view("=+-@").find(out[0]) != std::string::npos;
  if (formula) {
    out.insert(0, 1, '\'');
  }
  if (!formula && out.find_first_of(",\"") == std::string::npos) {
    return out;
  }
  for (auto at = out.find('"'); at != std::string::npos; at = out.find('"', at + 2)) {
    out.insert(at, 1, '"');
  }
  return "\"" + out + "\"";
}

std::string script_json(std::string_view json) {
  // U+2028 and U+2029 end a line in scripts, but not in JSON.
  constexpr std::string_view kSeparators = "\xe2\x80";
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '<') {
      out += "\\u003c";
    } else if (json.substr(i, 2) == kSeparators && i + 2 < json.size() &&
               (json[i + 2] == '\xa8' || json[i + 2] == '\xa9')) {
      out += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += json[i];
    }
  }
  return out;
}

}  // namespace pushbench::reports
