#include "servers/reference/server.h"

#include "servers/reference/listener.h"
#include "servers/reference/loop.h"

namespace pushbench::servers {

struct Server::Parts {
  Parts(Reactor& reactor, const ServerOptions& options) : loop(reactor, options), listener(loop) {}
  Loop loop;
  Listener listener;
};

Server::Server(Reactor& reactor, const ServerOptions& options)
    : parts_(std::make_unique<Parts>(reactor, options)) {}

Server::~Server() = default;

Result<std::uint16_t> Server::listen() {
  const auto limits = check_limits(parts_->loop.limits());
  if (limits.has_error()) {
    return limits.error();
  }
  const ServerOptions& options = parts_->loop.options();
  if (options.injection.any() && !is_loopback(options.address)) {
    return usage("--inject is a test aid for loopback addresses; " + options.address +
                 " is none, so listen on 127.0.0.1 or leave it out");
  }
  auto port = parts_->listener.listen();
  if (port.has_value()) {
    parts_->loop.start();
  }
  return port;
}

void Server::stop() {
  parts_->listener.stop();
  parts_->loop.stop();
}

const Metrics& Server::metrics() const noexcept {
  return parts_->loop.metrics;
}

}  // namespace pushbench::servers
