#include "harness/plan/strategies.h"

#include "harness/plan/keys.h"
#include "harness/plan/units.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace pushbench::plan {
namespace {

std::string compression_option(const StrategySpec& cell) {
  return cell.compresses() ? "," + cell.compression : "";
}

std::string polling_options(const StrategySpec& cell) {
  std::string text = "/interval=" + short_duration(cell.interval);
  if (cell.jitter > 0) {
    text += fmt::format(",jitter={}", cell.jitter);
  }
  text += cell.new_connection ? ",new-connection" : "";
  return text + compression_option(cell);
}

// Two starts move apart by the jitter of both.
Nanos polling_pause(const StrategySpec& cell) {
  const auto interval = static_cast<double>(cell.interval.count());
  return cell.interval + Nanos(static_cast<Nanos::rep>(2 * cell.jitter * interval));
}

std::string hold_option(const StrategySpec& cell) {
  return "/hold=" + short_duration(cell.hold) + compression_option(cell);
}

std::string encoding_option(const StrategySpec& cell) {
  return "/" + cell.encoding + compression_option(cell);
}

std::string websocket_options(const StrategySpec& cell) {
  return cell.compresses() ? "/" + cell.compression : "";
}

Nanos no_pause(const StrategySpec& /*cell*/) {
  return Nanos(0);
}

constexpr std::array<StrategyRow, 4> kStrategies{{
    {"polling", polling_options, polling_pause},
    {"long-polling", hold_option, no_pause},
    {"streaming", encoding_option, no_pause},
    {"websocket", websocket_options, no_pause},
}};

}  // namespace

std::span<const StrategyRow> strategy_rows() {
  return kStrategies;
}

const StrategyRow* find_strategy(std::string_view name) {
  for (const auto& row : kStrategies) {
    if (row.name == name) {
      return &row;
    }
  }
  return nullptr;
}

Result<std::vector<std::size_t>> select_cells(const std::vector<StrategySpec>& cells,
                                              const std::vector<std::string>& wanted) {
  std::vector<std::string> names;
  names.reserve(cells.size());
  std::vector<bool> keep(cells.size(), wanted.empty());
  for (const auto& cell : cells) {
    names.push_back(cell.cell_name());
  }
  for (const auto& word : wanted) {
    bool fits = false;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool match = !word.empty() && names[i].starts_with(word);
      keep[i] = keep[i] || match;
      fits = fits || match;
    }
    if (!fits) {
      return usage(fmt::format("no cell's name begins with {}; the cells are {}", in_quotes(word),
                               fmt::join(names, ", ")));
    }
  }
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < keep.size(); ++i) {
    if (keep[i]) {
      kept.push_back(i);
    }
  }
  return kept;
}

}  // namespace pushbench::plan
