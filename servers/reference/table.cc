#include "servers/reference/long_polling.h"
#include "servers/reference/polling.h"
#include "servers/reference/strategy.h"
#include "servers/reference/streaming.h"
#include "servers/reference/websocket.h"

#include <array>

namespace pushbench::servers {
namespace {

constexpr std::array kRows{kPollingRow, kLongPollingRow, kChunkedRow, kSseRow, kWebSocketRow};
static_assert(kRows.size() <= kMaxStrategies);

}  // namespace

std::span<const Strategy> strategies() noexcept {
  return kRows;
}

}  // namespace pushbench::servers
