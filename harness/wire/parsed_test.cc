// The contract that all parsers of this room share: an item that lies whole in one input is handed
// out as a view into it, and costs no allocation.
#include "harness/wire/parsed.h"

#include "harness/wire/chunk.h"
#include "harness/wire/event_line.h"
#include "harness/wire/http_head.h"
#include "harness/wire/sse.h"
#include "harness/wire/websocket.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

namespace {
thread_local std::size_t allocations = 0;
}  // namespace

// Not inlined: g++ would then see malloc and delete as a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) {
    return memory;
  }
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace pushbench::wire {
namespace {

const std::string kPayload(1'000, 'x');

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

// Parses `input` to its end with `next(input, item)`; `view_of(item)` must be the payload, in
// place.
template <class Next, class ViewOf>
void expect_in_place(std::string_view bytes, int items, Next next, ViewOf view_of) {
  const auto before = allocations;
  int seen = 0;
  bool in_place = true;
  while (next() == Parsed::kItem) {
    ++seen;
    in_place = in_place && lies_in(view_of(), bytes) && view_of() == kPayload;
  }
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(seen, items);
  EXPECT_TRUE(in_place);
}

TEST(Parsed, TheCounterCounts) {
  const auto before = allocations;
  const std::string copy = kPayload;
  EXPECT_EQ(allocations, before + 1) << copy.size();
}

TEST(Parsed, ChunksAreHandedOutInPlace) {
  std::string bytes;
  append_chunk(bytes, kPayload);
  append_chunk(bytes, kPayload);
  bytes += kLastChunk;
  ChunkDecoder decoder;
  std::string_view input = bytes;
  std::string_view data;
  expect_in_place(
      bytes, 2, [&] { return decoder.next(input, data); }, [&] { return data; });
}

TEST(Parsed, EventLinesAreHandedOutInPlace) {
  std::string bytes;
  append_event_line(bytes, 1, kPayload);
  append_event_line(bytes, 2, kPayload);
  LineReader reader;
  std::string_view input = bytes;
  std::string_view line;
  EventLine event;
  std::string scratch;
  expect_in_place(
      bytes, 2, [&] { return reader.next(input, line); },
      [&] { return parse_event_line(line, event, scratch) ? event.data : ""; });
}

TEST(Parsed, SseEventsAreHandedOutInPlace) {
  std::string bytes;
  append_sse_event(bytes, 123'456'789, kPayload);
  append_sse_event(bytes, 123'456'790, kPayload);
  SseParser parser;
  std::string_view input = bytes;
  SseEvent event;
  expect_in_place(
      bytes, 2, [&] { return parser.next(input, event); }, [&] { return event.data; });
}

TEST(Parsed, WebSocketMessagesAreHandedOutInPlace) {
  for (const bool masked : {false, true}) {
    std::string bytes;
    append_frame(bytes, Opcode::kText, kPayload, masked ? std::optional(7U) : std::nullopt);
    append_frame(bytes, Opcode::kBinary, kPayload, masked ? std::optional(9U) : std::nullopt);
    MessageReader reader(masked ? MessageReader::Role::kServer : MessageReader::Role::kClient);
    std::span<char> input(bytes);
    Message message;
    expect_in_place(
        bytes, 2, [&] { return reader.next(input, message); }, [&] { return message.data; });
  }
}

TEST(Parsed, HeadsAndBodiesAreHandedOutInPlace) {
  const auto fields = "Content-Length: 1000\r\nConnection: keep-alive\r\n\r\n" + kPayload;
  const auto request = "POST /publish/t HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n" + fields;
  const auto response = "HTTP/1.1 200 OK\r\nETag: \"12\"\r\n" + fields;
  RequestHead request_head;
  ResponseHead response_head;
  std::string_view input = request;
  std::string_view data;
  const auto before = allocations;
  EXPECT_EQ(parse_request_head(input, request_head), Parsed::kItem);
  BodyReader body(request_head.body);
  expect_in_place(
      request, 1, [&] { return body.next(input, data); }, [&] { return data; });
  input = response;
  EXPECT_EQ(parse_response_head(input, response_head), Parsed::kItem);
  body = BodyReader(response_head.body);
  expect_in_place(
      response, 1, [&] { return body.next(input, data); }, [&] { return data; });
  EXPECT_EQ(allocations, before);
}

// What was kept of a cut frame or message is given back: an idle reader owns nothing.
TEST(Parsed, CutItemsAreKeptOnlyUntilTheyAreHandedOut) {
  std::string bytes;
  append_frame(bytes, Opcode::kText, kPayload);
  MessageReader reader(MessageReader::Role::kClient);
  Message message;
  std::span<char> front = std::span(bytes).first(10);
  std::span<char> back = std::span(bytes).subspan(10);
  EXPECT_EQ(reader.next(front, message), Parsed::kNeedMore);
  EXPECT_EQ(reader.next(back, message), Parsed::kItem);
  EXPECT_FALSE(lies_in(message.data, bytes));
  EXPECT_EQ(message.data, kPayload);
  EXPECT_EQ(reader.next(back, message), Parsed::kNeedMore);
  // In place again once the cut one is gone.
  std::span<char> whole(bytes);
  EXPECT_EQ(reader.next(whole, message), Parsed::kItem);
  EXPECT_TRUE(lies_in(message.data, bytes));
}

}  // namespace
}  // namespace pushbench::wire
