// Text from scenarios, servers and files made safe for each format. All of it first loses its
// control bytes (printable()). Pure.
#pragma once

#include <string>
#include <string_view>

namespace pushbench::reports {

// For HTML text and for attributes in double or single quotes.
std::string html_escape(std::string_view text);
// For XML 1.0, text and attributes: as html_escape, and without the two characters that UTF-8 can
// hold and XML cannot.
std::string xml_escape(std::string_view text);
// For a cell of a GitHub table: no markup, no cell ends, no HTML.
std::string markdown_escape(std::string_view text);
// RFC 4180, quoted where needed; a text that a spreadsheet would run as a formula (it begins with
// = + - @) gets an apostrophe in front.
std::string csv_escape(std::string_view text);
// JSON for a script element of HTML: no "<", so that neither "</script" nor "<!--" can occur, and
// no U+2028 or U+2029.
std::string script_json(std::string_view json);

}  // namespace pushbench::reports
