#include "servers/reference/long_polling.h"
#include "servers/reference/polling.h"
#include "servers/reference/strategy.h"
#include "servers/reference/streaming.h"
#include "servers/reference/websocket.h"

#include <array>

namespace pushbench::servers {
namespace {

constexpr std::array kRows{kPollingRow,   kLongPollingRow,     kChunkedRow,         kSseRow,
                           kWebSocketRow, kPollingGzipRow,     kLongPollingGzipRow, kChunkedGzipRow,
                           kSseGzipRow,   kWebSocketDeflateRow};
static_assert(kRows.size() <= kMaxStrategies);
constexpr std::size_t kRoutes = 5;
static_assert(!kRows[kRoutes - 1].compressed && kRows[kRoutes].compressed);

}  // namespace

std::span<const Strategy> strategies() noexcept {
  return kRows;
}

std::span<const Strategy> routes() noexcept {
  return std::span<const Strategy>(kRows).first(kRoutes);
}

}  // namespace pushbench::servers
