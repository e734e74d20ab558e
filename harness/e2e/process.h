// Runs the real binary as a user would, for the tests of this room: captured output, exit code,
// signals in mid-run. Everything is bounded in time.
#pragma once

#include "harness/base/time.h"

#include <functional>
#include <string>
#include <vector>

namespace pushbench::e2e {

struct Finished {
  int code = -1;  // exit code, or 128 + signal as a shell says it
  std::string out, err;
  Nanos took{};
};

class Process {
 public:
  explicit Process(const std::vector<std::string>& arguments, const std::string& directory = "");
  ~Process();  // kills it when it still runs
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  int pid() const noexcept { return pid_; }
  const std::string& out() const noexcept { return finished_.out; }  // read so far
  void signal(int number) const;
  // True once stderr or stdout so far contains `text`.
  bool wait_for_text(const std::string& text, Nanos bound);
  Finished finish(Nanos bound);

 private:
  bool pump(Nanos bound);
  int pid_ = -1;
  int out_ = -1, err_ = -1;
  Finished finished_;
  TimePoint began_;
};

Finished run_pushbench(const std::vector<std::string>& arguments,
                       Nanos bound = std::chrono::seconds(120));

// A fresh directory below the test's temporary one.
std::string fresh_directory(const std::string& name);
std::string read_file(const std::string& path);
std::string write_scenario(const std::string& name, const std::string& text);
// Processes whose parent is `pid`.
std::vector<int> children_of(int pid);

}  // namespace pushbench::e2e
