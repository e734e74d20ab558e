// As much of HTTP/1.1 as floor client and server need of each other and of pushbench's own server:
// where a head and its body end, and the few fields that matter, spelt as usual (Content-Length,
// ETag, Sec-WebSocket-Key, Connection: close). Nothing is checked: the floor trusts its peer. Pure;
// views point into what was given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pushbench::servers::floor {

inline constexpr int kStatusSwitching = 101;
inline constexpr int kStatusGone = 410;
constexpr bool is_success(int status) noexcept {
  return status / 100 == 2;
}

struct Request {
  bool publish = false;                // POST
  bool close = false;                  // the answer ends the connection
  std::string_view path;               // without the query
  std::optional<std::uint64_t> after;  // of the query
  std::string_view websocket_key;
  std::string_view body;
  std::size_t size = 0;  // head and body
};

struct Answer {
  int status = 0;
  std::optional<std::uint64_t> seq;  // of the ETag
  std::string_view body;             // by Content-Length; empty without
  std::string_view rest;             // what came behind it
  std::size_t head = 0;              // bytes of the head
  std::size_t size = 0;              // head and body
};

// nullopt: not all of it is there yet.
std::optional<Request> first_request(std::string_view input) noexcept;
std::optional<Answer> first_answer(std::string_view input) noexcept;

}  // namespace pushbench::servers::floor
