// Polls that ask what another just asked. Clients that have seen the same events send the same
// bytes, and until something is published, or the second of the Date field passes, are told the
// same: so the head need not be read, nor the answer built, again for each of them. Bounded:
// a request has one place, by a hash of its first bytes, and the next one of that place takes it.
// Used from the thread of its loop only.
#pragma once

#include "servers/reference/limits.h"
#include "servers/reference/topic.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace pushbench::servers {

// What a request led to, whatever connection of a keep-alive client it came on.
struct Repeat {
  std::string request = {};   // the whole head of a GET without a body; empty: a free place
  Topic* topic = nullptr;     // with events in its log, so that it is there as long as the loop
  std::uint64_t newest = 0;   // of its log
  std::time_t second = 0;     // of the Date in `answer`
  std::string answer = {};    // whole; empty: the request waits for the next event
  Millis hold{};              // how long, when it waits
  int status = 0;             // of the answer
  std::uint32_t events = 0;   // in the answer
  std::uint8_t row = 0;       // of the strategy
  std::uint8_t endpoint = 0;  // of the counters of answers
};

class Repeats {
 public:
  static constexpr std::size_t kPlaces = 64;
  static constexpr std::size_t kHashed = 48;  // bytes; nothing shorter is kept
  static constexpr std::size_t kRequestMost = 1024;
  static constexpr std::size_t kAnswerMost = 4096;

  // What begins `input`, if it still holds at `second`; valid until the next keep(). Null: unknown.
  const Repeat* find(std::string_view input, std::time_t second) const noexcept;
  // What is longer than the bounds, or of a topic without events, is not kept.
  void keep(const Repeat& repeat);

 private:
  static std::size_t place_of(std::string_view request) noexcept;

  std::array<Repeat, kPlaces> places_;
};

}  // namespace pushbench::servers
