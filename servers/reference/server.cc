#include "servers/reference/server.h"

#include "servers/reference/crew.h"
#include "servers/reference/listener.h"
#include "servers/reference/loop.h"

#include <boost/asio/io_context.hpp>

#include <thread>
#include <vector>

namespace pushbench::servers {
namespace {

// A further loop, on a thread of its own.
struct Helper {
  Helper(const ServerOptions& options, Crew& crew) : loop(reactor, options, &crew) {}

  asio::io_context context{1};
  Reactor reactor{context};
  Loop loop;
  std::thread thread;
};

Result<void> check_threads(const ServerOptions& options) {
  if (options.threads == 0 || options.threads > ServerOptions::kMaxThreads) {
    return usage("threads: 1 to " + std::to_string(ServerOptions::kMaxThreads));
  }
  if (options.threads == 1) {
    return {};
  }
  if (options.injection.any()) {
    return usage("--inject counts events in one order; run it with --threads 1");
  }
  if (options.limits.max_connections_per_address > 0) {
    return usage("max_connections_per_address is kept by one thread; use it with --threads 1");
  }
  return {};
}

}  // namespace

struct Server::Parts {
  Parts(Reactor& reactor, const ServerOptions& options)
      : loop(reactor, options, options.threads > 1 ? &crew : nullptr), listener(loop) {}

  Crew crew;
  Loop loop;
  Listener listener;
  std::vector<std::unique_ptr<Helper>> helpers;
  bool stopping = false;
};

Server::Server(Reactor& reactor, const ServerOptions& options)
    : parts_(std::make_unique<Parts>(reactor, options)) {}

// After stop() the helpers end by themselves, within stop_grace.
Server::~Server() {
  for (const auto& helper : parts_->helpers) {
    if (!parts_->stopping) {
      helper->reactor.post([&reactor = helper->reactor] { reactor.stop(); });
    }
    helper->thread.join();
  }
}

Result<std::uint16_t> Server::listen() {
  const ServerOptions& options = parts_->loop.options();
  if (const auto limits = check_limits(options.limits); limits.has_error()) {
    return limits.error();
  }
  if (const auto threads = check_threads(options); threads.has_error()) {
    return threads.error();
  }
  if (options.injection.any() && !is_loopback(options.address)) {
    return usage("--inject is a test aid for loopback addresses; " + options.address +
                 " is none, so listen on 127.0.0.1 or leave it out");
  }
  auto port = parts_->listener.listen();
  if (port.has_value()) {
    parts_->loop.start();
    begin_helpers();
  }
  return port;
}

// All have joined before the first runs: nobody misses an event.
void Server::begin_helpers() {
  const ServerOptions& options = parts_->loop.options();
  if (options.threads == 1) {
    return;
  }
  parts_->crew.join(parts_->loop);
  for (std::uint32_t i = 1; i < options.threads; ++i) {
    auto& helper = parts_->helpers.emplace_back(std::make_unique<Helper>(options, parts_->crew));
    parts_->crew.join(helper->loop);
  }
  for (const auto& helper : parts_->helpers) {
    helper->thread = std::thread([&helper = *helper] {
      helper.loop.start();
      helper.reactor.run();
    });
  }
}

void Server::stop() {
  parts_->listener.stop();
  parts_->loop.stop();
  if (std::exchange(parts_->stopping, true)) {
    return;
  }
  for (const auto& helper : parts_->helpers) {
    helper->reactor.post([&loop = helper->loop] { loop.stop(); });
  }
}

Metrics Server::metrics() {
  return parts_->loop.figures();
}

}  // namespace pushbench::servers
