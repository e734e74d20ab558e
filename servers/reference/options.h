// What the caller of the server chooses, and the two rules of who may talk to it. On a loopback
// address the Host field must name this machine, since a web page can point any name of its own at
// 127.0.0.1 (DNS rebinding); and a page of another origin may neither publish nor listen, since
// browsers send such requests without asking (RFC 6455 section 10.2).
#pragma once

#include "harness/base/nanos.h"
#include "harness/wire/deflate.h"
#include "servers/reference/injection.h"
#include "servers/reference/limits.h"
#include "servers/reference/replay.h"

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::servers {

struct ServerOptions {
  static constexpr std::uint32_t kMaxThreads = 256;

  std::string address = "127.0.0.1";  // numeric, IPv4 or IPv6
  std::uint16_t port = 0;             // 0: the kernel chooses
  Limits limits;
  std::uint32_t threads = 1;  // loops, each with a part of the clients
  // How long an event to streams may wait for others that then leave in the same write. It adds to
  // the latency of each, and saves a write for each event and client: for topics whose events come
  // faster than that. 0: none waits.
  static constexpr Nanos kMaxWriteDelay{std::chrono::seconds(1)};
  Nanos write_delay{0};
  // For whoever asks (compression.h), as zlib's level from 1 to 9; 0: nobody gets it.
  int compression_level = wire::kDefaultCompression;
  bool echo = false;    // offer /echo
  Injection injection;  // faults to commit on purpose; only on a loopback address
  int parent_pid = 0;   // serve(): end when this process, which started it, ends (0: not asked for)
  std::vector<std::string> allow_hosts;    // names accepted in Host beside those of loopback
  std::vector<std::string> allow_origins;  // as a browser sends them: https://example.org
  std::vector<Replay> replays;             // answered before any other endpoint
  std::string page;  // HTML that GET / answers with, at most answer_bytes; empty: the endpoints
  std::FILE* log = nullptr;  // trouble with accepting, at most one line a second; null: silent
};

bool is_loopback(std::string_view address) noexcept;

// `host` as in the Host field, with or without a port. True for every host when `loopback` is not
// set and no host was named.
bool host_allowed(const ServerOptions& options, bool loopback, std::string_view host) noexcept;
bool origin_allowed(const ServerOptions& options,
                    std::string_view host,
                    std::string_view origin) noexcept;

}  // namespace pushbench::servers
