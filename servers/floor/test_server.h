// A floor server on a thread of its own, and short runs of the floor client against it, for the
// tests of this room.
#pragma once

#include "servers/floor/client.h"
#include "servers/floor/server.h"

#include <gtest/gtest.h>

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <thread>

namespace pushbench::servers::floor {

class TestServer {
 public:
  TestServer() : stop_(::eventfd(0, EFD_CLOEXEC)) {
    port_ = server_.listen(0).value();
    thread_ = std::thread([this] { server_.run(stop_.get()); });
  }
  ~TestServer() {
    const std::uint64_t one = 1;
    EXPECT_EQ(::write(stop_.get(), &one, sizeof one), static_cast<ssize_t>(sizeof one));
    thread_.join();
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  std::uint16_t port() const noexcept { return port_; }

 private:
  Server server_;
  Descriptor stop_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

inline ClientOptions short_run(Mode mode, const TestServer& server) {
  ClientOptions options;
  options.mode = mode;
  options.port = server.port();
  options.path = row_of(mode).path;
  options.clients = 20;
  options.warmup = std::chrono::milliseconds(50);
  options.measure = std::chrono::milliseconds(200);
  options.pid = ::getpid();
  return options;
}

// A run of that mode in which everybody was there, something arrived and nothing went wrong.
inline Figures sound_run(const ClientOptions& options) {
  const auto figures = run_client(options);
  if (!figures) {
    ADD_FAILURE() << figures.error().text;
    return {};
  }
  EXPECT_EQ(figures->mode, row_of(options.mode).name);
  EXPECT_EQ(figures->live, options.clients);
  EXPECT_EQ(figures->errors, 0U);
  EXPECT_EQ(figures->lost, 0U);
  EXPECT_GT(figures->deliveries, 0U);
  EXPECT_GT(figures->p50.count(), 0);
  EXPECT_LE(figures->p50, figures->p99);
  EXPECT_LE(figures->p99, figures->max);
  EXPECT_GT(figures->client_cpu.count(), 0);
  EXPECT_GE(figures->window, options.measure);
  return *figures;
}

}  // namespace pushbench::servers::floor
