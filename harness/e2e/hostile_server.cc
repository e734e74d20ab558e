#include "harness/e2e/hostile_server.h"

#include "harness/wire/websocket.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <exception>

namespace pushbench::e2e {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto kAwait = asio::as_tuple(asio::deferred);
constexpr std::size_t kHugeHead = std::size_t{4} * 1024 * 1024;

void ignore(const std::exception_ptr&) {}

std::size_t content_length(const std::string& head) {
  const auto at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

bool asks(const std::string& head, const std::string& path) {
  return head.starts_with("GET " + path);
}

bool is_stream(const std::string& head) {
  return asks(head, "/stream/") || asks(head, "/sse/");
}

std::string stream_head(const std::string& head) {
  const std::string type = asks(head, "/sse/") ? "text/event-stream" : "application/x-ndjson";
  return "HTTP/1.1 200 OK\r\nContent-Type: " + type +
         "\r\nPushbench-Seq: 0\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string handshake(const std::string& head) {
  const std::string field = "Sec-WebSocket-Key: ";
  const auto key = head.find(field) + field.size();
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: " +
         wire::websocket_accept(head.substr(key, head.find('\r', key) - key)) +
         "\r\nPushbench-Seq: 0\r\n\r\n";
}

// As the dialect says, and so that the client comes back at once.
std::string good_answer(const std::string& head) {
  if (is_stream(head)) {
    return stream_head(head) + "0\r\n\r\n";
  }
  if (asks(head, "/ws/")) {
    std::string out = handshake(head);
    wire::append_close(out, wire::kCloseGoingAway, "");
    return out;
  }
  return "HTTP/1.1 204 No Content\r\nETag: \"0\"\r\n\r\n";
}

std::string bad_chunk(const std::string& head) {
  if (asks(head, "/ws/")) {
    return handshake(head) + std::string("\xc1\x05hello", 7);
  }
  return stream_head(head) + "xyz\r\nhello\r\n";
}

std::string cut_short(const std::string& head) {
  if (asks(head, "/ws/")) {
    return handshake(head) + std::string("\x81\x7dhello", 7);
  }
  if (is_stream(head)) {
    return stream_head(head) + "40\r\nhello";
  }
  return "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nETag: \"1\"\r\n"
         "Content-Length: 200\r\n\r\n{\"seq\":1,\"da";
}

std::string huge_head() {
  return "HTTP/1.1 200 OK\r\nX-Filler: " + std::string(kHugeHead, 'a') + "\r\n\r\n";
}

}  // namespace

HostileServer::HostileServer(Misdeed misdeed, bool from_the_start)
    : misdeed_(misdeed),
      from_the_start_(from_the_start),
      acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
  asio::co_spawn(context_, accept(), ignore);
  thread_ = std::thread([this] { context_.run(); });
}

HostileServer::~HostileServer() {
  context_.stop();
  thread_.join();
}

std::string HostileServer::url() const {
  return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

bool HostileServer::is_due(const std::string& head) const {
  if (head.starts_with("POST ")) {
    return false;
  }
  return from_the_start_ || head.find("?after=0") != std::string::npos ||
         head.find("Last-Event-ID: ") != std::string::npos;
}

std::string HostileServer::answer(const std::string& head, bool& close) const {
  close = misdeed_ != Misdeed::kUnavailable;
  switch (misdeed_) {
    case Misdeed::kBadChunk: return bad_chunk(head);
    case Misdeed::kCutShort: return cut_short(head);
    case Misdeed::kGarbage: return std::string("\x13\x37\x00\xff\xfe garbage\n\n", 15);
    case Misdeed::kUnavailable:
      return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    case Misdeed::kHugeHead: return huge_head();
    case Misdeed::kReset:
    case Misdeed::kSilence: break;
  }
  return {};
}

Task<void> HostileServer::accept() {
  for (;;) {
    auto [ec, socket] = co_await acceptor_.async_accept(kAwait);
    if (ec) {
      co_return;
    }
    asio::co_spawn(context_, serve(std::move(socket)), ignore);
  }
}

Task<void> HostileServer::serve(tcp::socket socket) {
  std::string buffer;
  for (bool close = false; !close;) {
    auto dynamic = asio::dynamic_buffer(buffer);
    const auto [ec, size] = co_await asio::async_read_until(socket, dynamic, "\r\n\r\n", kAwait);
    if (ec) {
      co_return;
    }
    const std::string head = buffer.substr(0, size);
    const std::size_t whole = size + content_length(head);
    if (buffer.size() < whole) {
      const auto [more_ec, more] = co_await asio::async_read(
          socket, dynamic, asio::transfer_at_least(whole - buffer.size()), kAwait);
      if (more_ec) {
        co_return;
      }
    }
    buffer.erase(0, whole);
    std::string out;
    if (!is_due(head)) {
      out = head.starts_with("POST ") ? "HTTP/1.1 204 No Content\r\nETag: \"1\"\r\n\r\n"
                                      : good_answer(head);
      close = is_stream(head) || asks(head, "/ws/");
    } else {
      ++misdeeds_;
      if (misdeed_ == Misdeed::kReset) {
        boost::system::error_code ignored;
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
        socket.close(ignored);  // not left to the destructor, which would take the option back
        co_return;
      }
      out = answer(head, close);
      close = close && misdeed_ != Misdeed::kSilence;
    }
    const auto [write_ec, written] = co_await asio::async_write(socket, asio::buffer(out), kAwait);
    if (write_ec) {
      co_return;
    }
  }
  // The end is a FIN: what the client still sends must not make it a reset.
  boost::system::error_code ignored;
  socket.shutdown(tcp::socket::shutdown_send, ignored);
  std::string rest;
  co_await asio::async_read(socket, asio::dynamic_buffer(rest, 65536), kAwait);
}

}  // namespace pushbench::e2e
