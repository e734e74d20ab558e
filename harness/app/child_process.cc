#include "harness/app/child_process.h"

#include "harness/base/text.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string_view>

namespace pushbench::app {
namespace {

constexpr std::string_view kSummary = "GITHUB_STEP_SUMMARY=";
constexpr int kSignalBase = 128;
constexpr std::size_t kMostShown = 300;

// SIGINT, SIGTERM and SIGCHLD wait until they are asked for.
class HeldSignals {
 public:
  HeldSignals() {
    sigemptyset(&held_);
    for (const int number : {SIGINT, SIGTERM, SIGCHLD}) {
      sigaddset(&held_, number);
    }
    pthread_sigmask(SIG_BLOCK, &held_, &before_);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  const sigset_t& before() const noexcept { return before_; }
  // The next of them, or 0 after a while.
  int next() const {
    const timespec patience{.tv_sec = 1, .tv_nsec = 0};
    return std::max(0, sigtimedwait(&held_, nullptr, &patience));
  }

 private:
  sigset_t held_{};
  sigset_t before_{};
};

std::vector<char*> environment_without_summary() {
  std::vector<char*> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with(kSummary)) {
      out.push_back(*entry);
    }
  }
  out.push_back(nullptr);
  return out;
}

Result<pid_t> spawn_child(const std::vector<std::string>& command,
                          const std::string& log_path,
                          const sigset_t& mask) {
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const auto& argument : command) {
    argv.push_back(const_cast<char*>(argument.c_str()));  // posix_spawn's signature; it only reads
  }
  argv.push_back(nullptr);
  auto environment = environment_without_summary();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log_path.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0644);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigmask(&attributes, &mask);
  pid_t pid = -1;
  const int error = posix_spawnp(&pid, command[0].c_str(), &actions, &attributes, argv.data(),
                                 environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return could_not_run(
        fmt::format("cannot start {}: {}", printable(command[0]), std::strerror(error)));
  }
  return pid;
}

int code_of(int status) {
  return WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<ChildEnd> run_child(const std::vector<std::string>& command,
                           const std::string& log_path,
                           Nanos bound) {
  const HeldSignals signals;
  const auto pid = spawn_child(command, log_path, signals.before());
  if (!pid) {
    return pid.error();
  }
  ChildEnd end;
  const TimePoint until = steady_now() + bound;
  int status = 0;
  while (waitpid(*pid, &status, WNOHANG) != *pid) {
    const int signal = signals.next();
    if (signal == SIGINT || signal == SIGTERM) {
      kill(-*pid, end.interrupted == 0 ? SIGTERM : SIGKILL);
      end.interrupted = signal;
    } else if (!end.too_long && steady_now() > until) {
      end.too_long = true;
      kill(-*pid, SIGKILL);
    }
  }
  end.code = code_of(status);
  return end;
}

std::string last_line_of(const std::string& log_path) {
  std::ifstream file(log_path);
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (line.find_first_not_of(" \t\r") != std::string::npos) {
      last = std::move(line);
    }
  }
  return printable(last.substr(0, kMostShown));
}

}  // namespace pushbench::app
