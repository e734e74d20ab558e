#include "servers/reference/streaming.h"

#include "harness/wire/chunk.h"
#include "harness/wire/event_line.h"
#include "harness/wire/sse.h"
#include "servers/reference/compression.h"
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
  head.extra = strategy.compressed ? kGzipFields : std::string_view();
  head.close = !connection.keep_alive();
  loop.scratch.clear();
  append_head(loop.scratch, loop.date.now(), head);
  if (strategy.compressed) {
    wire::append_chunk(loop.scratch, wire::kGzipHead);
  }
  connection.count_answer(200);
  connection.stream(strategy, row_of(strategy.name), topic, cursor, loop.scratch);
}

std::uint64_t newest_told(const EventLog& log) {
  return log.size() == 0 ? 0 : log.newest();
}

std::string chunk_of(std::string_view data) {
  std::string chunk;
  wire::append_chunk(chunk, data);
  return chunk;
}

std::string_view line_of(const Event& event) {
  event.scratch.clear();
  wire::append_event_line(event.scratch, event.seq, event.text);
  return event.scratch;
}

std::string_view sse_of(const Event& event) {
  event.scratch.clear();
  wire::append_sse_event(event.scratch, event.seq, event.text);
  return event.scratch;
}

std::string gap_line(const EventLog& log) {
  std::string line;
  wire::append_gap_line(line, log.oldest(), newest_told(log));
  return line;
}

std::string gap_event(const EventLog& log) {
  std::string block = "event: gap\nid: ";
  append_decimal(block, log.size() == 0 ? log.newest() : log.oldest() - 1);
  block += "\ndata: ";
  append_gap_object(block, log);
  block += "\n\n";
  return block;
}

}  // namespace

void begin_chunked(Connection& connection, const Request& request) {
  const auto query = take_query(connection, request, false);
  if (query) {
    const bool gzip = wants_gzip(connection.loop(), request.head);
    begin_stream(connection, request, gzip ? kChunkedGzipRow : kChunkedRow, kNdjson, query->after);
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
  const bool gzip = wants_gzip(connection.loop(), request.head);
  begin_stream(connection, request, gzip ? kSseGzipRow : kSseRow, "text/event-stream",
               query->after);
}

void frame_chunked(std::string& out, const Event& event) {
  wire::append_chunk(out, line_of(event));
}

void frame_chunked_gzip(std::string& out, const Event& event) {
  wire::append_chunk(out, event.deflater.block(line_of(event)));
}

void frame_sse(std::string& out, const Event& event) {
  wire::append_chunk(out, sse_of(event));
}

void frame_sse_gzip(std::string& out, const Event& event) {
  wire::append_chunk(out, event.deflater.block(sse_of(event)));
}

bool gap_chunked(Connection&, std::string& out, const EventLog& log) {
  wire::append_chunk(out, gap_line(log));
  return true;
}

bool gap_chunked_gzip(Connection& connection, std::string& out, const EventLog& log) {
  wire::append_chunk(out, connection.loop().deflater.block(gap_line(log)));
  return true;
}

bool gap_sse(Connection&, std::string& out, const EventLog& log) {
  wire::append_chunk(out, gap_event(log));
  return true;
}

bool gap_sse_gzip(Connection& connection, std::string& out, const EventLog& log) {
  wire::append_chunk(out, connection.loop().deflater.block(gap_event(log)));
  return true;
}

namespace {

void fill_silence(Connection& connection, std::string_view comment) {
  const std::uint32_t silence = Wheel::ticks(connection.loop().limits().sse_comment);
  if (connection.quiet_out() < silence) {
    connection.arm(silence - connection.quiet_out());
    return;
  }
  connection.arm(silence);
  connection.send(comment);
}

}  // namespace

void comment_sse(Connection& connection) {
  static const std::string kComment = chunk_of(wire::kSseComment);
  fill_silence(connection, kComment);
}

void comment_sse_gzip(Connection& connection) {
  static const std::string kComment = chunk_of(wire::Deflater().block(wire::kSseComment));
  fill_silence(connection, kComment);
}

void end_streaming(Connection& connection) {
  connection.send_last(wire::kLastChunk);
  connection.finish();
}

void end_streaming_gzip(Connection& connection) {
  connection.send_last(chunk_of(wire::kLastBlock).append(wire::kLastChunk));
  connection.finish();
}

}  // namespace pushbench::servers
