#include "harness/swarm/server_child.h"

#include "harness/base/text.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace pushbench::swarm {
namespace {

constexpr std::string_view kAnnouncement = "listening on http://";
constexpr std::size_t kMaxAnnouncement = 4096;

int milliseconds_left(TimePoint until) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(until - steady_now()).count();
  return static_cast<int>(std::max<std::int64_t>(0, left));
}

// Reads the child's stdout until the announcement, its end, or the bound.
std::string read_announcement(int descriptor) {
  std::string text;
  const TimePoint until = steady_now() + ServerChild::kStartBound;
  while (text.find('\n') == std::string::npos && text.size() < kMaxAnnouncement) {
    pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
    const int ready = poll(&waiting, 1, milliseconds_left(until));
    if (ready < 0 && errno == EINTR) {  // Ctrl-C: the run ends once the server is up
      continue;
    }
    if (ready <= 0) {
      break;
    }
    std::array<char, 512> buffer;
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got <= 0) {
      break;
    }
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

Result<int> spawn(const std::vector<std::string>& command,
                  const std::string& log_path,
                  int stdout_write) {
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const auto& argument : command) {
    argv.push_back(
        const_cast<char*>(argument.c_str()));  // posix_spawn's signature; it does not write
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, stdout_write, STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log_path.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  // A group of its own: Ctrl-C at the terminal ends the run, which then ends its server.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  pid_t pid = -1;
  const int error =
      posix_spawn(&pid, command[0].c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return could_not_run("cannot start the server " + command[0] + ": " + std::strerror(error));
  }
  return pid;
}

std::string describe(int status) {
  if (WIFSIGNALED(status)) {
    return "was killed by signal " + std::to_string(WTERMSIG(status));
  }
  return "exited with code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

std::optional<std::uint16_t> announced_port(std::string_view line) {
  const auto at = line.find(kAnnouncement);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = line.substr(at + kAnnouncement.size());
  const auto end = rest.find_first_of(" \r\n/");
  const auto authority = rest.substr(0, end);
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::uint16_t port = 0;
  const char* last = authority.data() + authority.size();
  const auto [stop, ec] = std::from_chars(authority.data() + colon + 1, last, port);
  return ec == std::errc() && stop == last && port != 0 ? std::optional(port) : std::nullopt;
}

Result<ServerChild> ServerChild::start(const std::vector<std::string>& command,
                                       const std::string& log_path) {
  std::array<int, 2> pipe_ends{};
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    return could_not_run(std::string("cannot make a pipe for the server: ") + std::strerror(errno));
  }
  const auto pid = spawn(command, log_path, pipe_ends[1]);
  close(pipe_ends[1]);
  if (!pid) {
    close(pipe_ends[0]);
    return pid.error();
  }
  ServerChild child;
  child.pid_ = *pid;
  child.stdout_ = pipe_ends[0];
  const std::string announcement = read_announcement(child.stdout_);
  const auto port = announced_port(announcement);
  if (!port) {
    return could_not_run("the server " + command[0] + " did not start listening: it " +
                         child.why_not_listening() + "; see " + log_path);
  }
  child.port_ = *port;
  return child;
}

// A child that closed its stdout is ending: give it a moment to say how.
std::string ServerChild::why_not_listening() {
  const TimePoint until = steady_now() + std::chrono::milliseconds(200);
  while (!ended() && steady_now() < until) {
    poll(nullptr, 0, 5);
  }
  return ended().value_or("said nothing of the kind within " + human_duration(kStartBound));
}

ServerChild::~ServerChild() {
  stop();
}

ServerChild::ServerChild(ServerChild&& other) noexcept {
  *this = std::move(other);
}

ServerChild& ServerChild::operator=(ServerChild&& other) noexcept {
  if (this != &other) {
    stop();
    pid_ = std::exchange(other.pid_, -1);
    stdout_ = std::exchange(other.stdout_, -1);
    port_ = other.port_;
    how_it_ended_ = std::move(other.how_it_ended_);
  }
  return *this;
}

std::optional<std::string> ServerChild::ended() {
  if (pid_ > 0 && !how_it_ended_) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == pid_) {
      how_it_ended_ = describe(status);
    }
  }
  return how_it_ended_;
}

void ServerChild::stop() {
  if (pid_ > 0 && !ended()) {
    kill(pid_, SIGTERM);
    const TimePoint until = steady_now() + kStopBound;
    while (!ended() && steady_now() < until) {
      poll(nullptr, 0, 5);
    }
    if (!ended()) {
      kill(pid_, SIGKILL);
      int status = 0;
      waitpid(pid_, &status, 0);
      how_it_ended_ = describe(status);
    }
  }
  pid_ = -1;
  if (stdout_ >= 0) {
    close(std::exchange(stdout_, -1));
  }
}

}  // namespace pushbench::swarm
