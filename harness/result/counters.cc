#include "harness/result/counters.h"

namespace pushbench::result {
namespace {

constexpr auto kNames = std::to_array<std::string_view>({
    "received",
    "requests",
    "answers",
    "empty_polls",
    "skipped_polls",
    "head_up_bytes",
    "framing_up_bytes",
    "payload_up_bytes",
    "head_down_bytes",
    "framing_down_bytes",
    "payload_down_bytes",
    "upstream_sent",
    "upstream_acked",
    "upstream_unsent",
    "upstream_up_bytes",
    "upstream_down_bytes",
    "heartbeat_bytes",
    "empty_poll_bytes",
    "reconnect_bytes",
    "request_cursor_digits",
    "empty_cursor_digits",
    "full_cursor_digits",
    "content_length_digits",
    "event_number_digits",
    "event_escape_bytes",
    "chunk_size_digits",
    "event_text_bytes",
    "first_questions",
    "stream_heads",
    "heartbeats",
    "chunks",
    "published",
    "unpublished",
    "publish_rejected",
    "expected",
    "delivered",
    "lost",
    "lost_in_gap",
    "in_flight",
    "duplicate",
    "reordered",
    "late",
    "foreign",
    "beyond_window",
    "gaps",
    "requests_sent",
    "requests_answered",
    "requests_failed",
    "requests_open_at_end",
    "uncompressed",
    "sockets_opened",
    "sockets_failed",
    "sockets_closed_well",
    "sockets_cut",
    "sockets_open_at_end",
    "sockets_peak",
    "reconnects",
    "time_wait_peak",
});
static_assert(kNames.size() == kCounterCount, "every counter needs a name");

}  // namespace

std::string_view counter_name(Counter counter) noexcept {
  return kNames[static_cast<std::size_t>(counter)];
}

}  // namespace pushbench::result
