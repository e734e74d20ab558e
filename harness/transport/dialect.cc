#include "harness/transport/dialect.h"

#include "harness/wire/event_line.h"
#include "harness/wire/permessage_deflate.h"
#include "harness/wire/websocket.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

namespace pushbench::transport {
namespace {

using wire::parse_decimal;

// The native dialect is the contract of servers/reference/README.md.

void begin(std::string& out,
           std::string_view method,
           std::string_view prefix,
           std::string_view path,
           std::string_view topic) {
  for (const std::string_view part : {method, std::string_view(" "), prefix, path, topic}) {
    out += part;
  }
}

void end_start_line(std::string& out, std::string_view host) {
  out += " HTTP/1.1\r\nHost: ";
  out += host;
  out += "\r\n";
}

void append_after(std::string& out, const Cursor& cursor) {
  if (cursor.seq) {
    fmt::format_to(std::back_inserter(out), "?after={}", *cursor.seq);
  }
}

struct Ask {
  std::string_view host, prefix;
  const plan::StrategySpec& strategy;
  std::string_view topic;
  const Cursor& cursor;
  std::string_view key;
};

void accept_gzip(std::string& out, const Ask& ask) {
  out += ask.strategy.compresses() ? "Accept-Encoding: gzip\r\n" : "";
}

void ask_poll(std::string& out, const Ask& ask) {
  begin(out, "GET", ask.prefix, "/poll/", ask.topic);
  if (ask.cursor.seq) {
    append_after(out, ask.cursor);
  } else {
    out += "?after=latest";
  }
  end_start_line(out, ask.host);
  accept_gzip(out, ask);
  out += ask.strategy.new_connection ? "Connection: close\r\n\r\n" : "\r\n";
}

// Whole seconds as 25s, all else as 1500ms: the two spellings of the contract. Never shorter than
// what was asked for.
void append_hold(std::string& out, plan::Nanos hold) {
  const auto millis = std::chrono::ceil<std::chrono::milliseconds>(hold).count();
  const bool whole = millis % 1000 == 0;
  fmt::format_to(std::back_inserter(out), "{}{}", whole ? millis / 1000 : millis,
                 whole ? "s" : "ms");
}

void ask_long_poll(std::string& out, const Ask& ask) {
  if (!ask.cursor.seq) {  // a first question that is answered at once: where is the topic now?
    return ask_poll(out, ask);
  }
  begin(out, "GET", ask.prefix, "/long-poll/", ask.topic);
  append_after(out, ask.cursor);
  out += "&hold=";
  append_hold(out, ask.strategy.hold);
  end_start_line(out, ask.host);
  accept_gzip(out, ask);
  out += "\r\n";
}

void ask_stream(std::string& out, const Ask& ask) {
  const bool sse = ask.strategy.encoding == "sse";
  begin(out, "GET", ask.prefix, sse ? "/sse/" : "/stream/", ask.topic);
  if (!sse) {
    append_after(out, ask.cursor);
  }
  end_start_line(out, ask.host);
  accept_gzip(out, ask);
  if (sse) {
    out += "Accept: text/event-stream\r\n";
    if (ask.cursor.seq) {
      fmt::format_to(std::back_inserter(out), "Last-Event-ID: {}\r\n", *ask.cursor.seq);
    }
  }
  out += "\r\n";
}

void ask_websocket(std::string& out, const Ask& ask) {
  begin(out, "GET", ask.prefix, "/ws/", ask.topic);
  append_after(out, ask.cursor);
  end_start_line(out, ask.host);
  out += "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ";
  out += ask.key;
  out += "\r\nSec-WebSocket-Version: 13\r\n";
  if (ask.strategy.compresses()) {
    out += "Sec-WebSocket-Extensions: ";
    out += wire::kDeflateOffer;
    out += "\r\n";
  }
  out += "\r\n";
}

struct AskRow {
  std::string_view strategy;
  void (*append)(std::string& out, const Ask& ask);
};
constexpr std::array kAskRows{
    AskRow{"polling", ask_poll},
    AskRow{"long-polling", ask_long_poll},
    AskRow{"streaming", ask_stream},
    AskRow{"websocket", ask_websocket},
};

void native_request(std::string& out,
                    std::string_view host,
                    std::string_view prefix,
                    const plan::StrategySpec& strategy,
                    std::string_view topic,
                    const Cursor& cursor,
                    std::string_view websocket_key) {
  for (const AskRow& row : kAskRows) {
    if (row.strategy == strategy.strategy) {
      row.append(out, {host, prefix, strategy, topic, cursor, websocket_key});
    }
  }
}

void native_publish(std::string& out,
                    std::string_view host,
                    std::string_view prefix,
                    std::string_view topic,
                    std::string_view event,
                    bool upstream) {
  begin(out, "POST", prefix, upstream ? "/upstream/" : "/publish/", topic);
  end_start_line(out, host);
  fmt::format_to(std::back_inserter(out),
                 "Content-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
                 event.size());
  out += event;
}

std::optional<std::uint64_t> native_cursor(const wire::ResponseHead& head) {
  return head.pushbench_seq.empty() ? wire::etag_seq(head.etag) : parse_decimal(head.pushbench_seq);
}

bool native_carries_events(const plan::StrategySpec& strategy, const wire::ResponseHead& head) {
  const bool sse = strategy.strategy == "streaming" && strategy.encoding == "sse";
  const std::string_view type = sse ? "text/event-stream" : "application/x-ndjson";
  const std::string_view rest =
      head.content_type.substr(std::min(head.content_type.size(), type.size()));
  return head.content_type.starts_with(type) && (rest.empty() || rest[0] == ';' || rest[0] == ' ');
}

// The client goes on from before the oldest event held; from the newest number (0 after a restart)
// when none is held.
Unwrapped gap(std::uint64_t oldest, std::uint64_t newest) {
  return {Unwrapped::Kind::kGap, {}, oldest > 0 ? oldest - 1 : newest};
}

// {"seq":,"data":""}, without its line feed.
constexpr std::size_t kEventLineForm = 18;
constexpr std::uint32_t kDataField = 6;  // "data: ", before every line of an event

Unwrapped native_line(std::string_view line, std::string& scratch) {
  wire::EventLine event;
  if (!wire::parse_event_line(line, event, scratch)) {
    return {};
  }
  if (event.gap) {
    return gap(event.seq, event.newest);
  }
  // The parser knows one spelling only, so all else in the line is what escaping added.
  const auto digits = decimal_digits(event.seq);
  const auto plain = kEventLineForm + digits + event.data.size();
  return {Unwrapped::Kind::kEvent, event.data, event.seq, digits,
          static_cast<std::uint32_t>(line.size() - plain)};
}

// {"oldest":10,"newest":20}, the inner object of a gap line: wrapped again so that one parser
// serves both.
Unwrapped gap_object(std::string_view object) {
  constexpr std::size_t kLongest = 64;  // two numbers of 20 digits and the keys
  std::string scratch;
  if (object.size() > kLongest) {
    return {};
  }
  const Unwrapped inner = native_line(fmt::format("{{\"gap\":{}}}", object), scratch);
  return inner.kind == Unwrapped::Kind::kGap ? inner : Unwrapped{};
}

// Nearly always none: so it is looked for as fast as memory is read, and not counted byte by byte.
std::uint32_t line_ends_in(std::string_view data) {
  std::uint32_t count = 0;
  for (auto at = data.find('\n'); at != data.npos; at = data.find('\n', at + 1)) {
    ++count;
  }
  return count;
}

Unwrapped native_sse(std::string_view type, std::string_view data, std::string_view id) {
  if (type == "gap") {
    return gap_object(data);
  }
  if (type != "message") {
    return {Unwrapped::Kind::kNothing, {}, {}};
  }
  const auto seq = parse_decimal(id);
  if (!seq) {
    return {};
  }
  return {Unwrapped::Kind::kEvent, data, seq, static_cast<std::uint32_t>(id.size()),
          line_ends_in(data) * kDataField};
}

Unwrapped native_message(std::string_view data) {
  return {Unwrapped::Kind::kEvent, data, {}};
}

Unwrapped native_close(std::uint16_t code, std::string_view reason) {
  return code == wire::kCloseGap ? gap_object(reason)
                                 : Unwrapped{Unwrapped::Kind::kNothing, {}, {}};
}

constexpr std::array kDialects{
    Dialect{"native", native_request, native_publish, native_cursor, native_carries_events,
            native_line, native_sse, native_message, native_close},
};

}  // namespace

std::span<const Dialect> dialects() noexcept {
  return kDialects;
}

const Dialect* find_dialect(std::string_view name) noexcept {
  for (const Dialect& dialect : kDialects) {
    if (dialect.name == name) {
      return &dialect;
    }
  }
  return nullptr;
}

}  // namespace pushbench::transport
