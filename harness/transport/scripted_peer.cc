#include "harness/transport/scripted_peer.h"

#include "harness/wire/websocket.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <exception>
#include <utility>

namespace pushbench::transport {
namespace {

constexpr auto kAwait = asio::as_tuple(asio::deferred);
using Kind = Step::Kind;

void rethrow(const std::exception_ptr& error) {
  if (error) {
    std::rethrow_exception(error);
  }
}

Step step_of(Kind kind, std::string bytes = {}, std::vector<std::size_t> cuts = {}) {
  Step step;
  step.kind = kind;
  step.bytes = std::move(bytes);
  step.cuts = std::move(cuts);
  return step;
}

std::string value_of(std::string_view head, std::string_view field) {
  const std::size_t at = head.rfind(field);
  if (at == std::string_view::npos) {
    return {};
  }
  const std::size_t from = at + field.size();
  return std::string(head.substr(from, head.find("\r\n", from) - from));
}

}  // namespace

Step expect_head() {
  return step_of(Kind::kExpectHead);
}
Step expect_bytes(std::size_t count) {
  Step step = step_of(Kind::kExpectBytes);
  step.count = count;
  return step;
}
Step send(std::string bytes) {
  return step_of(Kind::kSend, std::move(bytes));
}
Step send_cut(std::string bytes, std::vector<std::size_t> cuts) {
  return step_of(Kind::kSendCut, std::move(bytes), std::move(cuts));
}
Step send_bytewise(std::string bytes) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    cuts.push_back(i);
  }
  return step_of(Kind::kSendCut, std::move(bytes), std::move(cuts));
}
Step close_now() {
  return step_of(Kind::kClose);
}
Step reset_now() {
  return step_of(Kind::kReset);
}
Step silence() {
  return step_of(Kind::kSilence);
}

struct ScriptedPeer::Player {
  Player(asio::ip::tcp::socket socket_in, Seen& seen_in, const Script& script_in)
      : socket(std::move(socket_in)), seen(seen_in), script(script_in) {}

  asio::ip::tcp::socket socket;
  Seen& seen;
  const Script& script;
  std::size_t taken = 0;  // bytes of seen.got that earlier steps expected
  std::array<char, 4096> buffer{};

  // false: the client is gone.
  Task<bool> read() {
    const auto [ec, size] = co_await socket.async_read_some(asio::buffer(buffer), kAwait);
    seen.got.append(buffer.data(), size);
    seen.closed = seen.closed || ec;
    co_return !ec;
  }
  Task<void> expect(const Step& step) {
    for (;;) {
      const bool head = step.kind == Kind::kExpectHead;
      const std::size_t end = seen.got.find("\r\n\r\n", taken);
      if (head ? end != std::string::npos : seen.got.size() >= taken + step.count) {
        taken = head ? end + 4 : taken + step.count;
        co_return;
      }
      if (!co_await read()) {
        co_return;
      }
    }
  }
  Task<void> write(std::string_view piece) {
    const auto [ec, size] = co_await asio::async_write(socket, asio::buffer(piece), kAwait);
    seen.sent += size;
    seen.closed = seen.closed || ec;
  }
  Task<void> send(const Step& step) {
    std::string bytes = step.bytes;
    const std::size_t mark = bytes.find("{accept}");
    if (mark != std::string::npos) {
      bytes.replace(mark, 8, wire::websocket_accept(value_of(seen.got, "Sec-WebSocket-Key: ")));
    }
    std::vector<std::size_t> cuts = step.cuts;
    cuts.push_back(bytes.size());
    std::size_t from = 0;
    for (const std::size_t cut : cuts) {
      if (cut > from && cut <= bytes.size() && !seen.closed) {
        co_await write(std::string_view(bytes).substr(from, cut - from));
        from = cut;
        for (int turn = 0; turn < 3; ++turn) {  // the client reads this piece before the next
          co_await asio::post(socket.get_executor(), asio::deferred);
        }
      }
    }
  }
  void close(bool reset) {
    error_code ignored;
    if (reset) {
      socket.set_option(asio::socket_base::linger(true, 0), ignored);
    }
    socket.close(ignored);
  }
};

ScriptedPeer::ScriptedPeer(asio::io_context& context, std::vector<Script> scripts)
    : context_(context),
      acceptor_(context, {asio::ip::address_v4::loopback(), 0}),
      scripts_(std::move(scripts)) {
  asio::co_spawn(context, accept(), rethrow);
}

ScriptedPeer::~ScriptedPeer() {
  stop();
}

Task<void> ScriptedPeer::accept() {
  for (;;) {
    auto [ec, socket] = co_await acceptor_.async_accept(kAwait);
    if (ec) {
      co_return;
    }
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    const std::size_t index = std::min(seen_.size(), scripts_.size() - 1);
    seen_.push_back(std::make_unique<Seen>());
    auto player = std::make_shared<Player>(std::move(socket), *seen_.back(), scripts_[index]);
    players_.push_back(player);
    asio::co_spawn(context_, play(player), rethrow);
  }
}

Task<void> ScriptedPeer::play(std::shared_ptr<Player> player) {
  for (const Step& step : player->script) {
    switch (step.kind) {
      case Kind::kExpectHead:
      case Kind::kExpectBytes: co_await player->expect(step); break;
      case Kind::kSend:
      case Kind::kSendCut: co_await player->send(step); break;
      case Kind::kClose:
      case Kind::kReset:
        player->seen.finished = true;
        player->close(step.kind == Kind::kReset);
        co_return;
      case Kind::kSilence: break;
    }
  }
  player->seen.finished = true;
  bool more = true;
  while (more) {
    more = co_await player->read();
  }
}

void ScriptedPeer::stop() {
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& player : players_) {
    player->close(false);
  }
}

}  // namespace pushbench::transport
