#include "reports/markdown.h"

#include "reports/caveats.h"
#include "reports/escape.h"
#include "reports/topics.h"

#include <fmt/format.h>

namespace pushbench::reports {
namespace {

using result::RunResult;

std::string table(const Topic& topic, const RunResult& run) {
  std::string out = fmt::format("### {}\n\n{}\n\n| cell |", topic.title, topic.about);
  std::string rule = "|---|";
  for (const auto& column : topic.columns) {
    out += " " + markdown_escape(one_line(column.head)) + " |";
    rule += "---:|";
  }
  out += "\n" + rule + "\n";
  for (const auto& cell : run.cells) {
    out += "| " + markdown_escape(cell.label()) + " |";
    for (const auto& column : topic.columns) {
      out += " " + shown(column, cell) + " |";
    }
    out += "\n";
  }
  return out + "\n";
}

std::string validity(const RunResult& run) {
  std::string out = std::string(verdict_sentence(run.verdict)) + "\n\n";
  for (const auto& group : group_caveats(run)) {
    out += fmt::format("- **{}** ({}): {}\n", markdown_escape(group.id),
                       result::verdict_name(group.severity), markdown_escape(group.remedy));
    for (const auto& line : group.lines) {
      out += "  - " + markdown_escape(line) + "\n";
    }
  }
  return out + (run.caveats.empty() ? "" : "\n");
}

std::string thresholds(const RunResult& run) {
  if (run.thresholds.empty()) {
    return "";
  }
  std::string out = threshold_summary(run) + "\n\n";
  for (const auto& threshold : run.thresholds) {
    if (threshold.crossed || !threshold.actual) {
      out += "- " + markdown_escape(threshold_sentence(run, threshold)) + "\n";
    }
  }
  return out + "\n";
}

std::string foot(const RunResult& run) {
  std::string out = withholds(run) ? withheld_note() + "\n\n" : "";
  out += std::string(kOmissionNote) + "\n\n";
  out += markdown_escape(fmt::format("Measured {} by pushbench {} ({}, {}) against {}.",
                                     run.started_utc, run.tool_version, run.tool_commit,
                                     run.tool_build, environment_line(run)));
  return out + "\n\nAgain: " + markdown_escape(run.command) + "\n";
}

std::string section(const RunResult& run) {
  std::string out = "## " + markdown_escape(run.scenario.name) + "\n\n";
  if (!run.scenario.about.empty()) {
    out += markdown_escape(run.scenario.about) + ". ";
  }
  out += markdown_escape(workload_line(run)) + ".\n\n**" + markdown_escape(answer_sentence(run)) +
         "**\n\n" + validity(run);
  for (const auto& topic : topics_of(run)) {
    out += table(topic, run);
  }
  return out + thresholds(run) + foot(run);
}

}  // namespace

std::string render_markdown(std::span<const RunResult> runs, const RenderOptions&) {
  std::string out;
  for (const auto& run : runs) {
    out += (out.empty() ? "" : "\n") + section(run);
  }
  return out;
}

}  // namespace pushbench::reports
