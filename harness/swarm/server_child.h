// The server under test as a process of its own, so that its processor time and memory are its own:
// started before a cell, announced on a pipe, ended by SIGTERM within a bound, then SIGKILL. Every
// child that a run started is ended by the run, also when it fails.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::swarm {

class ServerChild {
 public:
  static constexpr Nanos kStartBound{std::chrono::seconds(10)};
  static constexpr Nanos kStopBound{std::chrono::seconds(7)};

  ServerChild() = default;
  ~ServerChild();
  ServerChild(ServerChild&& other) noexcept;
  ServerChild& operator=(ServerChild&& other) noexcept;

  // Runs `command` (argv; command[0] is a path), its stderr appended to `log_path`, and waits for
  // the line "… listening on http://HOST:PORT" on its stdout.
  static Result<ServerChild> start(const std::vector<std::string>& command,
                                   const std::string& log_path);

  int pid() const noexcept { return pid_; }
  std::uint16_t port() const noexcept { return port_; }
  // What it died of ("exited with code 1", "was killed by signal 9"), nullopt while it runs.
  std::optional<std::string> ended();
  void stop();  // SIGTERM, wait, SIGKILL

 private:
  std::string why_not_listening();
  int pid_ = -1;
  int stdout_ = -1;
  std::uint16_t port_ = 0;
  std::optional<std::string> how_it_ended_;
};

// The port in an announcement line; nullopt when there is none.
std::optional<std::uint16_t> announced_port(std::string_view line);

}  // namespace pushbench::swarm
