// A test's server: answers every request with what the test's function says, on a thread of its
// own. It knows just enough HTTP to find the ends of requests with Content-Length.
#pragma once

#include "harness/base/time.h"
#include "harness/transport/stream.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace pushbench::swarm {

class TinyServer {
 public:
  // Head line and body of a request to the bytes of an answer; an empty answer closes the
  // connection.
  using Answer =
      std::function<std::string(const std::string& request_line, const std::string& body)>;

  explicit TinyServer(Answer answer);
  ~TinyServer();

  transport::Endpoint endpoint() const;
  std::uint64_t requests() const noexcept { return requests_; }

 private:
  Task<void> accept();
  Task<void> serve(boost::asio::ip::tcp::socket socket);

  Answer answer_;
  boost::asio::io_context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  std::atomic<std::uint64_t> requests_{0};
  std::thread thread_;
};

}  // namespace pushbench::swarm
