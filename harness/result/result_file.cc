#include "harness/result/result_file.h"

#include "harness/result/json_io.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace pushbench::result {
namespace {

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : fd_(::open(path.c_str(), flags, 0644)) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const noexcept { return fd_; }
  bool close() noexcept {
    const bool well = fd_ < 0 || ::close(fd_) == 0;
    fd_ = -1;
    return well;
  }

 private:
  int fd_;
};

std::string reason(int code) {
  return std::string(std::strerror(code));
}

Failure cannot_write(const std::string& path, int code) {
  return could_not_run("cannot write " + path + ": " + reason(code) +
                       "; nothing was changed, choose another place or make room");
}

bool write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const auto written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return false;
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// 0, or the errno of what failed.
int write_synced(const std::string& path, std::string_view text) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
  if (file.get() < 0) {
    return errno;
  }
  if (!write_all(file.get(), text) || ::fsync(file.get()) != 0 || !file.close()) {
    return errno;
  }
  return 0;
}

// The rename survives a power cut only when the directory is synced too; a file system that cannot
// is no reason to fail.
void sync_directory(const std::string& path) {
  const auto slash = path.rfind('/');
  const Descriptor directory(slash == std::string::npos ? "." : path.substr(0, slash + 1),
                             O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory.get() >= 0) {
    ::fsync(directory.get());
  }
}

Result<std::string> read_all(int fd, const std::string& path) {
  constexpr std::size_t kStep = 1024 * 1024;
  std::string text;
  for (;;) {
    const auto have = text.size();
    if (have > kMaxResultBytes) {
      return {boost::system::in_place_value, std::move(text)};  // from_json() says so
    }
    text.resize(have + kStep);
    const auto got = ::read(fd, text.data() + have, kStep);
    text.resize(have + static_cast<std::size_t>(got < 0 ? 0 : got));
    if (got == 0) {
      return {boost::system::in_place_value, std::move(text)};
    }
    if (got < 0 && errno != EINTR) {
      return usage("cannot read " + path + ": " + reason(errno));
    }
  }
}

}  // namespace

Result<void> write_file(const std::string& path, std::string_view text) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return could_not_run("cannot write " + path + ": it is not a regular file; name a file");
  }
  const std::string half = path + ".tmp";
  if (const int failed = write_synced(half, text); failed != 0) {
    ::unlink(half.c_str());
    return cannot_write(path, failed);
  }
  if (::rename(half.c_str(), path.c_str()) != 0) {
    const int failed = errno;
    ::unlink(half.c_str());
    return cannot_write(path, failed);
  }
  sync_directory(path);
  return {};
}

Result<void> append_file(const std::string& path, std::string_view text, std::size_t most) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC);
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    return cannot_write(path, errno);
  }
  if (static_cast<std::size_t>(status.st_size) + text.size() > most) {
    return could_not_run("cannot append to " + path + ": it would become larger than " +
                         std::to_string(most) + " bytes");
  }
  if (!write_all(file.get(), text)) {
    const int failed = errno;
    if (S_ISREG(status.st_mode) && ::ftruncate(file.get(), status.st_size) != 0) {
      return could_not_run("cannot write " + path + ": " + reason(failed) +
                           "; a part of the text stands at its end");
    }
    return cannot_write(path, failed);
  }
  return file.close() ? Result<void>() : cannot_write(path, errno);
}

Result<RunResult> load_result(const std::string& given) {
  struct stat status {};
  std::string path = given;
  if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) {
    path += path.ends_with('/') ? "result.json" : "/result.json";
    if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) {
      return usage("cannot read " + given +
                   ": the directory holds no result.json; name a run directory or a result file");
    }
  }
  if (::stat(path.c_str(), &status) != 0) {
    return usage("cannot read " + path + ": " + reason(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    return usage("cannot read " + path + ": it is a directory");
  }
  const Descriptor file(path, O_RDONLY | O_CLOEXEC);
  if (file.get() < 0) {
    return usage("cannot read " + path + ": " + reason(errno));
  }
  const auto text = read_all(file.get(), path);
  return text ? from_json(*text, path) : Result<RunResult>(text.error());
}

}  // namespace pushbench::result
