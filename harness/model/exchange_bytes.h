// Bytes of one exchange in the native dialect, summed from its published grammar
// (servers/reference/README.md): heads of RFC 9112, chunks of its section 7.1, event stream lines
// of WHATWG HTML section 9.2, frame heads of RFC 6455 section 5.2. Lengths that change from
// exchange to exchange are parameters. Every size is linear in them, so that a mean length gives
// the mean size; with whole lengths every size is whole and exact. Pure.
#pragma once

#include "harness/plan/scenario.h"
#include "harness/wire/tally.h"

namespace pushbench::model {

struct Place {
  double host = 15;  // "127.0.0.1:43210"
  double topic = 2;  // "t0"
  double prefix = 0;
};

// Heads that a client sends. `closing`: with Connection: close.
double first_question(const Place& place, bool closing);  // ?after=latest
double poll_request(const Place& place, double cursor_digits, bool closing);
double long_poll_request(const Place& place, double cursor_digits, plan::Nanos hold);
double stream_request(const Place& place);
double sse_request(const Place& place);
double websocket_request(const Place& place);
double upstream_request(const Place& place, double length_digits);  // POST /upstream

// Heads that the server sends.
double events_head(double seq_digits, double length_digits, bool closing);  // 200
double empty_head(double seq_digits, bool closing);                         // 204
double stream_head(double seq_digits);
double sse_head(double seq_digits);
double websocket_head(double seq_digits);
double upstream_head();

// What stands around an event of `size` bytes. `escapes`: what escaping adds to it in a JSON
// string.
double line_framing(double seq_digits, double escapes);
double chunked_framing(double size, double seq_digits, double escapes);
double sse_lines(double seq_digits);  // without the chunk; one line of data
double sse_framing(double size, double seq_digits);
double websocket_framing(double size, bool masked);
double chunk_around(double size);  // hex(n) CRLF, CRLF: digits + 4
double sse_comment();              // ":" LF LF and its chunk

// Bytes of both directions in the layers of every report; doubles, since they may be means.
struct Bytes {
  double head_up = 0, framing_up = 0, payload_up = 0;
  double head_down = 0, framing_down = 0, payload_down = 0;
  double total() const {
    return head_up + framing_up + payload_up + head_down + framing_down + payload_down;
  }
  Bytes scaled(double by) const;
};

// How often each exchange took place. Counted by a run these give its bytes to the byte, predicted
// ones give the prediction. `…_digits` are sums over the exchanges of the line above them.
struct Exchanges {
  double first_questions = 0;  // each answered empty
  double requests = 0;         // polls or long-polls with a cursor
  double request_digits = 0;
  double empty_answers = 0;  // those to first questions included
  double empty_digits = 0;
  double full_answers = 0;
  double full_digits = 0;
  double length_digits = 0;  // of Content-Length of the full answers
  double opened = 0;         // streams or WebSockets that begin now
  double opened_digits = 0;
  double event_payload = 0;
  double event_framing = 0;
  double signs_of_life = 0;  // SSE comments; WebSocket pings and their pongs
};
Bytes bytes_of(const plan::StrategySpec& cell, const Place& place, const Exchanges& exchanges);

// Both directions of an event sent upstream: a POST and its 204, or a masked message, a ping of 4
// bytes that asks whether it was taken, and the pong.
Bytes upstream_bytes(const plan::StrategySpec& cell, const Place& place, double size);

}  // namespace pushbench::model
