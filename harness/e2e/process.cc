#include "harness/e2e/process.h"

#include "harness/result/accounts.h"
#include "harness/result/result_file.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pushbench::e2e {
namespace fs = std::filesystem;

namespace {

#ifdef NDEBUG
constexpr bool kSlowBuild = false;
#else
constexpr bool kSlowBuild = true;
#endif
constexpr int kSlowFactor = kSlowBuild ? 5 : 1;

}  // namespace

bool is_success(int code) {
  return code == 0 || (kSlowBuild && code == 3);
}

Nanos within(Nanos bound) {
  return kSlowFactor * bound;
}

double within(double share) {
  return kSlowFactor * share;
}

Process::Process(const std::vector<std::string>& arguments, const std::string& directory)
    : began_(steady_now()) {
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0) {
    ADD_FAILURE() << "no pipe";
    return;
  }
  std::vector<std::string> words = arguments;
  words.insert(words.begin(), PUSHBENCH_BIN);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    if (!directory.empty() && chdir(directory.c_str()) != 0) {
      _exit(126);
    }
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  for (const int descriptor : {out_, err_}) {
    if (descriptor >= 0) {
      close(descriptor);
    }
  }
}

void Process::signal(int number) const {
  kill(pid_, number);
}

// One wait for output; false when both ends are closed or the bound passed.
bool Process::pump(Nanos bound) {
  std::array<pollfd, 2> waiting{pollfd{out_, POLLIN, 0}, pollfd{err_, POLLIN, 0}};
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(bound).count();
  if ((out_ < 0 && err_ < 0) || poll(waiting.data(), waiting.size(), static_cast<int>(ms)) <= 0) {
    return false;
  }
  for (auto* stream : {&out_, &err_}) {
    const std::size_t i = stream == &out_ ? 0 : 1;
    if (*stream < 0 || waiting[i].revents == 0) {
      continue;
    }
    std::array<char, 4096> buffer;
    const ssize_t got = read(*stream, buffer.data(), buffer.size());
    if (got <= 0) {
      close(*stream);
      *stream = -1;
      continue;
    }
    (i == 0 ? finished_.out : finished_.err).append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

bool Process::wait_for_text(const std::string& text, Nanos bound) {
  const TimePoint until = steady_now() + bound;
  for (;;) {
    if (finished_.out.find(text) != std::string::npos ||
        finished_.err.find(text) != std::string::npos) {
      return true;
    }
    if (steady_now() >= until || !pump(until - steady_now())) {
      return false;
    }
  }
}

Finished Process::finish(Nanos bound) {
  const TimePoint until = steady_now() + bound;
  while (steady_now() < until && pump(until - steady_now())) {
  }
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (steady_now() >= until) {
      ADD_FAILURE() << "still running after its bound; stderr so far: " << finished_.err;
      return finished_;
    }
    poll(nullptr, 0, 5);
  }
  pid_ = -1;
  finished_.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  finished_.took = steady_now() - began_;
  return finished_;
}

Finished run_pushbench(const std::vector<std::string>& arguments, Nanos bound) {
  return Process(arguments).finish(bound);
}

result::RunResult load_run(const std::string& directory) {
  auto run = result::load_result(directory + "/result.json");
  EXPECT_TRUE(run) << run.error().text;
  if (!run) {
    return {};
  }
  for (const auto& cell : run->cells) {
    EXPECT_EQ(result::imbalance_of(cell), "") << cell.label();
  }
  return std::move(*run);
}

result::RunResult measured_run(const std::string& name,
                               std::vector<std::string> words,
                               Nanos bound,
                               std::string* printed) {
  const std::string out = fresh_directory(name);
  words.insert(words.begin(), "run");
  words.insert(words.end(), {"--out", out});
  const auto run = run_pushbench(words, bound);
  EXPECT_TRUE(run.code == 0 || run.code == 3) << run.err << run.out;
  if (printed != nullptr) {
    *printed = run.out;
  }
  return load_run(out);
}

std::string fresh_directory(const std::string& name) {
  const fs::path path =
      fs::path(::testing::TempDir()) / ("pushbench-e2e-" + std::to_string(getpid())) / name;
  fs::remove_all(path);
  fs::create_directories(path.parent_path());
  return path.string();
}

std::string read_file(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string write_scenario(const std::string& name, const std::string& text) {
  std::string path = fresh_directory(name) + ".yaml";
  std::ofstream(path) << text;
  return path;
}

std::vector<int> children_of(int pid) {
  const std::string id = std::to_string(pid);
  std::istringstream list(read_file("/proc/" + id + "/task/" + id + "/children"));
  std::vector<int> children;
  for (int child = 0; list >> child;) {
    children.push_back(child);
  }
  return children;
}

}  // namespace pushbench::e2e
