// Runs the real binary as a user would, for the tests of this room: captured output, exit code,
// signals in mid-run. Everything is bounded in time.
#pragma once

#include "harness/base/time.h"
#include "harness/result/run_result.h"

#include <functional>
#include <string>
#include <vector>

namespace pushbench::e2e {

struct Finished {
  int code = -1;  // exit code, or 128 + signal as a shell says it
  std::string out, err;
  Nanos took{};
};

// Whether a run that had no trouble may end with this code: 0, or 3 where a build for debugging or
// with a sanitizer is so slow that its verdict holds the lateness against it.
bool is_success(int code);
// A bound of time, or of what the edges of a window may be off, for a build that is as fast as what
// is shipped; such a slow one gets five times as much.
Nanos within(Nanos bound);
double within(double share);

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

// result.json of `directory`, whose accounts must balance whatever happened in the run.
result::RunResult load_run(const std::string& directory);
// `pushbench run WORDS` that ends with a result, believed or not; what it printed goes to
// `printed`.
result::RunResult measured_run(const std::string& name,
                               std::vector<std::string> words,
                               Nanos bound = std::chrono::seconds(120),
                               std::string* printed = nullptr);

// A fresh directory below the test's temporary one.
std::string fresh_directory(const std::string& name);
std::string read_file(const std::string& path);
std::string write_scenario(const std::string& name, const std::string& text);
// Processes whose parent is `pid`.
std::vector<int> children_of(int pid);

}  // namespace pushbench::e2e
