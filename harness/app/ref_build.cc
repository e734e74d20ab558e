#include "harness/app/ref_build.h"

#include "harness/app/child_process.h"
#include "harness/base/text.h"

#include <fmt/format.h>

#include <system_error>
#include <unistd.h>

#include <filesystem>
#include <utility>
#include <vector>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "build/release/harness/app/pushbench";

// The last line that git printed, or why it could not.
Result<std::string> git(const std::vector<std::string>& words, const std::string& log) {
  std::vector<std::string> command{"git"};
  command.insert(command.end(), words.begin(), words.end());
  std::error_code ec;
  fs::remove(log, ec);
  const auto end = run_child(command, log, RefBuild::kGitBound);
  if (!end) {
    return end.error();
  }
  if (end->interrupted != 0) {
    return Failure("interrupted", static_cast<ExitCode>(kSignalExit + end->interrupted));
  }
  if (end->code != 0) {
    return usage(last_line_of(log));
  }
  return last_line_of(log);
}

Failure in_context(const std::string& option, const std::string& ref, const Failure& why) {
  return {fmt::format("{} {}: {}", option, printable(ref), why.text), why.code};
}

}  // namespace

Result<RefBuild> RefBuild::build(const std::string& ref,
                                 const std::string& option,
                                 const Streams& streams) {
  auto made = TemporaryFolder::make("ref");
  if (!made) {
    return made.error();
  }
  RefBuild out(std::move(*made));
  const std::string& folder = out.folder_.path();
  const std::string log = folder + "/git.log";
  const auto top = git({"rev-parse", "--show-toplevel"}, log);
  if (!top) {
    return in_context(option, ref, top.error());
  }
  const auto commit = git({"rev-parse", "--verify", "--end-of-options", ref + "^{commit}"}, log);
  if (!commit) {
    return in_context(option, ref, commit.error());
  }
  const std::string tree = folder + "/tree";
  const auto added = git({"-C", *top, "worktree", "add", "--detach", tree, *commit}, log);
  if (!added) {
    return in_context(option, ref, added.error());
  }
  out.repository_ = *top;
  out.tree_ = tree;
  say(streams.err, fmt::format("building {} ({}) …\n", printable(ref), commit->substr(0, 12)));
  const std::string build_log = folder + "/build.log";
  const auto end =
      run_child({tree + "/scripts/build", "release", "pushbench"}, build_log, kBuildBound);
  if (!end) {
    return in_context(option, ref, end.error());
  }
  if (end->interrupted != 0) {
    return Failure("interrupted", static_cast<ExitCode>(kSignalExit + end->interrupted));
  }
  out.program_ = tree + "/" + kProgram;
  if (end->code != 0 || access(out.program_.c_str(), X_OK) != 0) {
    return could_not_run(fmt::format("{} {}: scripts/build ended with code {}: {}", option,
                                     printable(ref), end->code, last_line_of(build_log)));
  }
  return out;
}

RefBuild::RefBuild(RefBuild&& other) noexcept
    : folder_(std::move(other.folder_)),
      tree_(std::exchange(other.tree_, {})),
      repository_(std::move(other.repository_)),
      program_(std::move(other.program_)) {}

RefBuild::~RefBuild() {
  if (!tree_.empty()) {
    const auto removed = git({"-C", repository_, "worktree", "remove", "--force", tree_},
                             folder_.path() + "/git.log");
    static_cast<void>(removed);  // nothing more can be done; git prunes it later
  }
}

}  // namespace pushbench::app
