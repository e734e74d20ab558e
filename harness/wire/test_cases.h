// Reads the case tables in testdata/ for the tests of this room.
#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <openssl/evp.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace pushbench::wire {

inline boost::json::array read_cases(std::string_view name) {
  std::ifstream file(std::string(PUSHBENCH_SOURCE_DIR "/harness/wire/testdata/").append(name));
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return boost::json::parse(text).at("cases").as_array();
}

inline std::string text_of(const boost::json::value& value) {
  return std::string(value.as_string().c_str(), value.as_string().size());
}

inline std::string from_base64(const boost::json::value& value) {
  const auto text = text_of(value);
  std::string bytes(text.size() / 4 * 3, '\0');
  const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()));
  const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace pushbench::wire
