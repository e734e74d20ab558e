// A pushbench built from a git revision: a worktree of its own in a temporary folder, built there
// by the scripts of that revision, and taken away with the object. The working tree that the user
// has is not touched. Blocks for as long as a build takes.
#pragma once

#include "harness/app/commands.h"
#include "harness/app/temporary_folder.h"
#include "harness/base/error.h"
#include "harness/base/time.h"

#include <string>
#include <utility>

namespace pushbench::app {

class RefBuild {
 public:
  static constexpr Nanos kGitBound{std::chrono::minutes(2)};
  static constexpr Nanos kBuildBound{std::chrono::hours(1)};

  // `option` names it in messages: "--base-ref". Of the repository that the current directory is
  // in.
  static Result<RefBuild> build(const std::string& ref,
                                const std::string& option,
                                const Streams& streams);
  RefBuild(RefBuild&& other) noexcept;
  RefBuild& operator=(RefBuild&&) = delete;
  ~RefBuild();

  const std::string& program() const noexcept { return program_; }

 private:
  explicit RefBuild(TemporaryFolder folder) : folder_(std::move(folder)) {}
  TemporaryFolder folder_;
  std::string tree_;  // empty: no worktree to take away
  std::string repository_;
  std::string program_;
};

}  // namespace pushbench::app
