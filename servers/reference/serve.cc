#include "servers/reference/serve.h"

#include "harness/base/check.h"
#include "harness/base/descriptors.h"
#include "harness/wire/websocket.h"
#include "servers/reference/listener.h"
#include "servers/reference/server.h"

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace pushbench::servers {
namespace {

// The first signal stops the server, which takes a while; a second one ends the process.
class Signals {
 public:
  Signals(Reactor& reactor, Server& server) : reactor_(reactor), server_(server) {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGTERM);
    ::sigaddset(&set_, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
    descriptor_ = ::signalfd(-1, &set_, SFD_NONBLOCK | SFD_CLOEXEC);
    PUSHBENCH_CHECK(descriptor_ >= 0 && !reactor_.add(descriptor_, watch_));
    reactor_.when(watch_, Reactor::Want::kRead, [this](const error_code& ec) {
      if (!ec) {
        first();
      }
    });
  }
  ~Signals() {
    reactor_.forget(watch_);
    ::close(descriptor_);
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void first() {
    signalfd_siginfo taken{};
    static_cast<void>(::read(descriptor_, &taken, sizeof taken));
    std::signal(SIGTERM, quit);
    std::signal(SIGINT, quit);
    ::pthread_sigmask(SIG_UNBLOCK, &set_, nullptr);
    server_.stop();
  }
  static void quit(int signal) { std::_Exit(128 + signal); }

  Reactor& reactor_;
  Server& server_;
  Reactor::Watch watch_;
  sigset_t set_{};
  sigset_t before_{};
  int descriptor_ = -1;
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
  Reactor reactor(context);
  ServerOptions own = options;
  if (own.log == nullptr) {
    own.log = err;
  }
  Server server(reactor, own);
  const Signals signals(reactor, server);
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
  reactor.run();
  return ExitCode::kOk;
}

}  // namespace pushbench::servers
