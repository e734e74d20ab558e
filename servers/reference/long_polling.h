// Long-polling: as polling, but when there is nothing new the request is held until the next event,
// at most for the time it names. One event releases all who wait, with one answer made once; they
// come back for the next, and find what they missed meanwhile in the log.
#pragma once

#include "servers/reference/strategy.h"

namespace pushbench::servers {

void begin_long_polling(Connection& connection, const Request& request);
void frame_long_polling(std::string& out, const Event& event);
void frame_long_polling_gzip(std::string& out, const Event& event);
void end_long_polling(Connection& connection);  // 204

inline constexpr Strategy kLongPollingRow{.name = "long-polling",
                                          .path = "/long-poll/",
                                          .takes_head = false,
                                          .once = true,
                                          .begin = begin_long_polling,
                                          .frame = frame_long_polling,
                                          .on_deadline = end_long_polling,
                                          .on_gap = nullptr,
                                          .on_stop = end_long_polling,
                                          .on_slow = nullptr,
                                          .on_input = nullptr};

inline constexpr Strategy kLongPollingGzipRow{.name = "long-polling-gzip",
                                              .path = kLongPollingRow.path,
                                              .takes_head = false,
                                              .once = true,
                                              .begin = begin_long_polling,
                                              .frame = frame_long_polling_gzip,
                                              .on_deadline = end_long_polling,
                                              .on_gap = nullptr,
                                              .on_stop = end_long_polling,
                                              .on_slow = nullptr,
                                              .on_input = nullptr,
                                              .compressed = true};

// The whole answer that carries one event; `close`: to a client that will not be kept.
void append_answer_to_event(std::string& out, const Event& event, bool close, bool gzip);

}  // namespace pushbench::servers
