// The opening handshake of a WebSocket (RFC 6455 section 4.1), from the client's side: the request,
// and what an answer must hold. It goes when the connection is one, since an idle client need not
// keep it.
#pragma once

#include "harness/transport/exchange.h"
#include "harness/transport/transport.h"

#include <span>
#include <string>

namespace pushbench::transport {

class Upgrade {
 public:
  explicit Upgrade(Subscription& subscription);
  const std::string& key() const noexcept { return key_; }    // fresh; goes with the request
  bool started() const noexcept { return heads_.started(); }  // the answer has begun
  // Takes the answer off the front of `input`; the subscription is ready once it is whole.
  error_code read(std::span<char>& input, Found& found);
  // The server compresses its messages, as it was asked to.
  bool compressed() const noexcept { return compressed_; }

 private:
  Subscription& subscription_;
  HeadReader heads_;
  std::string key_;
  bool compressed_ = false;
};

}  // namespace pushbench::transport
