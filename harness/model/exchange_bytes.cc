#include "harness/model/exchange_bytes.h"

#include "harness/base/check.h"
#include "harness/model/load.h"
#include "harness/wire/sse.h"
#include "harness/wire/websocket.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace pushbench::model {
namespace {

struct Hole {
  std::string_view name;
  double length = 0;
};

// Length of a form when every <name> in it is filled with so many bytes.
double filled(std::string_view form, std::initializer_list<Hole> holes) {
  double length = 0;
  while (!form.empty()) {
    const auto open = std::min(form.find('<'), form.size());
    length += static_cast<double>(open);
    form.remove_prefix(open);
    if (!form.empty()) {
      const auto close = form.find('>');
      const auto name = form.substr(1, close - 1);
      const auto* hole = std::find_if(holes.begin(), holes.end(),
                                      [name](const Hole& each) { return each.name == name; });
      PUSHBENCH_CHECK(close != std::string_view::npos && hole != holes.end());
      length += hole->length;
      form.remove_prefix(close + 1);
    }
  }
  return length;
}

constexpr double kDate = 29;    // Sat, 21 Nov 2026 01:43:00 GMT (RFC 9110 section 5.6.7)
constexpr double kKey = 24;     // 16 bytes in base64 (RFC 6455 section 4.1)
constexpr double kAccept = 28;  // 20 bytes in base64 (section 4.2.2)
constexpr double kEndOfHead = 2;
constexpr double kPingData = 4;  // a counter, transport/websocket.cc

double end_of_head(bool closing) {
  constexpr std::string_view kClose = "Connection: close\r\n";
  return kEndOfHead + (closing ? static_cast<double>(kClose.size()) : 0);
}

double get(std::string_view target, const Place& place, double seq = 0, double hold = 0) {
  return filled("GET <prefix>", {{"prefix", place.prefix}}) +
         filled(target, {{"topic", place.topic}, {"seq", seq}, {"hold", hold}}) +
         filled(" HTTP/1.1\r\nHost: <host>\r\n", {{"host", place.host}});
}

// "25s" or "1500ms": whole seconds, or whole milliseconds rounded up.
double hold_length(plan::Nanos hold) {
  const auto millis = std::chrono::ceil<std::chrono::milliseconds>(hold).count();
  const bool whole = millis % 1000 == 0;
  const double number = digits_of(static_cast<double>(whole ? millis / 1000 : millis));
  return number + (whole ? 1 : 2);
}

double streaming_head(std::string_view type, double seq_digits) {
  return filled(
      "HTTP/1.1 200 OK\r\nDate: <date>\r\nContent-Type: <type>\r\nCache-Control: no-store\r\n"
      "Pushbench-Seq: <seq>\r\nTransfer-Encoding: chunked\r\n\r\n",
      {{"date", kDate}, {"type", static_cast<double>(type.size())}, {"seq", seq_digits}});
}

bool is_sse(const plan::StrategySpec& cell) {
  return cell.strategy == "streaming" && cell.encoding == "sse";
}

// Polling and long-polling.
void add_answers(Bytes& out, const Exchanges& e, bool closing) {
  out.head_down += e.empty_answers * empty_head(0, closing) + e.empty_digits +
                   e.full_answers * events_head(0, 0, closing) + e.full_digits + e.length_digits;
}

// Every answer has the same head and a body of the same size, which holds an event or repeats one.
void add_replays(Bytes& out, const plan::StrategySpec& cell, const Exchanges& e) {
  out.head_up = e.requests * static_cast<double>(cell.request_head.size());
  out.head_down =
      (e.empty_answers + e.full_answers) * static_cast<double>(cell.response_head.size());
  out.framing_down = e.empty_answers * cell.response_length;
}

void add_streams(Bytes& out,
                 const plan::StrategySpec& cell,
                 const Place& place,
                 const Exchanges& e) {
  const bool sse = is_sse(cell);
  out.head_up += e.opened * (sse ? sse_request(place) : stream_request(place));
  out.head_down += e.opened * (sse ? sse_head(0) : stream_head(0)) + e.opened_digits;
  out.framing_down += sse ? e.signs_of_life * sse_comment() : 0;
}

void add_websockets(Bytes& out, const Place& place, const Exchanges& e) {
  out.head_up += e.opened * websocket_request(place);
  out.head_down += e.opened * websocket_head(0) + e.opened_digits;
  out.framing_up += e.signs_of_life * websocket_framing(0, true);
  out.framing_down += e.signs_of_life * websocket_framing(0, false);
}

}  // namespace

double first_question(const Place& place, bool closing) {
  return get("/poll/<topic>?after=latest", place) + end_of_head(closing);
}

double poll_request(const Place& place, double cursor_digits, bool closing) {
  return get("/poll/<topic>?after=<seq>", place, cursor_digits) + end_of_head(closing);
}

double long_poll_request(const Place& place, double cursor_digits, plan::Nanos hold) {
  return get("/long-poll/<topic>?after=<seq>&hold=<hold>", place, cursor_digits,
             hold_length(hold)) +
         kEndOfHead;
}

double stream_request(const Place& place) {
  return get("/stream/<topic>", place) + kEndOfHead;
}

double sse_request(const Place& place) {
  return get("/sse/<topic>", place) + filled("Accept: text/event-stream\r\n\r\n", {});
}

double websocket_request(const Place& place) {
  return get("/ws/<topic>", place) +
         filled(
             "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: <key>\r\n"
             "Sec-WebSocket-Version: 13\r\n\r\n",
             {{"key", kKey}});
}

double upstream_request(const Place& place, double length_digits) {
  return filled(
      "POST <prefix>/upstream/<topic> HTTP/1.1\r\nHost: <host>\r\n"
      "Content-Type: application/octet-stream\r\nContent-Length: <length>\r\n\r\n",
      {{"prefix", place.prefix},
       {"topic", place.topic},
       {"host", place.host},
       {"length", length_digits}});
}

double events_head(double seq_digits, double length_digits, bool closing) {
  return filled(
             "HTTP/1.1 200 OK\r\nDate: <date>\r\nContent-Type: application/x-ndjson\r\n"
             "Cache-Control: no-store\r\nETag: \"<seq>\"\r\nContent-Length: <length>\r\n",
             {{"date", kDate}, {"seq", seq_digits}, {"length", length_digits}}) +
         end_of_head(closing);
}

double empty_head(double seq_digits, bool closing) {
  return filled(
             "HTTP/1.1 204 No Content\r\nDate: <date>\r\nCache-Control: no-store\r\n"
             "ETag: \"<seq>\"\r\n",
             {{"date", kDate}, {"seq", seq_digits}}) +
         end_of_head(closing);
}

double stream_head(double seq_digits) {
  return streaming_head("application/x-ndjson", seq_digits);
}

double sse_head(double seq_digits) {
  return streaming_head("text/event-stream", seq_digits);
}

double websocket_head(double seq_digits) {
  return filled(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: <accept>\r\nPushbench-Seq: <seq>\r\n\r\n",
      {{"accept", kAccept}, {"seq", seq_digits}});
}

double upstream_head() {
  return filled("HTTP/1.1 204 No Content\r\nDate: <date>\r\n\r\n", {{"date", kDate}});
}

double line_framing(double seq_digits, double escapes) {
  return filled("{\"seq\":<seq>,\"data\":\"\"}\n", {{"seq", seq_digits}}) + escapes;
}

double chunk_around(double size) {
  constexpr double kCrlfs = 4;
  double digits = 1;
  for (auto rest = static_cast<std::uint64_t>(size) >> 4U; rest > 0; rest >>= 4U) {
    ++digits;
  }
  return digits + kCrlfs;
}

double chunked_framing(double size, double seq_digits, double escapes) {
  const double line = line_framing(seq_digits, escapes);
  return line + chunk_around(size + line);
}

double sse_lines(double seq_digits) {
  return filled("id: <seq>\ndata: \n\n", {{"seq", seq_digits}});
}

double sse_framing(double size, double seq_digits) {
  const double around = sse_lines(seq_digits);
  return around + chunk_around(size + around);
}

double websocket_framing(double size, bool masked) {
  return static_cast<double>(wire::frame_head_size(static_cast<std::uint64_t>(size), masked));
}

double sse_comment() {
  const auto size = static_cast<double>(wire::kSseComment.size());
  return size + chunk_around(size);
}

Bytes Bytes::scaled(double by) const {
  return {.head_up = head_up * by,
          .framing_up = framing_up * by,
          .payload_up = payload_up * by,
          .head_down = head_down * by,
          .framing_down = framing_down * by,
          .payload_down = payload_down * by};
}

Bytes bytes_of(const plan::StrategySpec& cell, const Place& place, const Exchanges& e) {
  Bytes out;
  out.payload_down = e.event_payload;
  out.framing_down = e.event_framing;
  out.head_up = e.request_digits + e.first_questions * first_question(place, cell.new_connection);
  if (cell.replays()) {
    add_replays(out, cell, e);
  } else if (cell.strategy == "polling") {
    out.head_up += e.requests * poll_request(place, 0, cell.new_connection);
    add_answers(out, e, cell.new_connection);
  } else if (cell.strategy == "long-polling") {
    out.head_up += e.requests * long_poll_request(place, 0, cell.hold);
    add_answers(out, e, false);
  } else if (cell.strategy == "streaming") {
    add_streams(out, cell, place, e);
  } else if (cell.strategy == "websocket") {
    add_websockets(out, place, e);
  }
  return out;
}

Bytes upstream_bytes(const plan::StrategySpec& cell, const Place& place, double size) {
  Bytes out;
  out.payload_up = size;
  if (cell.strategy == "websocket") {
    out.framing_up = websocket_framing(size, true) + websocket_framing(kPingData, true) + kPingData;
    out.framing_down = websocket_framing(kPingData, false) + kPingData;
  } else {
    out.head_up = upstream_request(place, digits_of(size));
    out.head_down = upstream_head();
  }
  return out;
}

}  // namespace pushbench::model
