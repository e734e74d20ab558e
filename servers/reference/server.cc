#include "servers/reference/server.h"

#include "harness/base/descriptors.h"
#include "harness/wire/event_line.h"
#include "servers/reference/crew.h"
#include "servers/reference/listener.h"
#include "servers/reference/loop.h"
#include "servers/reference/target.h"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace pushbench::servers {
namespace {

// A further loop, on a thread of its own and, where the kernel offers that, with descriptors of its
// own. The first loop waits for two things that happen there: it has its table, and it listens.
class Helper {
 public:
  Helper(const ServerOptions& options, Crew& crew)
      : loop_(reactor_, options, &crew), listener_(loop_) {}

  Loop& loop() noexcept { return loop_; }

  void begin() {
    thread_ = std::thread([this] { run(); });
    apart_.wait(false);
  }
  Result<std::uint16_t> listen(std::uint16_t port) {
    reactor_.post([this, port] {
      listening_ = listener_.listen(Listener::Role::kFurther, port, own_table_);
      asked_ = true;
      asked_.notify_one();
    });
    asked_.wait(false);
    return listening_;
  }
  void stop() {
    reactor_.post([this] {
      listener_.stop();
      loop_.stop();
    });
  }
  void end() {
    reactor_.post([this] { reactor_.stop(); });
  }
  void join() { thread_.join(); }

 private:
  void run() {
    own_table_ = own_descriptor_table();
    apart_ = true;
    apart_.notify_one();
    loop_.start();
    reactor_.run();
    // What was opened in this table is closed in it.
    listener_.stop();
    loop_.close_all();
  }

  asio::io_context context_{1};
  Reactor reactor_{context_};
  Loop loop_;
  Listener listener_;
  std::atomic<bool> apart_{false}, asked_{false};
  bool own_table_ = false;
  Result<std::uint16_t> listening_ = std::uint16_t{0};
  std::thread thread_;
};

Result<void> check_write_delay(const ServerOptions& options) {
  if (options.write_delay < Nanos(0) || options.write_delay > ServerOptions::kMaxWriteDelay) {
    return usage("write_delay: 0 to 1 s");
  }
  if (options.write_delay > Nanos(0) && options.injection.any()) {
    return usage("--inject tells faults of single events; run it without --write-delay");
  }
  return {};
}

Result<void> check_compression(const ServerOptions& options) {
  const int level = options.compression_level;
  return level == 0 || (level >= wire::kLowestCompression && level <= wire::kHighestCompression)
             ? Result<void>()
             : usage("compression_level: 0 to 9");
}

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
      helper->end();
    }
    helper->join();
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
  if (const auto delay = check_write_delay(options); delay.has_error()) {
    return delay.error();
  }
  if (const auto level = check_compression(options); level.has_error()) {
    return level.error();
  }
  if (options.injection.any() && !is_loopback(options.address)) {
    return usage("--inject is a test aid for loopback addresses; " + options.address +
                 " is none, so listen on 127.0.0.1 or leave it out");
  }
  if (options.page.size() > options.limits.answer_bytes) {
    return usage("page: " + std::to_string(options.page.size()) + " bytes, at most " +
                 std::to_string(options.limits.answer_bytes) + " (answer_bytes)");
  }
  if (options.injection.header > 0 && !options.replays.empty()) {
    return usage(
        "--inject header=… cannot change heads that --replay sends as they stand in files; "
        "leave one of them out");
  }
  if (options.threads == 1) {
    parts_->loop.start();
    return parts_->listener.listen(Listener::Role::kAlone, options.port);
  }
  begin_helpers();
  parts_->loop.start();
  auto port = parts_->listener.listen(Listener::Role::kFirst, options.port);
  for (auto helper = parts_->helpers.begin(); port && helper != parts_->helpers.end(); ++helper) {
    port = (*helper)->listen(*port);
  }
  return port;
}

// All have joined before the first runs: nobody misses an event. All have their tables before there
// is a listening socket of which they would get copies.
void Server::begin_helpers() {
  const ServerOptions& options = parts_->loop.options();
  parts_->crew.join(parts_->loop);
  for (std::uint32_t i = 1; i < options.threads; ++i) {
    auto& helper = parts_->helpers.emplace_back(std::make_unique<Helper>(options, parts_->crew));
    parts_->crew.join(helper->loop());
  }
  for (const auto& helper : parts_->helpers) {
    helper->begin();
  }
}

void Server::stop() {
  parts_->listener.stop();
  parts_->loop.stop();
  if (std::exchange(parts_->stopping, true)) {
    return;
  }
  for (const auto& helper : parts_->helpers) {
    helper->stop();
  }
}

std::uint64_t Server::publish(std::string_view topic, std::string_view text) {
  Loop& loop = parts_->loop;
  if (!is_topic_name(topic, loop.limits().topic_name) || !wire::is_event_text(text) ||
      text.size() > loop.limits().max_event) {
    return 0;
  }
  Topic* const open = loop.topics.open(topic);
  const std::uint64_t seq = open == nullptr ? 0 : loop.publish(*open, text);
  if (open != nullptr && seq == 0) {
    loop.topics.forget_if_unused(*open);
  }
  return seq;
}

Metrics Server::metrics() {
  return parts_->loop.figures();
}

}  // namespace pushbench::servers
