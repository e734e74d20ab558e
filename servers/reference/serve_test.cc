#include "servers/reference/serve.h"

#include "servers/reference/test_peer.h"

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <vector>

namespace pushbench::servers {
namespace {

// serve() in a process of its own, as the command does it.
class Child {
 public:
  // `descriptors` > 0: so many more than are open now are all it gets.
  explicit Child(const ServerOptions& options, std::FILE* err = stderr, rlim_t descriptors = 0) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      std::FILE* const out = ::fdopen(ends[1], "w");
      const rlim_t most = static_cast<rlim_t>(ends[1]) + descriptors;
      const rlimit limit{most, most};
      if (descriptors > 0) {
        ::setrlimit(RLIMIT_NOFILE, &limit);
      }
      ::_exit(static_cast<int>(serve(options, out, err)));
    }
    ::close(ends[1]);
    out_ = ::fdopen(ends[0], "r");
  }
  ~Child() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      wait();
    }
    std::fclose(out_);
  }
  std::string line() {
    char text[200] = "";
    return std::fgets(text, sizeof text, out_) == nullptr ? "" : text;
  }
  void signal(int number) const { ::kill(pid_, number); }
  // Exit code, 1000 + signal when killed.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
  std::FILE* out_ = nullptr;
};

std::uint16_t port_of(const std::string& line) {
  static constexpr std::string_view kBefore = "pushbench serve: listening on http://127.0.0.1:";
  EXPECT_TRUE(line.starts_with(kBefore) && line.ends_with('\n')) << line;
  return line.size() <= kBefore.size()
             ? std::uint16_t{0}
             : static_cast<std::uint16_t>(std::stoi(line.substr(kBefore.size())));
}

TEST(Serve, AnnouncesServesAndStopsOnSigterm) {
  Child child({});
  Peer peer(port_of(child.line()));
  EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
  Peer stream(peer.remote_port());
  stream.ask(get("/sse/t"));
  child.signal(SIGTERM);
  EXPECT_EQ(stream.rest(), "0\r\n\r\n");
  stream.close();
  EXPECT_EQ(child.line(), "");
  EXPECT_EQ(child.wait(), 0);
}

TEST(Serve, ASecondSignalQuitsAtOnce) {
  Child child({});
  Peer peer(port_of(child.line()));
  // An unfinished request keeps a graceful stop waiting.
  peer.send("POST /publish/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
  Peer stream(peer.remote_port());
  stream.ask(get("/sse/t"));
  child.signal(SIGINT);
  EXPECT_EQ(stream.rest(), "0\r\n\r\n");  // the first signal has been taken
  child.signal(SIGINT);
  EXPECT_EQ(child.wait(), 128 + SIGINT);
}

double metric(Peer& peer, std::string_view name) {
  const std::string text = peer.ask(get("/metrics"));
  const std::size_t at = text.find("\n" + std::string(name) + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
}

TEST(Serve, WithoutDescriptorsItPausesAndRecovers) {
  static constexpr std::string_view kPaused = "pushbench_troubles_total{name=\"descriptors\"}";
  ServerOptions options;
  options.limits.max_connections = 100'000;
  std::FILE* const err = std::tmpfile();
  Child child(options, err, 20);
  Peer observer(port_of(child.line()));
  EXPECT_EQ(metric(observer, kPaused), 0.0);
  std::vector<Peer> peers;
  for (int i = 0; i < 30; ++i) {
    peers.emplace_back(observer.remote_port());
  }
  const TimePoint until = steady_now() + kPatience;
  while (metric(observer, kPaused) < 1 && steady_now() < until) {
  }
  // It must not spin while it can accept nobody.
  const double cpu = metric(observer, "process_cpu_seconds_total");
  ::poll(nullptr, 0, 1000);
  EXPECT_LT(metric(observer, "process_cpu_seconds_total") - cpu, 0.2);
  EXPECT_LE(metric(observer, kPaused), 60.0);
  peers.erase(peers.begin(), peers.begin() + 20);
  for (Peer& peer : peers) {
    EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
  }
  child.signal(SIGTERM);
  peers.clear();
  observer.close();
  EXPECT_EQ(child.wait(), 0);
  std::fseek(err, 0, SEEK_END);
  EXPECT_GT(std::ftell(err), 0);
  EXPECT_LT(std::ftell(err), 1000);  // at most one line a second
  std::fclose(err);
}

// A process in between, which starts the server and goes: the server is an orphan and must end,
// whoever adopted it. `told`: the pid that the server is told to follow.
int end_of_orphan(bool told_before_it_goes) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t between = ::fork();
  if (between == 0) {
    ::close(ends[0]);
    ServerOptions options;
    options.parent_pid = ::getpid();
    int gone[2];
    static_cast<void>(::pipe(gone));
    if (::fork() == 0) {
      ::close(gone[1]);
      if (!told_before_it_goes) {  // starts only when its parent has gone already
        char byte = 0;
        static_cast<void>(::read(gone[0], &byte, 1));
      }
      ::_exit(static_cast<int>(serve(options, ::fdopen(ends[1], "w"), stderr)));
    }
    ::close(ends[1]);
    if (told_before_it_goes) {
      ::poll(nullptr, 0, 200);
    }
    ::_exit(0);
  }
  ::close(ends[1]);
  int status = 0;
  ::waitpid(between, &status, 0);
  // The pipe ends when the server does.
  char buffer[256];
  pollfd waiting{ends[0], POLLIN, 0};
  ssize_t size = 1;
  while (size > 0 && ::poll(&waiting, 1, static_cast<int>(kPatience.count())) > 0) {
    size = ::read(ends[0], buffer, sizeof buffer);
  }
  ::close(ends[0]);
  return static_cast<int>(size);
}

TEST(Serve, AnOrphanEndsAlsoWhenItWasOneFromTheStart) {
  EXPECT_EQ(end_of_orphan(true), 0);
  EXPECT_EQ(end_of_orphan(false), 0);
}

// The test stands for process 1 of a container: what counts is who started the server.
TEST(Serve, TheParentItWasToldOfMayBeAnyProcess) {
  ServerOptions options;
  options.parent_pid = ::getpid();
  Child child(options);
  Peer peer(port_of(child.line()));
  EXPECT_TRUE(peer.ask(get("/healthz")).ends_with("ok\n"));
  child.signal(SIGTERM);
  EXPECT_EQ(child.wait(), 0);
}

TEST(Serve, APortInUseEndsWithOne) {
  TestServer first;
  ServerOptions options;
  options.port = first.port();
  std::FILE* const err = std::tmpfile();
  EXPECT_EQ(serve(options, stdout, err), ExitCode::kCouldNotRun);
  EXPECT_GT(std::ftell(err), 0);
  std::fclose(err);
}

TEST(Serve, OutputThatCannotBeWrittenIsSaid) {
  std::FILE* const full = std::fopen("/dev/full", "w");
  ASSERT_NE(full, nullptr);
  std::FILE* const err = std::tmpfile();
  EXPECT_EQ(serve({}, full, err), ExitCode::kCouldNotRun);
  EXPECT_GT(std::ftell(err), 0);
  std::fclose(err);
  std::fclose(full);
}

}  // namespace
}  // namespace pushbench::servers
