// The table of push strategies: one row each, the mirror image of the transports on the client
// side. A strategy says how a request for it begins, what an event looks like on its wire, and what
// to say at a deadline, at a gap and at the end. Adding one: its files and a row in table.cc.
#pragma once

#include "harness/wire/deflate.h"
#include "harness/wire/http_head.h"
#include "servers/reference/topic.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pushbench::servers {

class Connection;

struct Request {
  std::string_view text;  // the whole head
  const wire::RequestHead& head;
  std::string_view topic;
  std::string_view query;
};

// One event, as frame() sees it. `scratch` is for bytes that must be counted before they are
// framed.
struct Event {
  std::uint64_t seq;
  std::string_view text;
  std::string_view date;
  std::string& scratch;
  wire::Deflater& deflater;
};

struct Strategy {
  std::string_view name;
  std::string_view path;  // the topic follows
  bool takes_head;        // whether HEAD makes sense
  bool once;              // the first event ends the subscription: frame() is the whole answer

  // Answers, or leaves the connection waiting, or makes a stream of it.
  void (*begin)(Connection& connection, const Request& request);
  // Appends an event's bytes, the same for all subscribers, made once for each event. Null: nobody
  // ever waits for one.
  void (*frame)(std::string& out, const Event& event);
  // The deadline it armed has passed. Null: it arms none.
  void (*on_deadline)(Connection& connection);
  // The reader's number is not in the log. Appends the news; false: the stream cannot go on.
  bool (*on_gap)(Connection& connection, std::string& out, const EventLog& log);
  // The server stops.
  void (*on_stop)(Connection& connection);
  // The outbox is over its bound: say what can be said, then end.
  void (*on_slow)(Connection& connection);
  // Bytes from the client of a stream. Null: they are dropped.
  void (*on_input)(Connection& connection, std::span<char> bytes);
  bool compressed = false;  // a compressed form of the row with its path
};

// All rows; those that a path leads to come first and are routes().
std::span<const Strategy> strategies() noexcept;
std::span<const Strategy> routes() noexcept;

}  // namespace pushbench::servers
