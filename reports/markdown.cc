#include "reports/markdown.h"

#include "reports/caveats.h"
#include "reports/escape.h"
#include "reports/published.h"
#include "reports/topics.h"
#include "reports/workload.h"

#include <fmt/format.h>

namespace pushbench::reports {
namespace {

using result::RunResult;

std::string one_table(const Table& table, bool with_title) {
  std::string out =
      with_title ? fmt::format("### {}\n\n{}\n\n", table.title, table.about) : std::string();
  out += table.part.empty() ? "" : markdown_escape(table.part) + ":\n\n";
  out += "| cell |";
  std::string rule = "|---|";
  for (const auto& head : table.heads) {
    out += " " + markdown_escape(one_line(head)) + " |";
    rule += "---:|";
  }
  out += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    out += "| " + markdown_escape(row.name) + " |";
    for (const auto& figure : row.figures) {
      out += " " + figure + " |";
    }
    out += "\n";
  }
  for (const auto& line : table.lines) {
    out += "\n" + markdown_escape(line) + "\n";
  }
  return out + "\n";
}

std::string published(const RunResult& run) {
  const auto rows = published_rows(run);
  if (rows.empty()) {
    return "";
  }
  std::string out = fmt::format(
      "### {}\n\n{}\n\n| cell | metric | published | predicted | measured | source |\n"
      "|---|---|---:|---:|---:|---|\n",
      kPublishedTitle, kPublishedAbout);
  for (const auto& row : rows) {
    for (const auto* text :
         {&row.cell, &row.metric, &row.published, &row.predicted, &row.measured, &row.source}) {
      out += "| " + markdown_escape(*text) + " ";
    }
    out += "|\n";
  }
  return out + "\n";
}

std::string groups(const std::vector<CaveatGroup>& groups) {
  std::string out;
  for (const auto& group : groups) {
    out += fmt::format("- **{}** ({}): {}\n", markdown_escape(group.id),
                       result::severity_name(group.severity), markdown_escape(group.remedy));
    for (const auto& line : group.lines) {
      out += "  - " + markdown_escape(line) + "\n";
    }
  }
  return out + (groups.empty() ? "" : "\n");
}

std::string notes_as_quotes(const RunResult& run) {
  const auto all = groups(notes_of(run));
  return all.empty() ? "" : "### Notes\n\n" + all;
}

std::string foot(const RunResult& run, bool withheld) {
  std::string out = withheld ? withheld_note() + "\n\n" : "";
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
  return out + markdown_escape(workload_line(run)) + ".\n\n" + markdown_verdict(run) +
         markdown_tables(run) + published(run) + markdown_thresholds(run) + notes_as_quotes(run) +
         foot(run, withholds(tables_of(run, Extent::kFull)));
}

}  // namespace

std::string markdown_verdict(const RunResult& run) {
  return "**" + std::string(verdict_sentence(run.verdict)) + "**\n\n" + groups(doubts_of(run)) +
         "**" + markdown_escape(answer_sentence(run)) + "**\n\n";
}

std::string markdown_tables(const RunResult& run) {
  std::string out;
  std::string_view before;
  for (const auto& one : tables_of(run, Extent::kFull)) {
    out += one_table(one, one.id != before);
    before = one.id;
  }
  return out;
}

std::string markdown_thresholds(const RunResult& run) {
  if (run.thresholds.empty()) {
    return "";
  }
  std::string out = threshold_summary(run) +
                    "\n\n| threshold | cell | measured | wanted | |\n|---|---|---:|---:|---|\n";
  for (const auto& threshold : run.thresholds) {
    const auto line = threshold_line(run, threshold);
    out += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_escape(line.text),
                       markdown_escape(line.cell), markdown_escape(line.measured),
                       markdown_escape(line.wanted), line.ending);
  }
  return out + "\n";
}

std::string render_markdown(std::span<const RunResult> runs, const RenderOptions&) {
  std::string out;
  for (const auto& run : runs) {
    out += (out.empty() ? "" : "\n") + section(run);
  }
  return out;
}

}  // namespace pushbench::reports
