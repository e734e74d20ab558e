// Streaming in both encodings: one answer that never ends, one chunk (RFC 9112 section 7.1) for
// every event, in it an event line or a Server-Sent Event (WHATWG HTML section 9.2). A client too
// slow for its outbox is cut without a last chunk, so that it sees the stream as broken.
#pragma once

#include "servers/reference/strategy.h"

namespace pushbench::servers {

void begin_chunked(Connection& connection, const Request& request);
void frame_chunked(std::string& out, const Event& event);
bool gap_chunked(Connection& connection, std::string& out, const EventLog& log);
void begin_sse(Connection& connection, const Request& request);
void frame_sse(std::string& out, const Event& event);
bool gap_sse(Connection& connection, std::string& out, const EventLog& log);
void comment_sse(Connection& connection);
void end_streaming(Connection& connection);
// The same as one gzip member: its head in a chunk of its own behind that of the answer, then a
// chunk of blocks for every event. The last block ends it, without the trailer: a sum over all that
// one connection has had is a state for each of them.
void frame_chunked_gzip(std::string& out, const Event& event);
bool gap_chunked_gzip(Connection& connection, std::string& out, const EventLog& log);
void frame_sse_gzip(std::string& out, const Event& event);
bool gap_sse_gzip(Connection& connection, std::string& out, const EventLog& log);
void comment_sse_gzip(Connection& connection);
void end_streaming_gzip(Connection& connection);

inline constexpr Strategy kChunkedRow{.name = "streaming-chunked",
                                      .path = "/stream/",
                                      .takes_head = false,
                                      .once = false,
                                      .begin = begin_chunked,
                                      .frame = frame_chunked,
                                      .on_deadline = nullptr,
                                      .on_gap = gap_chunked,
                                      .on_stop = end_streaming,
                                      .on_slow = nullptr,
                                      .on_input = nullptr};

inline constexpr Strategy kSseRow{.name = "streaming-sse",
                                  .path = "/sse/",
                                  .takes_head = false,
                                  .once = false,
                                  .begin = begin_sse,
                                  .frame = frame_sse,
                                  .on_deadline = comment_sse,
                                  .on_gap = gap_sse,
                                  .on_stop = end_streaming,
                                  .on_slow = nullptr,
                                  .on_input = nullptr};

inline constexpr Strategy kChunkedGzipRow{.name = "streaming-chunked-gzip",
                                          .path = kChunkedRow.path,
                                          .takes_head = false,
                                          .once = false,
                                          .begin = begin_chunked,
                                          .frame = frame_chunked_gzip,
                                          .on_deadline = nullptr,
                                          .on_gap = gap_chunked_gzip,
                                          .on_stop = end_streaming_gzip,
                                          .on_slow = nullptr,
                                          .on_input = nullptr,
                                          .compressed = true};

inline constexpr Strategy kSseGzipRow{.name = "streaming-sse-gzip",
                                      .path = kSseRow.path,
                                      .takes_head = false,
                                      .once = false,
                                      .begin = begin_sse,
                                      .frame = frame_sse_gzip,
                                      .on_deadline = comment_sse_gzip,
                                      .on_gap = gap_sse_gzip,
                                      .on_stop = end_streaming_gzip,
                                      .on_slow = nullptr,
                                      .on_input = nullptr,
                                      .compressed = true};

}  // namespace pushbench::servers
