#include "servers/floor/server.h"

#include "harness/wire/websocket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

namespace pushbench::servers::floor {
namespace {

constexpr int kAcceptsPerTurn = 64;
constexpr std::uint32_t kListener = 0xffffffff;
constexpr std::uint32_t kStop = 0xfffffffe;

}  // namespace

Result<std::uint16_t> Server::listen(std::uint16_t port) {
  auto listener = listen_on(port);
  if (!listener) {
    return listener.error();
  }
  listener_ = std::move(*listener);
  epoll_.add(listener_.get(), EPOLLIN, kListener);
  buffer_.resize(kReadBytes);
  return port_of(listener_.get());
}

void Server::run(int stop) {
  epoll_.add(stop, EPOLLIN, kStop);
  for (;;) {
    for (const epoll_event& event : epoll_.wait(-1)) {
      if (event.data.u32 == kStop) {
        for (std::size_t i = 0; i < connections_.size(); ++i) {
          drop(static_cast<int>(i));
        }
        return;
      }
      if (event.data.u32 == kListener) {
        accept_some();
      } else {
        on_readable(static_cast<int>(event.data.u32));
      }
    }
  }
}

void Server::accept_some() {
  for (int i = 0; i < kAcceptsPerTurn; ++i) {
    const int descriptor =
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      return;
    }
    if (static_cast<std::size_t>(descriptor) >= connections_.size()) {
      connections_.resize(static_cast<std::size_t>(descriptor) + 1);
    }
    at(descriptor) = {Kind::kHttp, 0};
    epoll_.add(descriptor, EPOLLIN, static_cast<std::uint32_t>(descriptor));
  }
}

void Server::on_readable(int descriptor) {
  if (at(descriptor).kind == Kind::kClosed) {
    return;  // closed earlier in this turn
  }
  std::size_t old = 0;
  if (!partial_.empty()) {
    if (const auto found = partial_.find(descriptor); found != partial_.end()) {
      old = found->second.size();
      std::memcpy(buffer_.data(), found->second.data(), old);
      partial_.erase(found);
    }
  }
  const ssize_t got = ::recv(descriptor, buffer_.data() + old, buffer_.size() - old, 0);
  if (got <= 0) {
    // A buffer filled by one request reads nothing either; such a request has no place here.
    if (got == 0 || errno != EAGAIN) {
      drop(descriptor);
    }
    return;
  }
  std::span<char> bytes(buffer_.data(), old + static_cast<std::size_t>(got));
  while (!bytes.empty()) {
    const std::size_t used = take(descriptor, bytes);
    if (used == 0) {
      partial_[descriptor].assign(bytes.data(), bytes.size());
      return;
    }
    bytes = bytes.subspan(used);
  }
}

std::size_t Server::take(int descriptor, std::span<char> bytes) {
  switch (at(descriptor).kind) {
    case Kind::kHttp: return take_request(descriptor, {bytes.data(), bytes.size()});
    case Kind::kLongPoll: return 0;  // behind the request on hold
    case Kind::kEcho: return take_echo(descriptor, bytes);
    case Kind::kWebSocket:
      if ((bytes[0] & 0x0f) == static_cast<char>(wire::Opcode::kClose)) {
        drop(descriptor);
      }
      return bytes.size();
    case Kind::kStream:
    case Kind::kSse:
    case Kind::kClosed: break;
  }
  return bytes.size();
}

std::size_t Server::take_request(int descriptor, std::string_view bytes) {
  const auto request = first_request(bytes);
  if (!request) {
    return 0;
  }
  if (request->publish) {
    publish(request->body);
    write(descriptor, event_.published);
  } else {
    answer(descriptor, *request);
  }
  return request->size;
}

void Server::answer(int descriptor, const Request& request) {
  if (request.path.starts_with("/poll/") && seq_ > 0) {
    write(descriptor, request.close ? event_.closing_answer : event_.answer);
    if (request.close) {
      drop(descriptor);
    }
  } else if (request.path.starts_with("/long-poll/")) {
    if (request.after && *request.after < seq_) {
      write(descriptor, event_.answer);
    } else {
      become(descriptor, Kind::kLongPoll);
    }
  } else if (request.path.starts_with("/stream/")) {
    subscribe(descriptor, Kind::kStream, kStreamHead);
  } else if (request.path.starts_with("/sse/")) {
    subscribe(descriptor, Kind::kSse, kSseHead);
  } else if (request.path.starts_with("/ws/")) {
    subscribe(descriptor, Kind::kWebSocket, upgrade_.answer_to(request.websocket_key));
  } else if (request.path == "/echo") {
    subscribe(descriptor, Kind::kEcho, upgrade_.answer_to(request.websocket_key));
  } else {
    write(descriptor, kNotFound);
  }
}

std::size_t Server::take_echo(int descriptor, std::span<char> bytes) {
  constexpr std::size_t kMask = 4;
  constexpr unsigned kShort = 125;
  constexpr unsigned kTwoBytes = 126;
  constexpr std::size_t kLongHead = 4;
  if (bytes.size() < kLongHead) {
    return 0;
  }
  const auto byte = [&bytes](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  std::size_t length = byte(1) & 0x7f;
  const std::size_t head = length == kTwoBytes ? kLongHead : 2;
  if (length == kTwoBytes) {
    length = byte(2) << 8U | byte(3);
  } else if (length > kShort) {
    drop(descriptor);  // 64 KiB and more do not fit the buffer
    return bytes.size();
  }
  if ((byte(0) & 0x0f) == static_cast<std::size_t>(wire::Opcode::kClose)) {
    drop(descriptor);
    return bytes.size();
  }
  const std::size_t size = head + kMask + length;
  if (bytes.size() < size) {
    return 0;
  }
  // The head moves over the mask, and all of it goes back from where it stands.
  std::uint32_t mask = 0;
  std::memcpy(&mask, bytes.data() + head, kMask);
  wire::apply_mask(bytes.subspan(head + kMask, length), mask);
  bytes[1] = static_cast<char>(byte(1) & 0x7f);
  std::memmove(bytes.data() + kMask, bytes.data(), head);
  write(descriptor, {bytes.data() + kMask, head + length});
  return size;
}

void Server::publish(std::string_view text) {
  event_.make(++seq_, text);
  fan_out(Kind::kWebSocket, event_.websocket);
  fan_out(Kind::kStream, event_.stream);
  fan_out(Kind::kSse, event_.sse);
  answer_held();
  for (const int descriptor : broken_) {
    drop(descriptor);
  }
  broken_.clear();
}

void Server::fan_out(Kind kind, std::string_view bytes) {
  for (const int descriptor : list(kind)) {
    if (!write_whole(descriptor, bytes)) {
      broken_.push_back(descriptor);
    }
  }
}

void Server::answer_held() {
  std::vector<int>& held = list(Kind::kLongPoll);
  fan_out(Kind::kLongPoll, event_.answer);
  for (const int descriptor : held) {
    at(descriptor) = {Kind::kHttp, 0};
  }
  held.clear();
}

void Server::subscribe(int descriptor, Kind kind, std::string_view head) {
  become(descriptor, kind);
  write(descriptor, head);
}

void Server::become(int descriptor, Kind kind) {
  std::vector<int>& own = list(kind);
  at(descriptor) = {kind, static_cast<std::uint32_t>(own.size())};
  own.push_back(descriptor);
}

void Server::write(int descriptor, std::string_view bytes) {
  if (at(descriptor).kind != Kind::kClosed && !write_whole(descriptor, bytes)) {
    drop(descriptor);
  }
}

void Server::drop(int descriptor) {
  const Connection gone = at(descriptor);
  if (gone.kind == Kind::kClosed) {
    return;
  }
  if (gone.kind != Kind::kHttp) {
    std::vector<int>& own = list(gone.kind);
    own[gone.place] = own.back();
    at(own.back()).place = gone.place;
    own.pop_back();
  }
  at(descriptor) = {};
  partial_.erase(descriptor);
  ::close(descriptor);
}

}  // namespace pushbench::servers::floor
