#include "harness/transport/websocket.h"

#include "harness/transport/conversation.h"
#include "harness/transport/strategies.h"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace pushbench::transport {
namespace {

using wire::Opcode;
using wire::Parsed;

constexpr std::size_t kPingSize = 4;
constexpr std::size_t kShortestHead = 2;  // of a frame that is not masked

Outbox& outbox_of(Subscription& s) {
  if (!s.outbox) {
    s.outbox = std::make_unique<Outbox>();
  }
  return *s.outbox;
}

bool has_unsent(const Subscription& s) {
  return s.outbox && !s.outbox->unsent.empty();
}

// Of `written` bytes the first are called framing: exact when all that is owed was written.
void report_written(Subscription& s, std::size_t written, wire::ByteTally& owed) {
  if (written == 0) {
    return;
  }
  wire::Traffic traffic;
  traffic.up.framing = std::min<std::uint64_t>(written, owed.framing);
  traffic.up.payload = written - traffic.up.framing;
  owed.framing -= traffic.up.framing;
  owed.payload -= traffic.up.payload;
  s.sink.on_traffic(traffic);
}

// Whole frames, `payload` bytes of them event. What the kernel does not take waits in the outbox.
error_code push(Subscription& s, std::string_view frames, std::size_t payload) {
  wire::ByteTally owed;
  owed.framing = frames.size() - payload;
  owed.payload = payload;
  const std::size_t waiting = has_unsent(s) ? s.outbox->unsent.size() : 0;
  if (waiting + frames.size() > s.shared.limits.max_outbox) {
    return Errc::kLimit;
  }
  if (waiting == 0) {
    error_code ec;
    const std::size_t sent = s.stream.write_some(frames, ec);
    report_written(s, sent, owed);
    if (ec && ec != asio::error::would_block) {
      return ec;
    }
    frames.remove_prefix(sent);
  }
  if (!frames.empty()) {
    Outbox& box = outbox_of(s);
    box.unsent += frames;
    box.owed += owed;
  }
  return {};
}

// What the kernel takes now.
error_code flush_some(Subscription& s) {
  Outbox& box = *s.outbox;
  if (box.unsent.empty()) {
    return {};
  }
  error_code ec;
  const std::size_t sent = s.stream.write_some(box.unsent, ec);
  report_written(s, sent, box.owed);
  box.unsent.erase(0, sent);
  return ec == asio::error::would_block ? error_code() : ec;
}

Task<error_code> flush(Subscription& s) {
  Outbox& box = *s.outbox;
  box.flushing = true;
  error_code ec;
  while (!ec && !box.unsent.empty()) {
    ec = co_await s.stream.writable();
    if (!ec) {
      ec = flush_some(s);
    }
  }
  box.flushing = false;
  co_return ec;
}

// An upstream event that waits for room takes all pongs along.
bool owes_pongs(const Subscription& s) {
  return has_unsent(s) && !s.outbox->flushing;
}

// Until there is something to read, or room for pongs that the kernel did not take: who stopped
// reading for those would wait for a server that waits for its reader.
Task<error_code> readable_or_flushed(Subscription& s) {
  if (!owes_pongs(s)) {
    co_return co_await s.stream.readable();
  }
  error_code ec = co_await s.stream.readable_or_writable();
  if (!ec && !s.stopping && !s.outbox->flushing) {
    ec = flush_some(s);
  }
  co_return ec;
}

std::array<char, kPingSize> to_bytes(std::uint32_t counter) {
  return {static_cast<char>(counter >> 24U), static_cast<char>(counter >> 16U),
          static_cast<char>(counter >> 8U), static_cast<char>(counter)};
}

std::uint32_t from_bytes(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char byte : bytes) {
    value = value << 8U | static_cast<unsigned char>(byte);
  }
  return value;
}

struct CloseRow {
  std::uint16_t first, last;
  Errc meaning;
};
// RFC 6455 section 7.4.1 and the IANA registry of close codes; 44xx is how servers spell HTTP's
// 4xx.
constexpr std::array kCloseRows{
    CloseRow{1000, 1001, Errc::kGoingAway},
    CloseRow{1005, 1005, Errc::kGoingAway},  // no code
    CloseRow{1008, 1008, Errc::kPolicy},
    CloseRow{1012, 1012, Errc::kGoingAway},  // service restart
    CloseRow{1013, 1013, Errc::kPolicy},     // try again later
    CloseRow{4400, 4499, Errc::kPolicy},
};

Errc meaning_of_close(std::uint16_t code) {
  for (const CloseRow& row : kCloseRows) {
    if (code >= row.first && code <= row.last) {
      return row.meaning;
    }
  }
  return Errc::kBadFrame;
}

// Best effort: the connection ends in any case.
void push_close(Subscription& s, std::uint16_t code) {
  constexpr std::uint16_t kNoCode = 1005;
  std::string& out = s.shared.scratch;
  out.clear();
  if (code == kNoCode) {
    wire::append_frame(out, Opcode::kClose, {}, wire::random_mask());
  } else {
    wire::append_close(out, code, {}, wire::random_mask());
  }
  static_cast<void>(push(s, out, 0));
}

}  // namespace

void Outbox::forget() noexcept {
  unsent.clear();
  owed = {};
  counter += static_cast<std::uint32_t>(unacked());
  due.clear();
  first = 0;
}

WebSocketReader::WebSocketReader(Subscription& subscription)
    : subscription_(subscription),
      upgrade_(std::make_unique<Upgrade>(subscription)),
      messages_(wire::MessageReader::Role::kClient,
                {.max_message = subscription.shared.limits.max_message}) {}

error_code WebSocketReader::pump() {
  Subscription& s = subscription_;
  for (int reads = 0; reads < kMaxReadsPerTurn; ++reads) {
    error_code ec;
    const std::span<char> bytes = s.read(ec);
    if (ec == asio::error::would_block) {
      return {};
    }
    if (ec == asio::error::eof) {
      return s.ready || upgrade_->started() ? make_error_code(Errc::kTruncated) : ec;
    }
    if (ec) {
      return ec;
    }
    Found found;
    ec = feed(bytes, found);
    s.settle(found, static_cast<bool>(ec));  // messages and heads name all their bytes
    if (ec || bytes.size() < s.shared.read_buffer.size()) {
      return ec;
    }
  }
  return {};
}

error_code WebSocketReader::feed(std::span<char> input, Found& found) {
  if (!subscription_.ready) {
    const error_code ec = upgrade_->read(input, found);
    if (ec || !subscription_.ready) {
      return ec;
    }
    if (upgrade_->compressed()) {
      messages_.take_compressed();
    }
    upgrade_.reset();
  }
  wire::Message message;
  for (;;) {
    switch (next(input, message)) {
      case Parsed::kNeedMore:
      case Parsed::kEnd: return {};
      case Parsed::kError:
        push_close(subscription_, messages_.close_code());
        return messages_.error();
      case Parsed::kItem: {
        const error_code ec = take(message, found);
        if (ec) {
          return ec;
        }
      }
    }
  }
}

// An event is in hand when it is inflated.
Parsed WebSocketReader::next(std::span<char>& input, wire::Message& message) {
  if (!messages_.takes_compressed()) {
    return messages_.next(input, message);
  }
  const Shared& shared = subscription_.shared;
  const TimePoint before = shared.time.now();
  const Parsed parsed = messages_.next(input, message, shared.inflater);
  subscription_.received += shared.time.now() - before;
  return parsed;
}

error_code WebSocketReader::take(const wire::Message& message, Found& found) {
  Subscription& s = subscription_;
  switch (message.opcode) {
    case Opcode::kClose: return take_close(message, found);
    case Opcode::kPing: {
      const std::size_t ping = message.framing + message.data.size();
      std::string& out = s.shared.scratch;
      out.clear();
      wire::append_frame(out, Opcode::kPong, message.data, wire::random_mask());
      found.bytes.framing += ping;
      ++found.spelling.heartbeats;
      found.spelling.heartbeat_bytes += ping + out.size();
      return push(s, out, 0);
    }
    case Opcode::kPong:
      found.bytes.framing += message.framing + message.data.size();
      take_pong(message);
      return {};
    default: return take_event(message, found);
  }
}

error_code WebSocketReader::take_event(const wire::Message& message, Found& found) {
  Subscription& s = subscription_;
  Unwrapped unwrapped = s.shared.dialect.unwrap_message(message.data);
  const bool is_event = unwrapped.kind == Unwrapped::Kind::kEvent;
  const bool compresses = messages_.takes_compressed();
  const std::size_t event = is_event ? unwrapped.event.size() : 0;
  const std::size_t payload = is_event && compresses ? message.carried : event;
  found.bytes.framing += message.framing + message.carried - payload;
  ++found.spelling.chunks;
  found.spelling.chunk_digits += message.framing - kShortestHead;
  if (is_event && !unwrapped.seq && s.cursor.seq) {
    unwrapped.seq = *s.cursor.seq + 1;  // counted from where the handshake said
  }
  const error_code ec = deliver(s, unwrapped, found);
  found.bytes.payload += payload - event;  // modulo 2^64
  if (compresses) {
    found.spelling.event_text += event;
    found.spelling.uncompressed += message.compressed ? 0U : 1U;
  }
  return ec;
}

error_code WebSocketReader::take_close(const wire::Message& message, Found& found) {
  const Unwrapped unwrapped =
      subscription_.shared.dialect.unwrap_close(message.close_code, message.data);
  const error_code ec = deliver(subscription_, unwrapped, found);
  push_close(subscription_, message.close_code);
  return ec ? ec
            : make_error_code(unwrapped.kind == Unwrapped::Kind::kGap
                                  ? Errc::kGoingAway  // come back at the new cursor
                                  : meaning_of_close(message.close_code));
}

// A pong may answer several pings at once (RFC 6455 section 5.5.3); one that answers none of ours
// means nothing.
void WebSocketReader::take_pong(const wire::Message& message) {
  Subscription& s = subscription_;
  if (!s.outbox || message.data.size() != kPingSize) {
    return;
  }
  Outbox& box = *s.outbox;
  const std::uint32_t ahead = from_bytes(message.data) - box.counter;
  if (ahead >= box.unacked()) {
    return;
  }
  for (std::uint32_t i = 0; i <= ahead; ++i) {
    const std::size_t bytes = i == ahead ? message.framing + message.data.size() : 0;
    s.sink.on_upstream_acked(s.received - box.due[box.first],
                             {.head = 0, .framing = bytes, .payload = 0});
    ++box.first;
    ++box.counter;
  }
  if (box.first == box.due.size()) {
    box.due.clear();
    box.first = 0;
  }
}

namespace {

class WebSocketTalk final : public Talk {
 public:
  explicit WebSocketTalk(Subscription& s) : Talk(s), reader_(s) {}

  Task<error_code> ask() {
    return transport::ask(subscription(), {.patience = {}, .websocket_key = reader_.key()});
  }
  error_code pump() {
    Subscription& s = subscription();
    const error_code ec = reader_.pump();
    if (s.ready) {
      s.set_deadline(s.received + s.shared.limits.silence_timeout);
    }
    return ec;
  }
  bool owes_bytes() const noexcept { return owes_pongs(subscription()); }
  Task<error_code> wait() { return readable_or_flushed(subscription()); }
  void end(bool /*answered*/) {
    Subscription& s = subscription();
    s.ready = false;
    if (s.outbox) {
      s.outbox->forget();
    }
  }

 private:
  WebSocketReader reader_;
};

}  // namespace

Task<error_code> subscribe_websocket(Subscription& s) {
  return converse<WebSocketTalk>(s);
}

Task<error_code> send_over_websocket(Subscription& s, std::string_view event, TimePoint due) {
  if (!s.ready || s.stopping) {
    co_return asio::error::not_connected;
  }
  Outbox& box = outbox_of(s);
  if (box.unacked() >= s.shared.limits.max_unacked_upstream) {
    co_return Errc::kLimit;
  }
  const auto ping = to_bytes(box.counter + static_cast<std::uint32_t>(box.unacked()));
  std::string& out = s.shared.scratch;
  out.clear();
  wire::append_frame(out, Opcode::kText, event, wire::random_mask());
  wire::append_frame(out, Opcode::kPing, {ping.data(), ping.size()}, wire::random_mask());
  const std::size_t frames = out.size() - event.size();
  error_code ec = push(s, out, event.size());
  if (ec) {
    co_return ec;
  }
  if (box.first > 0 && box.due.size() == box.due.capacity()) {  // reuse the acknowledged front
    box.due.erase(box.due.begin(), box.due.begin() + static_cast<std::ptrdiff_t>(box.first));
    box.first = 0;
  }
  box.due.push_back(due);
  s.sink.on_upstream_sent({.head = 0, .framing = frames, .payload = event.size()});
  if (has_unsent(s) && !box.flushing) {
    ec = co_await flush(s);
  }
  co_return ec;
}

void say_goodbye(Subscription& s) {
  if (!has_unsent(s)) {
    push_close(s, wire::kCloseNormal);
  }
}

}  // namespace pushbench::transport
