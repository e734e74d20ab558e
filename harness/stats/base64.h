// base64 (RFC 4648 section 4, standard alphabet, padded), for the text form of histograms. Strict
// on reading: no white space, no missing padding, and the unused bits of the last character must be
// zero, so that one value has one text. Pure functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pushbench::stats {

std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);

}  // namespace pushbench::stats
