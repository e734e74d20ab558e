// A report format is a pure function from results to text, and a row in a table.
#pragma once

#include "harness/result/run_result.h"

#include <span>
#include <string>
#include <string_view>

namespace pushbench::reports {

struct RenderOptions {
  bool colour = false;     // ANSI, only for a terminal
  std::size_t width = 80;  // columns of the terminal
  bool full = false;       // every topic, where the format leaves some out
};

using RenderFn = std::string (*)(std::span<const result::RunResult>, const RenderOptions&);

struct Format {
  std::string_view name;       // "text", "md", "csv", "html", "hgrm", "json"
  std::string_view extension;  // "txt", "md" …
  std::string_view about;
  RenderFn render;
};

std::span<const Format> formats() noexcept;
const Format* find_format(std::string_view name) noexcept;

// The answer in one sentence, from the cells that are valid: "WebSocket has the lowest p99 latency
// (1.2 ms) …", says "tie" where the 95 % intervals overlap, and says first when the run is invalid.
std::string answer_sentence(const result::RunResult& run);

}  // namespace pushbench::reports
