// A server that misbehaves in one known way, for the fault matrix: it takes whatever is published
// and answers a client's first contact as the native dialect says, so that a run gets under way;
// from then on every request for events meets the misdeed. Knows just enough HTTP for that. One
// thread of its own; ends with the object.
#pragma once

#include "harness/base/time.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace pushbench::e2e {

enum class Misdeed : std::uint8_t {
  kReset,        // RST instead of an answer
  kSilence,      // no answer, ever
  kBadChunk,     // a chunk whose size is not a number; a WebSocket frame with a reserved bit
  kCutShort,     // the end of the stream in the middle of a body, a chunk or a frame
  kGarbage,      // bytes that are no HTTP
  kUnavailable,  // 503
  kHugeHead,     // 4 MiB of one header field
};

class HostileServer {
 public:
  // `from_the_start`: first contacts meet the misdeed too.
  explicit HostileServer(Misdeed misdeed, bool from_the_start = false);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  std::string url() const;
  std::uint64_t misdeeds() const noexcept { return misdeeds_; }

 private:
  Task<void> accept();
  Task<void> serve(boost::asio::ip::tcp::socket socket);
  std::string answer(const std::string& head, bool& close) const;
  bool is_due(const std::string& head) const;

  Misdeed misdeed_;
  bool from_the_start_;
  boost::asio::io_context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<std::uint64_t> misdeeds_{0};
  std::thread thread_;
};

}  // namespace pushbench::e2e
