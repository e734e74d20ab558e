#include "servers/reference/streaming.h"

#include "harness/wire/chunk.h"
#include "harness/wire/event_line.h"
#include "harness/wire/sse.h"
#include "servers/reference/loop.h"
#include "servers/reference/polling.h"

namespace pushbench::servers {
namespace {

void begin_stream(Connection& connection,
                  const Request& request,
                  const Strategy& strategy,
                  std::string_view content_type,
                  std::optional<std::uint64_t> after) {
  Loop& loop = connection.loop();
  if (request.head.http10) {
    connection.refuse({505, "A stream is chunked, and chunks need HTTP/1.1.", ""});
    return;
  }
  Topic* const topic = loop.topics.open(request.topic);
  if (topic == nullptr) {
    refuse_topic(connection);
    return;
  }
  const EventLog& log = topic->log();
  const std::uint64_t cursor = after.value_or(log.newest());
  const std::uint64_t from_oldest = log.size() == 0 ? log.newest() : log.oldest() - 1;
  Head head;
  head.content_type = content_type;
  head.no_store = true;
  head.seq = log.follows(cursor) ? cursor : from_oldest;
  head.chunked = true;
  head.close = !connection.keep_alive();
  loop.scratch.clear();
  append_head(loop.scratch, loop.date.now(), head);
  connection.count_answer(200);
  connection.stream(strategy, row_of(strategy.name), topic, cursor, loop.scratch);
}

std::uint64_t newest_told(const EventLog& log) {
  return log.size() == 0 ? 0 : log.newest();
}

}  // namespace

void begin_chunked(Connection& connection, const Request& request) {
  const auto query = take_query(connection, request, false);
  if (query) {
    begin_stream(connection, request, kChunkedRow, kNdjson, query->after);
  }
}

void begin_sse(Connection& connection, const Request& request) {
  auto query = take_query(connection, request, false);
  if (!query) {
    return;
  }
  // A browser sends the id of its last event when it reconnects, to the URL it began with: the
  // field is newer than the query. An id that is not a number of ours is a gap.
  const std::string_view last = request.head.last_event_id;
  if (!last.empty()) {
    query->after = wire::parse_decimal(last).value_or(~std::uint64_t{0});
  }
  begin_stream(connection, request, kSseRow, "text/event-stream", query->after);
}

void frame_chunked(std::string& out, const Event& event) {
  event.scratch.clear();
  wire::append_event_line(event.scratch, event.seq, event.text);
  wire::append_chunk(out, event.scratch);
}

void frame_sse(std::string& out, const Event& event) {
  event.scratch.clear();
  wire::append_sse_event(event.scratch, event.seq, event.text);
  wire::append_chunk(out, event.scratch);
}

bool gap_chunked(Connection&, std::string& out, const EventLog& log) {
  std::string line;
  wire::append_gap_line(line, log.oldest(), newest_told(log));
  wire::append_chunk(out, line);
  return true;
}

bool gap_sse(Connection&, std::string& out, const EventLog& log) {
  std::string block = "event: gap\nid: ";
  append_decimal(block, log.size() == 0 ? log.newest() : log.oldest() - 1);
  block += "\ndata: ";
  append_gap_object(block, log);
  block += "\n\n";
  wire::append_chunk(out, block);
  return true;
}

void comment_sse(Connection& connection) {
  const std::uint32_t silence = Wheel::ticks(connection.loop().limits().sse_comment);
  if (connection.quiet_out() < silence) {
    connection.arm(silence - connection.quiet_out());
    return;
  }
  static const std::string kComment = [] {
    std::string chunk;
    wire::append_chunk(chunk, wire::kSseComment);
    return chunk;
  }();
  connection.arm(silence);
  connection.send(kComment);
}

void end_streaming(Connection& connection) {
  connection.send_last(wire::kLastChunk);
  connection.finish();
}

}  // namespace pushbench::servers
