#include "reports/text.h"

#include "harness/base/text.h"
#include "harness/result/thresholds.h"
#include "reports/caveats.h"
#include "reports/layout.h"
#include "reports/topics.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::reports {
namespace {

using result::RunResult;
using result::Verdict;

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
    constexpr std::array<std::string_view, 4> kCodes{"1", "1;32", "1;33", "1;31"};
    for (const auto& one : wrap(line, width_)) {
      out_ += colour_ ? fmt::format("\x1b[{}m{}\x1b[0m\n", kCodes.at(static_cast<std::size_t>(ink)),
                                    one)
                      : one + "\n";
    }
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

void put_head(Page& page, const RunResult& run) {
  const auto& scenario = run.scenario;
  page.inked(Ink::kBold,
             printable(scenario.name + (scenario.about.empty() ? "" : ": " + scenario.about)));
  page.text(printable(workload_line(run)));
  page.blank();
  page.text(answer_sentence(run));
  page.blank();
}

void put_validity(Page& page, const RunResult& run) {
  page.inked(ink_of(run.verdict), verdict_sentence(run.verdict));
  for (const auto& group : group_caveats(run)) {
    page.text(printable(fmt::format("{} [{}]", group.id, result::verdict_name(group.severity))),
              "  ");
    for (const auto& line : group.lines) {
      page.text(printable(line), "    ");
    }
    page.text("-> " + printable(group.remedy), "    ");
  }
  page.blank();
}

void put_table(Page& page, const Topic& topic, const RunResult& run) {
  TextTable table;
  table.heads.emplace_back("cell");
  for (const auto& column : topic.columns) {
    table.heads.emplace_back(column.head);
  }
  for (const auto& cell : run.cells) {
    auto& row = table.rows.emplace_back();
    row.push_back(printable(cell.label()));
    for (const auto& column : topic.columns) {
      row.push_back(shown(column, cell));
    }
  }
  page.inked(Ink::kBold, topic.title);
  page.text(topic.about);
  page.raw(table.render(page.width()));
  page.blank();
}

void put_thresholds(Page& page, const RunResult& run) {
  if (run.thresholds.empty()) {
    return;
  }
  page.inked(Ink::kBold, threshold_summary(run));
  for (const auto& threshold : run.thresholds) {
    if (threshold.crossed || !threshold.actual) {
      page.text(printable(threshold_sentence(run, threshold)), "  ");
    }
  }
  page.blank();
}

void put_foot(Page& page, const RunResult& run) {
  if (withholds(run)) {
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
    for (const auto& topic : topics_of(run)) {
      put_table(page, topic, run);
    }
    put_thresholds(page, run);
    put_foot(page, run);
  }
  return page.take();
}

}  // namespace pushbench::reports
