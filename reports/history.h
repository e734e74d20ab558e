// What `pushbench history` prints: a table with the changes for a terminal, CSV with a row for
// every run, cell and metric, JSON (schema "pushbench.history/1") with every series and its
// changes, and a page drawn from that (reports/web/src/history.js). Pure.
#pragma once

#include "harness/gate/history.h"

#include <span>
#include <string>
#include <string_view>

namespace pushbench::reports {

inline constexpr std::string_view kHistorySchema = "pushbench.history/1";

using RenderHistory = std::string (*)(const gate::History&);

struct HistoryFormat {
  std::string_view name;
  RenderHistory render;
};
std::span<const HistoryFormat> history_formats() noexcept;

std::string history_text(const gate::History& history);
std::string history_csv(const gate::History& history);
std::string history_json(const gate::History& history);
std::string history_html(const gate::History& history);

}  // namespace pushbench::reports
