#include "servers/floor/load.h"

#include "servers/floor/connections.h"

#include <fmt/format.h>

namespace pushbench::servers::floor {
namespace {

// The example of RFC 6455 section 1.3: a key need only be 16 bytes in base64.
constexpr std::string_view kUpgradeFields =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

std::string opening_of(const ClientOptions& options, const ModeRow& row) {
  if (options.mode == Mode::kLongPoll) {
    // An event was published before, so that this is answered at once and tells the cursor.
    return request_text(options.path + "?after=0", false);
  }
  return request_text(options.path, row.upgrade,
                      options.mode == Mode::kPollNew ? "Connection: close\r\n" : "");
}

Nanos interval_of(const ClientOptions& options) {
  return options.rate > 0
             ? std::chrono::duration_cast<Nanos>(std::chrono::duration<double>(1 / options.rate))
             : Nanos(0);
}

}  // namespace

std::string request_text(std::string_view path, bool upgrade, std::string_view fields) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}{}\r\n", path,
                     upgrade ? kUpgradeFields : "", fields);
}

Load::Load(const ClientOptions& options, std::uint32_t run_tag)
    : options_(options),
      row_(row_of(options.mode)),
      run_tag_(run_tag),
      interval_(interval_of(options)),
      opening_(opening_of(options, row_)) {}

std::string_view Load::on_opened(std::uint32_t id, std::string_view bytes, TimePoint, bool& live) {
  const auto answer = whole_answer(id, bytes);
  if (!answer) {
    return {};
  }
  live = row_.upgrade ? answer->status == kStatusSwitching : is_success(answer->status);
  if (!live) {
    count_error();
    connections().close(id);
    return {};
  }
  return answer->rest;
}

bool Load::on_end(std::uint32_t, TimePoint) {
  count_error();
  return false;
}

TimePoint Load::act(TimePoint) {
  return kNever;
}

std::string_view Load::with_kept(std::uint32_t id, std::string_view bytes) {
  if (kept_.empty()) {
    return bytes;
  }
  const auto found = kept_.find(id);
  if (found == kept_.end()) {
    return bytes;
  }
  joined_ = std::move(found->second);
  kept_.erase(found);
  joined_.append(bytes);
  return joined_;
}

void Load::keep(std::uint32_t id, std::string_view rest) {
  if (!rest.empty()) {
    kept_[id] = std::string(rest);
  }
}

std::optional<Answer> Load::whole_answer(std::uint32_t id, std::string_view bytes) {
  const std::string_view all = with_kept(id, bytes);
  const auto answer = first_answer(all);
  if (!answer) {
    keep(id, all);
  }
  return answer;
}

}  // namespace pushbench::servers::floor
