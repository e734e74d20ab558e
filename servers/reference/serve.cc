#include "servers/reference/serve.h"

#include "harness/base/descriptors.h"
#include "harness/wire/websocket.h"
#include "servers/reference/listener.h"
#include "servers/reference/server.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace pushbench::servers {
namespace {

class Signals {
 public:
  Signals(boost::asio::io_context& context, Server& server)
      : set_(context, SIGTERM, SIGINT), server_(server) {
    set_.async_wait([this](const error_code& ec, int) {
      if (!ec) {
        first();
      }
    });
  }
  // The server may end by itself after stop(); then nobody waits for a second signal.
  void first() {
    set_.clear();
    std::signal(SIGTERM, quit);
    std::signal(SIGINT, quit);
    server_.stop();
  }

 private:
  static void quit(int signal) { std::_Exit(128 + signal); }

  boost::asio::signal_set set_;
  Server& server_;
};

// `parent`: who started this process, as that process knows itself. Told rather than asked for: an
// orphan is adopted by process 1 or by a subreaper, and process 1 can be the rightful parent (in a
// container).
void follow_parent(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  // It may have gone before the line above.
  if (::getppid() != parent) {
    std::raise(SIGTERM);
  }
}

bool announce(const ServerOptions& options, std::uint16_t port, std::FILE* out) {
  const bool v6 = options.address.find(':') != std::string::npos;
  std::fprintf(out, "pushbench serve: listening on http://%s%s%s:%u\n", v6 ? "[" : "",
               options.address.c_str(), v6 ? "]" : "", static_cast<unsigned>(port));
  return std::fflush(out) == 0;
}

}  // namespace

ExitCode serve(const ServerOptions& options, std::FILE* out, std::FILE* err) {
  raise_descriptor_limit();
  std::signal(SIGPIPE, SIG_IGN);
  boost::asio::io_context context(1);
  ServerOptions own = options;
  if (own.log == nullptr) {
    own.log = err;
  }
  Server server(context, own);
  Signals signals(context, server);
  const auto port = server.listen();
  if (port.has_error()) {
    std::fprintf(err, "pushbench serve: %s\n", port.error().text.c_str());
    return port.error().code;
  }
  if (!is_loopback(options.address)) {
    std::fprintf(err,
                 "pushbench serve: %s is not a loopback address: everybody who reaches it can "
                 "publish, listen and read /metrics\n",
                 options.address.c_str());
  }
  // The first handshake would load OpenSSL's providers, some 2 MB that are not any client's.
  static_cast<void>(wire::websocket_accept(""));
  if (!announce(options, *port, out)) {
    std::fprintf(err, "pushbench serve: cannot write the address to standard output\n");
    return ExitCode::kCouldNotRun;
  }
  if (options.parent_pid != 0) {
    follow_parent(options.parent_pid);
  }
  context.run();
  return ExitCode::kOk;
}

}  // namespace pushbench::servers
