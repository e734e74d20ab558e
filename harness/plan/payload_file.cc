#include "harness/plan/payload_file.h"

#include "harness/base/text.h"
#include "harness/plan/scenario.h"

#include <fmt/format.h>

#include <system_error>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

namespace pushbench::plan {
namespace {

namespace fs = std::filesystem;

std::string named(const std::string& path) {
  return "'" + printable(path) + "'";
}

bool stays_below(const fs::path& path) {
  return path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

// Empty when the line can be an event.
std::string_view complaint(std::string_view line) {
  if (line.size() < kMinPayload) {
    return "is shorter than 16 bytes, the size of the stamp";
  }
  if (line.size() > PayloadSpec().max) {
    return "is longer than 1MiB";
  }
  if (line.find('\r') != std::string_view::npos) {
    return "holds a carriage return, which Server-Sent Events cannot carry";
  }
  return is_utf8(line) ? "" : "is not UTF-8";
}

void fill_cut_character(std::string& line) {
  for (std::size_t i = kMinPayload;
       i < line.size() && (static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80U; ++i) {
    line[i] = '.';
  }
}

}  // namespace

Result<std::string> path_below(const std::string& file, const std::string& directory) {
  if (!stays_below(file)) {
    return usage(fmt::format("expected a path below the scenario's folder, without '..', got {}",
                             named(file)));
  }
  std::error_code ec;
  const fs::path home = fs::canonical(directory.empty() ? "." : directory, ec);
  const fs::path target = ec ? fs::path() : fs::canonical(home / file, ec);
  if (ec) {
    return usage(fmt::format("cannot read {}: {}", named(file), ec.message()));
  }
  const auto [home_end, rest] =
      std::mismatch(home.begin(), home.end(), target.begin(), target.end());
  if (home_end != home.end()) {
    return usage(
        fmt::format("{} leads out of the scenario's folder; copy the file into it", named(file)));
  }
  return target.string();
}

Result<std::string> read_small_file(const std::string& path, std::size_t limit) {
  std::error_code ec;
  const auto status = fs::status(path, ec);
  if (ec || !fs::is_regular_file(status)) {
    return usage(
        fmt::format("cannot read {}: {}", named(path), ec ? ec.message() : "not a regular file"));
  }
  std::ifstream in(path, std::ios::binary);
  std::string text(limit + 1, '\0');
  if (!in) {
    return usage(fmt::format("cannot read {}: it may not be opened", named(path)));
  }
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad() || text.size() > limit) {
    return usage(fmt::format(
        "cannot read {}: {}", named(path),
        in.bad() ? "reading failed"
                 : fmt::format("it is larger than {}", human_bytes(static_cast<double>(limit)))));
  }
  return text;
}

Result<std::vector<std::string>> load_payload_lines(const std::string& file,
                                                    const std::string& directory) {
  const auto path = path_below(file, directory);
  if (!path) {
    return path.error();
  }
  const auto text = read_small_file(*path, kMaxPayloadFileBytes);
  if (!text) {
    return text.error();
  }
  std::vector<std::string> lines;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string& line = lines.emplace_back(rest.substr(0, end));
    if (const auto why = complaint(line); !why.empty()) {
      return usage(fmt::format("line {} of {} {}", lines.size(), named(file), why));
    }
    fill_cut_character(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (lines.empty()) {
    return usage(fmt::format("{} is empty; it needs one event per line", named(file)));
  }
  return lines;
}

}  // namespace pushbench::plan
