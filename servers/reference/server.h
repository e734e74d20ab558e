// The reference server: every push strategy on one port over one topic log. README.md fixes its
// wire formats. A Server runs on the reactor it was given, and all its functions are called from
// the thread that runs it. With several threads (options) the others run on reactors of their own,
// with a part of the clients each. When stop() has done its work, the reactor is stopped; the
// destructor waits for the other threads.
#pragma once

#include "harness/base/reactor.h"
#include "servers/reference/limits.h"
#include "servers/reference/metrics.h"
#include "servers/reference/options.h"

#include <cstdint>
#include <memory>

namespace pushbench::servers {

class Server {
 public:
  Server(Reactor& reactor, const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds and begins to accept; returns the port. A failure is one sentence for the user.
  Result<std::uint16_t> listen();
  // Tells every client (204, last chunk, close 1001) and ends, at the latest after stop_grace.
  void stop();
  Metrics metrics();  // of other threads as they were 0.1 s ago
  // For a program that serves events of its own: as POST /publish/{topic}. 0: refused, as there.
  std::uint64_t publish(std::string_view topic, std::string_view text);

 private:
  void begin_helpers();

  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace pushbench::servers
