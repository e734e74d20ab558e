#include "harness/swarm/tiny_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <exception>

namespace pushbench::swarm {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::deferred);

void ignore(const std::exception_ptr&) {}

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

TinyServer::TinyServer(Answer answer)
    : answer_(std::move(answer)),
      acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
  asio::co_spawn(context_, accept(), ignore);
  thread_ = std::thread([this] { context_.run(); });
}

TinyServer::~TinyServer() {
  context_.stop();
  thread_.join();
}

transport::Endpoint TinyServer::endpoint() const {
  transport::Endpoint to;
  to.address = acceptor_.local_endpoint();
  to.host = "127.0.0.1:" + std::to_string(to.address.port());
  return to;
}

Task<void> TinyServer::accept() {
  for (;;) {
    auto [ec, socket] = co_await acceptor_.async_accept(kAwait);
    if (ec) {
      co_return;
    }
    asio::co_spawn(context_, serve(std::move(socket)), ignore);
  }
}

Task<void> TinyServer::serve(tcp::socket socket) {
  std::string buffer;
  for (;;) {
    auto dynamic = asio::dynamic_buffer(buffer);
    const auto [ec, head_size] =
        co_await asio::async_read_until(socket, dynamic, "\r\n\r\n", kAwait);
    if (ec) {
      co_return;
    }
    const std::string head = buffer.substr(0, head_size);
    const std::size_t whole = head_size + content_length(head);
    while (buffer.size() < whole) {
      const auto [more_ec, more] =
          co_await asio::async_read(socket, dynamic, asio::transfer_at_least(1), kAwait);
      if (more_ec) {
        co_return;
      }
    }
    ++requests_;
    const std::string answer =
        answer_(head.substr(0, head.find("\r\n")), buffer.substr(head_size, whole - head_size));
    buffer.erase(0, whole);
    if (answer.empty()) {
      co_return;
    }
    const auto [write_ec, written] =
        co_await asio::async_write(socket, asio::buffer(answer), kAwait);
    if (write_ec) {
      co_return;
    }
  }
}

}  // namespace pushbench::swarm
