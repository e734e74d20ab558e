#include "servers/reference/long_polling.h"

#include "harness/wire/event_line.h"
#include "servers/reference/compression.h"
#include "servers/reference/loop.h"
#include "servers/reference/polling.h"

namespace pushbench::servers {

void append_answer_to_event(std::string& out, const Event& event, bool close, bool gzip) {
  event.scratch.clear();
  wire::append_event_line(event.scratch, event.seq, event.text);
  std::string_view body = event.scratch;
  Head head;
  if (gzip) {
    body = event.deflater.gzip(body);
    head.extra = kGzipFields;
  }
  head.content_type = kNdjson;
  head.no_store = true;
  head.etag = event.seq;
  head.length = body.size();
  head.close = close;
  append_head(out, event.date, head);
  out += body;
}

void frame_long_polling(std::string& out, const Event& event) {
  append_answer_to_event(out, event, false, false);
}

void frame_long_polling_gzip(std::string& out, const Event& event) {
  append_answer_to_event(out, event, false, true);
}

void end_long_polling(Connection& connection) {
  const std::uint64_t newest = connection.topic->log().newest();
  connection.end_hold();
  answer_nothing(connection, 204, newest);
  connection.resume_if_waiting();
}

void begin_long_polling(Connection& connection, const Request& request) {
  static const std::size_t kPlain = row_of(kLongPollingRow.name);
  static const std::size_t kGzip = row_of(kLongPollingGzipRow.name);
  const std::size_t row = wants_gzip(connection.loop(), request.head) ? kGzip : kPlain;
  const auto query = take_query(connection, request, true);
  if (!query) {
    return;
  }
  const EventLog& log = log_of(connection, request.topic);
  const std::uint64_t after = query->after.value_or(log.newest());
  if (after != log.newest()) {
    answer_events(connection, log, after, row);
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
                                      .row = static_cast<std::uint8_t>(row),
                                      .endpoint = static_cast<std::uint8_t>(kPlain)});
    }
    connection.hold(*topic, row, longest);
  }
}

}  // namespace pushbench::servers
