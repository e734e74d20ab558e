// The coroutines behind the table of transports, one per strategy, each in a file of its own. They
// share no base: what two of them do alike is in exchange.h.
#pragma once

#include "harness/transport/transport.h"

#include <boost/asio/awaitable.hpp>

namespace pushbench::transport {

asio::awaitable<error_code> subscribe_polling(Subscription& subscription);
asio::awaitable<error_code> subscribe_long_polling(Subscription& subscription);
asio::awaitable<error_code> subscribe_streaming(Subscription& subscription);
asio::awaitable<error_code> subscribe_websocket(Subscription& subscription);

}  // namespace pushbench::transport
