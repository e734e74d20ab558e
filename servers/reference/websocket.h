// WebSocket (RFC 6455): one text message for every event, framed once for all. The peer's messages
// are counted as upstream events; pings are answered in order, behind all that came before them.
// The one extension is permessage-deflate (RFC 7692) without context takeover, so that compressed
// messages too are made once for all. /echo is the same machinery with an answer.
#pragma once

#include "servers/reference/strategy.h"

namespace pushbench::servers {

// Of a 426. RFC 9110 section 7.8: whoever sends Upgrade names it in Connection too.
inline constexpr std::string_view kUpgradeFields =
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n";

void begin_websocket(Connection& connection, const Request& request);
void begin_echo(Connection& connection, const Request& request);
void frame_websocket(std::string& out, const Event& event);
void frame_websocket_deflate(std::string& out, const Event& event);
bool gap_websocket(Connection& connection, std::string& out, const EventLog& log);
void ping_websocket(Connection& connection);
void stop_websocket(Connection& connection);
void slow_websocket(Connection& connection);
void websocket_input(Connection& connection, std::span<char> bytes);
void echo_input(Connection& connection, std::span<char> bytes);

inline constexpr Strategy kWebSocketRow{.name = "websocket",
                                        .path = "/ws/",
                                        .takes_head = false,
                                        .once = false,
                                        .begin = begin_websocket,
                                        .frame = frame_websocket,
                                        .on_deadline = ping_websocket,
                                        .on_gap = gap_websocket,
                                        .on_stop = stop_websocket,
                                        .on_slow = slow_websocket,
                                        .on_input = websocket_input};

inline constexpr Strategy kWebSocketDeflateRow{.name = "websocket-deflate",
                                               .path = kWebSocketRow.path,
                                               .takes_head = false,
                                               .once = false,
                                               .begin = begin_websocket,
                                               .frame = frame_websocket_deflate,
                                               .on_deadline = ping_websocket,
                                               .on_gap = gap_websocket,
                                               .on_stop = stop_websocket,
                                               .on_slow = slow_websocket,
                                               .on_input = websocket_input,
                                               .compressed = true};

// Not in the table: it has no topic.
inline constexpr Strategy kEchoRow{.name = "echo",
                                   .path = "/echo",
                                   .takes_head = false,
                                   .once = false,
                                   .begin = begin_echo,
                                   .frame = nullptr,
                                   .on_deadline = ping_websocket,
                                   .on_gap = nullptr,
                                   .on_stop = stop_websocket,
                                   .on_slow = slow_websocket,
                                   .on_input = echo_input};

}  // namespace pushbench::servers
