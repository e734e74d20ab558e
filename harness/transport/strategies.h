// The coroutines behind the table of transports, one per strategy, each in a file of its own. They
// share no base: what two of them do alike is in exchange.h.
#pragma once

#include "harness/base/time.h"
#include "harness/transport/transport.h"

namespace pushbench::transport {

Task<error_code> subscribe_polling(Subscription& subscription);
Task<error_code> subscribe_long_polling(Subscription& subscription);
Task<error_code> subscribe_streaming(Subscription& subscription);
Task<error_code> subscribe_websocket(Subscription& subscription);

}  // namespace pushbench::transport
