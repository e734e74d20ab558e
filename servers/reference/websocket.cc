#include "servers/reference/websocket.h"

#include "harness/wire/websocket.h"
#include "servers/reference/compression.h"
#include "servers/reference/loop.h"
#include "servers/reference/polling.h"

#include <algorithm>

namespace pushbench::servers {
namespace {

using wire::Opcode;

// Base64 of 16 bytes, RFC 6455 section 4.1: 22 digits and "==".
bool is_key(std::string_view key) {
  const auto digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return key.size() == 24 && key.ends_with("==") && std::all_of(key.begin(), key.end() - 2, digit);
}

bool refused(Connection& connection, const wire::RequestHead& head) {
  if (!head.upgrade_websocket || head.http10) {
    connection.loop().metrics.count(Trouble::kBadRequest);
    connection.refuse({426,
                       "This endpoint speaks WebSocket; ask for it with Upgrade and Connection.",
                       kUpgradeFields});
    return true;
  }
  if (!is_key(head.websocket_key)) {
    connection.loop().metrics.count(Trouble::kBadRequest);
    connection.refuse({400, "Sec-WebSocket-Key must be 16 bytes in base64.", ""});
    return true;
  }
  return false;
}

struct Switch {
  std::string_view key;
  std::optional<std::string_view> extensions;
  const std::uint64_t* seq = nullptr;
  std::size_t spaces = 0;  // white space that --inject adds to the head
};

void append_switch(std::string& out, const Switch& to) {
  out +=
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: ";
  out.append(to.spaces, ' ');
  out += wire::websocket_accept(to.key);
  if (to.extensions) {
    out += "\r\nSec-WebSocket-Extensions: ";
    out += *to.extensions;
  }
  if (to.seq != nullptr) {
    out += "\r\nPushbench-Seq: ";
    append_decimal(out, *to.seq);
  }
  out += "\r\n\r\n";
}

// What we say first; the peer then closes its half, or the deadline does.
void say_goodbye(Connection& connection, std::uint16_t code, std::string_view reason) {
  std::string frame;
  wire::append_close(frame, code, reason);
  connection.send_last(frame);
  connection.await_goodbye(connection.loop().limits().websocket_close);
}

void count_fault(Metrics& metrics, std::uint16_t code) {
  if (code == wire::kCloseTooBig) {
    metrics.count(Trouble::kMessageSize);
  } else if (code == wire::kClosePolicy) {
    metrics.count(Trouble::kFragments);
  } else {
    metrics.count(Trouble::kFrame);
  }
}

// Answers of one turn are collected in `out` and leave in one write.
enum class Heard { kGoOn, kOver };

Heard on_close(Connection& connection, const wire::Message& message, std::string& out) {
  if (connection.phase() == Connection::Phase::kStream) {
    // 1005 means that the frame named no code; the echo names none either (section 5.5.1).
    static constexpr std::uint16_t kNoCode = 1005;
    if (message.close_code == kNoCode) {
      wire::append_frame(out, Opcode::kClose, {});
    } else {
      wire::append_close(out, message.close_code, {});
    }
    connection.send_last(out);
  }
  connection.finish();
  return Heard::kOver;
}

template <class OnMessage>
Heard read_messages(Connection& connection,
                    std::span<char> bytes,
                    std::string& out,
                    OnMessage on_message) {
  wire::MessageReader& reader = *connection.websocket();
  wire::Message message;
  for (;;) {
    const wire::Parsed parsed = reader.next(bytes, message, &connection.loop().inflater);
    if (parsed == wire::Parsed::kError) {
      count_fault(connection.loop().metrics, reader.close_code());
      if (connection.phase() == Connection::Phase::kStream) {
        wire::append_close(out, reader.close_code(), {});
        connection.send_last(out);
      }
      connection.finish();
      return Heard::kOver;
    }
    if (parsed != wire::Parsed::kItem) {
      return Heard::kGoOn;
    }
    switch (message.opcode) {
      case Opcode::kClose: return on_close(connection, message, out);
      case Opcode::kPing: wire::append_frame(out, Opcode::kPong, message.data); break;
      case Opcode::kPong: break;
      default: on_message(message);
    }
  }
}

template <class OnMessage>
void input(Connection& connection, std::span<char> bytes, OnMessage on_message) {
  if (connection.finishing()) {
    return;
  }
  connection.ping_sent = false;
  std::string out;  // not the loop's scratch: an echo may be large, and most turns send nothing
  const Heard heard = read_messages(
      connection, bytes, out, [&](const wire::Message& message) { on_message(message, out); });
  if (heard == Heard::kGoOn && !out.empty() && connection.phase() == Connection::Phase::kStream) {
    connection.send(out);
  }
}

}  // namespace

void begin_websocket(Connection& connection, const Request& request) {
  if (refused(connection, request.head)) {
    return;
  }
  const auto query = take_query(connection, request, false);
  if (!query) {
    return;
  }
  static const std::size_t kPlain = row_of(kWebSocketRow.name);
  static const std::size_t kDeflate = row_of(kWebSocketDeflateRow.name);
  Loop& loop = connection.loop();
  Topic* const topic = loop.topics.open(request.topic);
  if (topic == nullptr) {
    refuse_topic(connection);
    return;
  }
  const EventLog& log = topic->log();
  const std::uint64_t cursor = query->after.value_or(log.newest());
  const std::uint64_t told = log.follows(cursor) ? cursor : log.newest();
  loop.scratch.clear();
  const auto deflate = agreed_deflate(loop, request.head);
  append_switch(loop.scratch, {.key = request.head.websocket_key,
                               .extensions = deflate,
                               .seq = &told,
                               .spaces = loop.options().injection.header});
  connection.count_answer(101);
  connection.use_websocket(deflate.has_value());
  const std::size_t row = deflate ? kDeflate : kPlain;
  connection.stream(strategies()[row], row, topic, cursor, loop.scratch);
}

void begin_echo(Connection& connection, const Request& request) {
  if (refused(connection, request.head)) {
    return;
  }
  Loop& loop = connection.loop();
  const auto deflate = agreed_deflate(loop, request.head);
  std::string& head = loop.scratch;
  head.clear();
  append_switch(head, {.key = request.head.websocket_key,
                       .extensions = deflate,
                       .spaces = loop.options().injection.header});
  connection.count_answer(101);
  connection.use_websocket(deflate.has_value());
  connection.stream(kEchoRow, 0, nullptr, 0, head);
}

void frame_websocket(std::string& out, const Event& event) {
  wire::append_frame(out, Opcode::kText, event.text);
}

void frame_websocket_deflate(std::string& out, const Event& event) {
  wire::append_compressed(out, Opcode::kText, event.deflater.message(event.text));
}

bool gap_websocket(Connection& connection, std::string& out, const EventLog& log) {
  std::string reason;
  append_gap_object(reason, log);
  wire::append_close(out, wire::kCloseGap, reason);
  connection.send_last(out);
  connection.await_goodbye(connection.loop().limits().websocket_close);
  return false;
}

void ping_websocket(Connection& connection) {
  const Limits& limits = connection.loop().limits();
  const std::uint32_t silence = Wheel::ticks(limits.websocket_ping);
  const std::uint32_t patience = Wheel::ticks(limits.websocket_pong);
  const std::uint32_t now = connection.loop().wheel.now();
  const std::uint32_t quiet = connection.quiet_in();
  if (connection.ping_sent) {
    // From the ping on, which may have been late; or from later signs of life.
    const std::uint32_t waited = std::min(quiet, now - connection.ping_tick);
    if (waited < patience) {
      connection.arm(patience - waited);
      return;
    }
    connection.loop().metrics.count(Trouble::kSilence);
    connection.close();
  } else if (quiet >= silence) {
    connection.ping_sent = true;
    connection.ping_tick = now;
    connection.arm(patience);
    std::string ping;
    wire::append_frame(ping, Opcode::kPing, {});
    connection.send(ping);
  } else {
    connection.arm(silence - quiet);
  }
}

void stop_websocket(Connection& connection) {
  say_goodbye(connection, wire::kCloseGoingAway, "the server stops");
}

void slow_websocket(Connection& connection) {
  say_goodbye(connection, wire::kCloseSlow, "too slow for its outbox");
}

void websocket_input(Connection& connection, std::span<char> bytes) {
  Metrics& metrics = connection.loop().metrics;
  input(connection, bytes, [&metrics](const wire::Message& message, std::string&) {
    ++metrics.upstream_events;
    metrics.upstream_bytes += message.data.size();
  });
}

void echo_input(Connection& connection, std::span<char> bytes) {
  input(connection, bytes, [&connection](const wire::Message& message, std::string& out) {
    if (connection.websocket()->takes_compressed()) {
      const auto data = connection.loop().deflater.message(message.data);
      wire::append_compressed(out, message.opcode, data);
    } else {
      wire::append_frame(out, message.opcode, message.data);
    }
  });
}

}  // namespace pushbench::servers
