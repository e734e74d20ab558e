// What the floor server writes: the bytes of one event for every strategy, made once when it is
// published and then written as they are to each subscriber, and the heads before them, as short as
// HTTP/1.1 and RFC 6455 allow. Pure, one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench::servers::floor {

inline constexpr std::string_view kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
inline constexpr std::string_view kSseHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
inline constexpr std::string_view kNotFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

struct EventBytes {
  std::string websocket;       // one final text frame
  std::string stream;          // one chunk: the text and a line feed
  std::string sse;             // one chunk: "data: ", the text, two line feeds
  std::string answer;          // of a poll and a long-poll
  std::string closing_answer;  // the same, for a connection that ends with it
  std::string published;       // to the publisher

  // Reuses the memory of the event before.
  void make(std::uint64_t seq, std::string_view text);
};

// The answer to an upgrade. The last key and its answer are kept, because the floor client sends
// the same key with every connection and the digest would be the only arithmetic of an accept.
class UpgradeHead {
 public:
  std::string_view answer_to(std::string_view key);

 private:
  std::string key_;
  std::string answer_;
};

}  // namespace pushbench::servers::floor
