#include "servers/floor/scanner.h"

namespace pushbench::servers::floor {

EventText event_text(std::uint32_t run_tag, TimePoint due) noexcept {
  EventText text;
  text.fill('x');
  const auto index = static_cast<std::uint64_t>(due.time_since_epoch().count());
  wire::encode_stamp({run_tag, index},
                     std::span<char, wire::kStampSize>(text.data(), wire::kStampSize));
  return text;
}

}  // namespace pushbench::servers::floor
