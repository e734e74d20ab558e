#include "harness/app/injecting_server.h"

#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace pushbench::app {
namespace {

constexpr std::string_view kFamily = "pushbench_injected_total{name=\"";
constexpr std::size_t kMaxMetrics = 1024 * 1024;

// Blocks, each wait at most the bound: a test aid asks a test aid.
std::string ask(const asio::ip::tcp::endpoint& server, const std::string& request, error_code& ec) {
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect(server, ec);
  const auto bound =
      std::chrono::duration_cast<std::chrono::seconds>(InjectingServer::kAnswerBound);
  const timeval patience{.tv_sec = bound.count(), .tv_usec = 0};
  if (!ec && ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience,
                          sizeof patience) != 0) {
    ec = {errno, boost::system::system_category()};
  }
  std::string answer;
  if (ec || ::send(socket.native_handle(), request.data(), request.size(), MSG_NOSIGNAL) !=
                static_cast<ssize_t>(request.size())) {
    return answer;
  }
  std::array<char, 4096> buffer{};
  ssize_t size = 0;
  while (answer.size() < kMaxMetrics &&
         (size = ::recv(socket.native_handle(), buffer.data(), buffer.size(), 0)) > 0) {
    answer.append(buffer.data(), static_cast<std::size_t>(size));
  }
  if (size < 0) {
    ec = {errno, boost::system::system_category()};
  }
  return answer;
}

}  // namespace

Result<InjectingServer> InjectingServer::start(const std::string& program,
                                               const std::string& inject,
                                               const std::string& log_path) {
  auto child =
      swarm::ServerChild::start({program, "serve", "--listen", "127.0.0.1:0", "--die-with-parent",
                                 std::to_string(getpid()), "--inject", inject},
                                log_path);
  if (!child) {
    return child.error();
  }
  InjectingServer server;
  server.child_ = std::move(*child);
  return server;
}

transport::Endpoint InjectingServer::endpoint() const {
  transport::Endpoint to;
  to.address = {asio::ip::address_v4::loopback(), child_.port()};
  to.host = fmt::format("127.0.0.1:{}", child_.port());
  return to;
}

Result<InjectedCounts> InjectingServer::injected() const {
  const auto to = endpoint();
  error_code ec;
  const std::string answer = ask(
      to.address,
      fmt::format("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", to.host), ec);
  const auto counts = parse_injected(answer);
  if (counts.empty()) {
    return could_not_run(fmt::format("the server does not say in /metrics what it injected: {}",
                                     ec ? ec.message() : "the rows are not there"));
  }
  return counts;
}

InjectedCounts parse_injected(std::string_view metrics) {
  InjectedCounts counts;
  for (auto at = metrics.find(kFamily); at != std::string_view::npos;
       at = metrics.find(kFamily, at)) {
    at += kFamily.size();
    const auto quote = metrics.find('"', at);
    const auto space = metrics.find(' ', at);
    if (quote == std::string_view::npos || space == std::string_view::npos) {
      break;
    }
    std::uint64_t value = 0;
    const auto [stop, ec] =
        std::from_chars(metrics.data() + space + 1, metrics.data() + metrics.size(), value);
    if (ec == std::errc()) {
      counts.emplace(metrics.substr(at, quote - at), value);
    }
    at = space;
  }
  return counts;
}

}  // namespace pushbench::app
