#include "servers/floor/event_bytes.h"

#include "harness/wire/chunk.h"
#include "harness/wire/websocket.h"

#include <fmt/format.h>

#include <iterator>

namespace pushbench::servers::floor {
namespace {

void append_answer(std::string& out,
                   std::uint64_t seq,
                   std::string_view text,
                   std::string_view connection) {
  fmt::format_to(std::back_inserter(out),
                 "HTTP/1.1 200 OK\r\nETag: \"{}\"\r\nContent-Length: {}\r\n{}\r\n{}", seq,
                 text.size(), connection, text);
}

}  // namespace

void EventBytes::make(std::uint64_t seq, std::string_view text) {
  for (std::string* const out : {&websocket, &stream, &sse, &answer, &closing_answer, &published}) {
    out->clear();
  }
  wire::append_frame(websocket, wire::Opcode::kText, text);
  wire::append_chunk_head(stream, text.size() + 1);
  stream.append(text).append("\n\r\n");
  constexpr std::string_view kData = "data: ";
  wire::append_chunk_head(sse, kData.size() + text.size() + 2);
  sse.append(kData).append(text).append("\n\n\r\n");
  append_answer(answer, seq, text, "");
  append_answer(closing_answer, seq, text, "Connection: close\r\n");
  fmt::format_to(std::back_inserter(published), "HTTP/1.1 204 No Content\r\nETag: \"{}\"\r\n\r\n",
                 seq);
}

std::string_view UpgradeHead::answer_to(std::string_view key) {
  if (answer_.empty() || key != key_) {
    key_ = key;
    answer_ = fmt::format(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: {}\r\n\r\n",
        wire::websocket_accept(key));
  }
  return answer_;
}

}  // namespace pushbench::servers::floor
