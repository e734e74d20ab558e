// Polling: every request is answered at once, with what the log holds after the client's number.
// Nothing new costs a 204, or a 304 when the client named the newest number in If-None-Match
// (RFC 9110 section 13.1.2). The answers are those of long-polling too.
#pragma once

#include "servers/reference/strategy.h"
#include "servers/reference/target.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace pushbench::servers {

void begin_polling(Connection& connection, const Request& request);

inline constexpr Strategy kPollingRow{.name = "polling",
                                      .path = "/poll/",
                                      .takes_head = true,
                                      .once = false,
                                      .begin = begin_polling,
                                      .frame = nullptr,
                                      .on_deadline = nullptr,
                                      .on_gap = nullptr,
                                      .on_stop = nullptr,
                                      .on_slow = nullptr,
                                      .on_input = nullptr};

inline constexpr Strategy kPollingGzipRow{.name = "polling-gzip",
                                          .path = kPollingRow.path,
                                          .takes_head = true,
                                          .once = false,
                                          .begin = begin_polling,
                                          .frame = nullptr,
                                          .on_deadline = nullptr,
                                          .on_gap = nullptr,
                                          .on_stop = nullptr,
                                          .on_slow = nullptr,
                                          .on_input = nullptr,
                                          .compressed = true};

void answer_nothing(Connection& connection, int status, std::uint64_t newest);
// The events after `after`, at most answer_bytes of them but at least one; ETag names the last one
// in the answer. 204 when there are none, 410 at a gap. Returns how many, and nothing at a gap.
// `strategy`: the row; a gzip member when that is a compressed one.
std::optional<std::uint64_t> answer_events(Connection& connection,
                                           const EventLog& log,
                                           std::uint64_t after,
                                           std::size_t strategy);

// Whether what this request led to may be given to the next one with the same bytes.
bool can_repeat(Connection& connection);
// The log of a topic, an empty one when it was never used.
const EventLog& log_of(Connection& connection, std::string_view topic);
// Query of a strategy; refused (400) and nullopt when it is not understood.
std::optional<Query> take_query(Connection& connection, const Request& request, bool takes_hold);
void refuse_topic(Connection& connection);  // 507, max_topics
// {"oldest":10,"newest":20}
void append_gap_object(std::string& out, const EventLog& log);
std::size_t row_of(std::string_view strategy) noexcept;

}  // namespace pushbench::servers
