// How numbers are written for people, and text made safe to print. Three significant digits, units
// that people read; machine formats never use this file.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench {

std::string human_duration(
    std::chrono::nanoseconds value);        // "0 ns", "812 ns", "1.23 ms", "25.0 s", "2 min 5 s"
std::string human_seconds(double seconds);  // the same
std::string human_bytes(double bytes);      // "39 B", "1.23 kB", "5.20 MB" (powers of 1,000)
std::string human_count(double value);      // "1,234,567", "0.25", "12.3"

// Control bytes, ESC and bytes that are not UTF-8 become "\xNN", so that text from a server or a
// file cannot steer a terminal.
std::string printable(std::string_view text);

// True when `text` is well-formed UTF-8 (Unicode 15, table 3-7; as RFC 6455 section 8.1 asks).
bool is_utf8(std::string_view text) noexcept;

}  // namespace pushbench
