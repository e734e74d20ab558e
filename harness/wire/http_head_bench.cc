#include "harness/wire/http_head.h"

#include <benchmark/benchmark.h>

namespace pushbench::wire {
namespace {

constexpr std::string_view kPoll =
    "GET /poll/news?after=123456 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
    "If-None-Match: \"123456\"\r\n\r\n";
constexpr std::string_view kBrowserUpgrade =
    "GET /ws/news?after=123456 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: Upgrade\r\n"
    "Pragma: no-cache\r\nCache-Control: no-cache\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n"
    "Upgrade: websocket\r\nOrigin: http://127.0.0.1:8080\r\nSec-WebSocket-Version: 13\r\n"
    "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
constexpr std::string_view kPolled =
    "HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 01:43:00 GMT\r\n"
    "Content-Type: application/x-ndjson\r\nCache-Control: no-store\r\nETag: \"12\"\r\n"
    "Content-Length: 38\r\n\r\n";

void BM_RequestHead(benchmark::State& state) {
  const auto bytes = state.range(0) == 0 ? kPoll : kBrowserUpgrade;
  RequestHead head;
  for (auto _ : state) {
    auto input = bytes;
    benchmark::DoNotOptimize(parse_request_head(input, head));
    benchmark::DoNotOptimize(head.size);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(BM_RequestHead)->ArgName("browser")->Arg(0)->Arg(1);

void BM_ResponseHead(benchmark::State& state) {
  ResponseHead head;
  for (auto _ : state) {
    auto input = kPolled;
    benchmark::DoNotOptimize(parse_response_head(input, head));
    benchmark::DoNotOptimize(head.size);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kPolled.size()));
}
BENCHMARK(BM_ResponseHead);

}  // namespace
}  // namespace pushbench::wire
