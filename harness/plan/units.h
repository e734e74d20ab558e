// Text with units to numbers and back: "250ms", "1m30s", "128B", "4kB", "1MiB", "100/s", "6/min",
// "20Mbit/s".
// The written form is canonical and shortest ("1s", not "1000ms"), so that it can be part of a
// cell's name.
#pragma once

#include "harness/base/error.h"
#include "harness/base/nanos.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pushbench::plan {

using pushbench::Nanos;
using pushbench::seconds_of;

// A failure's text says only what was expected ("a duration such as 250ms, 5s or 1m30s"); the
// caller adds where.
Result<Nanos> parse_duration(std::string_view text);
Result<std::uint64_t> parse_bytes(
    std::string_view text);                        // B, kB, MB (powers of 1,000), KiB, MiB (1,024)
Result<double> parse_rate(std::string_view text);  // per second: /s, /min, /h
Result<std::uint64_t> parse_bit_rate(std::string_view text);  // bit/s, kbit/s, Mbit/s, Gbit/s
Result<std::uint64_t> parse_count(std::string_view text);     // "1000", "10k", "1M", "1_000"
Result<double> parse_fraction(std::string_view text);         // "0.1", "10%"
std::optional<double> parse_number(std::string_view text);    // "12", "0.5": no sign, no exponent

// "1s", "250ms", "1.5s", "1m30s", "0s"; parse_duration gives the same value back.
std::string short_duration(Nanos value);
// "20Mbit/s", "1.5Mbit/s", "64kbit/s"; parse_bit_rate gives the same value back.
std::string short_bit_rate(std::uint64_t bit_per_s);

}  // namespace pushbench::plan
