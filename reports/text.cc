#include "reports/text.h"

#include "harness/base/text.h"
#include "harness/result/thresholds.h"
#include "reports/caveats.h"
#include "reports/layout.h"
#include "reports/published.h"
#include "reports/topics.h"
#include "reports/workload.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::reports {
namespace {

using result::RunResult;
using result::Verdict;

constexpr std::string_view kMoreTopics =
    "More topics (audit, polling, fan-out, timing, server, sockets, network): pushbench report "
    "--full, or "
    "the "
    "HTML report.";

enum class Ink : std::uint8_t { kBold, kGood, kWarn, kBad };

class Page {
 public:
  explicit Page(const RenderOptions& options)
      : colour_(options.colour), width_(std::max(options.width, kLeastWidth)) {}

  std::size_t width() const noexcept { return width_; }
  void blank() { out_ += '\n'; }
  void raw(std::string_view text) { out_ += text; }
  void text(std::string_view line, std::string_view indent = "") {
    out_ += paragraph(line, width_, indent);
  }
  void inked(Ink ink, std::string_view line) {
    for (const auto& one : wrap(line, width_)) {
      out_ += in_ink(ink, one) + "\n";
    }
  }
  std::string in_ink(Ink ink, const std::string& word) const {
    constexpr std::array<std::string_view, 4> kCodes{"1", "1;32", "1;33", "1;31"};
    return colour_
               ? fmt::format("\x1b[{}m{}\x1b[0m", kCodes.at(static_cast<std::size_t>(ink)), word)
               : word;
  }
  std::string take() { return std::move(out_); }

 private:
  bool colour_;
  std::size_t width_;
  std::string out_;
};

Ink ink_of(Verdict verdict) {
  return verdict == Verdict::kValid     ? Ink::kGood
         : verdict == Verdict::kSuspect ? Ink::kWarn
                                        : Ink::kBad;
}

Ink ink_of_thresholds(const RunResult& run) {
  Ink ink = Ink::kGood;
  for (const auto& threshold : run.thresholds) {
    if (threshold.crossed) {
      return Ink::kBad;
    }
    ink = threshold.actual ? ink : Ink::kWarn;
  }
  return ink;
}

void put_head(Page& page, const RunResult& run) {
  const auto& scenario = run.scenario;
  page.inked(Ink::kBold,
             printable(scenario.name + (scenario.about.empty() ? "" : ": " + scenario.about)));
  page.text(printable(workload_line(run)));
  page.blank();
}

void put_groups(Page& page, const std::vector<CaveatGroup>& groups) {
  for (const auto& group : groups) {
    page.text(printable(fmt::format("{} [{}]", group.id, result::severity_name(group.severity))),
              "  ");
    for (const auto& line : group.lines) {
      page.text(printable(line), "    ");
    }
    page.text("-> " + printable(group.remedy), "    ");
  }
}

void put_validity(Page& page, const RunResult& run) {
  page.inked(ink_of(run.verdict), verdict_sentence(run.verdict));
  put_groups(page, doubts_of(run));
  page.blank();
}

void put_table(Page& page, const Table& table, bool with_title) {
  TextTable text;
  text.heads.emplace_back("cell");
  text.heads.insert(text.heads.end(), table.heads.begin(), table.heads.end());
  for (const auto& row : table.rows) {
    auto& cells = text.rows.emplace_back();
    cells.push_back(printable(row.name));
    cells.insert(cells.end(), row.figures.begin(), row.figures.end());
  }
  for (const auto& [row, figure] : table.best) {
    auto& cell = text.rows[row][figure + 1];
    cell = page.in_ink(Ink::kBold, cell);
  }
  if (with_title) {
    page.inked(Ink::kBold, table.title);
    page.text(table.about);
  }
  if (!table.part.empty()) {
    page.text(table.part + ":");
  }
  page.raw(text.render(page.width()));
  for (const auto& line : table.lines) {
    page.text(printable(line));
  }
  page.blank();
}

void put_published(Page& page, const RunResult& run) {
  const auto rows = published_rows(run);
  if (rows.empty()) {
    return;
  }
  TextTable table;
  table.heads = {"cell", "metric", "published", "predicted", "measured"};
  for (const auto& row : rows) {
    table.rows.push_back(
        {printable(row.cell), row.metric, row.published, row.predicted, row.measured});
  }
  page.inked(Ink::kBold, kPublishedTitle);
  page.text(kPublishedAbout);
  page.raw(table.render(page.width()));
  std::string_view last;
  for (const auto& row : rows) {
    if (row.source != last) {
      page.text(printable(row.published + ": " + row.source), "  ");
    }
    last = row.source;
  }
  page.blank();
}

void put_tables(Page& page, const std::vector<Table>& tables) {
  std::string_view before;
  for (const auto& table : tables) {
    put_table(page, table, table.id != before);
    before = table.id;
  }
}

void put_thresholds(Page& page, const RunResult& run) {
  if (run.thresholds.empty()) {
    return;
  }
  page.inked(ink_of_thresholds(run), threshold_summary(run));
  std::string before;
  TextTable table;
  const auto flush = [&page, &table, &before] {
    if (!table.rows.empty()) {
      page.text(before + ":");
      page.raw(table.render(page.width()));
      page.blank();
    }
    table = {.heads = {"cell", "measured", "wanted", ""}, .rows = {}};
  };
  for (const auto& threshold : run.thresholds) {
    const auto line = threshold_line(run, threshold);
    const auto text = printable(line.text);
    if (text != before) {
      flush();
      before = text;
    }
    const Ink ink = threshold.crossed ? Ink::kBad : threshold.actual ? Ink::kGood : Ink::kWarn;
    table.rows.push_back({printable(line.cell), line.measured, line.wanted,
                          page.in_ink(ink, std::string(line.ending))});
  }
  flush();
}

void put_notes(Page& page, const RunResult& run) {
  const auto notes = notes_of(run);
  if (!notes.empty()) {
    page.inked(Ink::kBold, "Notes");
    put_groups(page, notes);
    page.blank();
  }
}

void put_foot(Page& page, const RunResult& run, bool withheld) {
  if (withheld) {
    page.text(withheld_note());
  }
  page.text(kOmissionNote);
  page.text(printable("Measured " + run.started_utc + " by pushbench " + run.tool_version + " (" +
                      run.tool_commit + ", " + run.tool_build + ") against " +
                      environment_line(run) + "."));
  page.text(printable("Again: " + run.command));
}

}  // namespace

std::string render_text(std::span<const RunResult> runs, const RenderOptions& options) {
  Page page(options);
  bool first = true;
  for (const auto& run : runs) {
    if (!first) {
      page.blank();
    }
    first = false;
    put_head(page, run);
    put_validity(page, run);
    page.text(answer_sentence(run));
    page.blank();
    const auto tables = tables_of(run, options.full ? Extent::kFull : Extent::kBrief);
    put_tables(page, tables);
    put_published(page, run);
    put_thresholds(page, run);
    put_notes(page, run);
    put_foot(page, run, withholds(tables));
    if (!options.full) {
      page.text(kMoreTopics);
    }
  }
  return page.take();
}

}  // namespace pushbench::reports
