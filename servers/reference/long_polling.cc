#include "servers/reference/long_polling.h"

#include "harness/wire/event_line.h"
#include "servers/reference/loop.h"
#include "servers/reference/polling.h"

namespace pushbench::servers {

void append_answer_to_event(std::string& out, const Event& event, bool close) {
  event.scratch.clear();
  wire::append_event_line(event.scratch, event.seq, event.text);
  Head head;
  head.content_type = kNdjson;
  head.no_store = true;
  head.etag = event.seq;
  head.length = event.scratch.size();
  head.close = close;
  append_head(out, event.date, head);
  out += event.scratch;
}

void frame_long_polling(std::string& out, const Event& event) {
  append_answer_to_event(out, event, false);
}

void end_long_polling(Connection& connection) {
  const std::uint64_t newest = connection.topic->log().newest();
  connection.end_hold();
  answer_nothing(connection, 204, newest);
  connection.resume_if_waiting();
}

void begin_long_polling(Connection& connection, const Request& request) {
  static const std::size_t kRow = row_of(kLongPollingRow.name);
  const auto query = take_query(connection, request, true);
  if (!query) {
    return;
  }
  const EventLog& log = log_of(connection, request.topic);
  const std::uint64_t after = query->after.value_or(log.newest());
  if (after != log.newest()) {
    answer_events(connection, log, after, kRow);
    return;
  }
  const Millis longest = query->hold.value_or(connection.loop().limits().hold_default);
  Topic* const topic = connection.loop().topics.open(request.topic);
  if (topic == nullptr) {
    refuse_topic(connection);
  } else {
    if (can_repeat(connection)) {
      connection.loop().repeats.keep({.request = std::string(request.text),
                                      .topic = topic,
                                      .newest = log.newest(),
                                      .hold = longest,
                                      .row = static_cast<std::uint8_t>(kRow)});
    }
    connection.hold(*topic, kRow, longest);
  }
}

}  // namespace pushbench::servers
