#include "reports/comparison.h"

#include "harness/base/text.h"
#include "harness/result/json_writer.h"
#include "reports/escape.h"
#include "reports/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace pushbench::reports {
namespace {

using gate::Comparison;
using gate::Found;
using gate::Row;
using gate::Tier;

std::string figure(const Row& row, std::optional<double> value) {
  if (!value) {
    return "-";
  }
  return row.shown != nullptr ? result::format_metric(*row.shown, value) : human_count(*value);
}

// 1.1 as "+10.0"; fewer digits where they say nothing.
std::string percent(double ratio) {
  const double share = 100 * (ratio - 1);
  const double size = std::abs(share);
  return fmt::format("{:+.{}f}", share, size < 9.95 ? 2 : size < 999.5 ? 1 : 0);
}

std::string change(double ratio) {
  return percent(ratio) + " %";
}

std::string interval(const Row& row) {
  return row.low ? fmt::format("{} … {} %", percent(*row.low), percent(*row.high)) : "-";
}

std::string name_of(const Row& row) {
  const std::string title = row.shown != nullptr ? std::string(row.shown->title) : row.metric;
  return row.gates ? title : title + " (shown)";
}

std::string verdict_of(const Row& row) {
  return fmt::format("{}{}", gate::found_name(row), row.accepted.empty() ? "" : " (accepted)");
}

std::string needed(const Row& row) {
  if (row.found != Found::kUndecided || !row.ratio) {
    return "";
  }
  return row.runs_needed ? fmt::format("about {} runs of each side would decide", *row.runs_needed)
                         : "more runs than are worth making would be needed to decide";
}

// What stands behind a row beyond its figures; empty: nothing.
std::string remark_of(const Row& row) {
  std::string out = row.note;
  const auto noise =
      row.effect_is_noise
          ? fmt::format("the noise floor of {:.3g} % is its least effect", 100 * row.least_effect)
          : "";
  for (const auto& more : {needed(row), noise, row.accepted}) {
    out += (out.empty() || more.empty() ? "" : "; ") + more;
  }
  return out;
}

std::string counted_line(const Row& row) {
  std::string out = fmt::format("{} of {}: {}", row.metric, printable(row.cell), verdict_of(row));
  if (row.base || row.head) {
    out += fmt::format(", {} in the base and {} in the head", figure(row, row.base),
                       figure(row, row.head));
  }
  const auto remark = remark_of(row);
  return remark.empty() ? out : out + " (" + remark + ")";
}

std::vector<std::string> cells_in(const Comparison& comparison) {
  std::vector<std::string> cells;
  for (const auto& row : comparison.rows) {
    if (std::find(cells.begin(), cells.end(), row.cell) == cells.end()) {
      cells.push_back(row.cell);
    }
  }
  return cells;
}

std::vector<const Row*> timing_of(const Comparison& comparison, const std::string& cell) {
  std::vector<const Row*> rows;
  for (const auto& row : comparison.rows) {
    if (row.tier == Tier::kTiming && row.cell == cell) {
      rows.push_back(&row);
    }
  }
  return rows;
}

std::string side_line(std::string_view which, const gate::Side& side) {
  return fmt::format("{}: {} ({} {}), pushbench {}, server {}", which, side.name, side.runs,
                     side.runs == 1 ? "run" : "runs", side.tool, side.server);
}

std::string rule_line(const Comparison& comparison) {
  return fmt::format(
      "A metric is slower, or more, when its change is at least the least effect, its {:g} % "
      "interval excludes none, and the rank test finds it at {:g} after Holm over all gated ones. "
      "Policy: {}; noise floor: {}.",
      100 * comparison.confidence, comparison.significance, printable(comparison.policy),
      comparison.noise.empty() ? "not known" : printable(comparison.noise));
}

std::string effect(const Row& row) {
  return fmt::format("{:.3g} %{}", 100 * row.least_effect, row.effect_is_noise ? " (noise)" : "");
}

std::string timing_text(const Comparison& comparison, const std::string& cell) {
  const auto rows = timing_of(comparison, cell);
  if (rows.empty()) {
    return "";
  }
  TextTable table;
  table.heads = {printable(cell), "base", "head", "change", "interval", "verdict"};
  std::string notes;
  for (const auto* row : rows) {
    table.rows.push_back({name_of(*row), figure(*row, row->base), figure(*row, row->head),
                          row->ratio ? change(*row->ratio) : "-", interval(*row),
                          verdict_of(*row)});
    if (const auto remark = remark_of(*row); !remark.empty()) {
      notes += paragraph(name_of(*row) + ": " + remark, kComparisonWidth, "  ");
    }
  }
  return "\n" + table.render(kComparisonWidth) + notes;
}

std::string markdown_timing(const Comparison& comparison, const std::string& cell) {
  const auto rows = timing_of(comparison, cell);
  if (rows.empty()) {
    return "";
  }
  std::string out = fmt::format(
      "#### {}\n\n| metric | base | head | change | {:g} % interval | least effect | p (Holm) | "
      "verdict | |\n|---|---:|---:|---:|---:|---:|---:|---|---|\n",
      markdown_escape(cell), 100 * comparison.confidence);
  for (const auto* row : rows) {
    const bool told = row->found != Found::kSame;
    out += fmt::format(
        "| {} | {} | {} | {} | {} | {} | {} | {}{}{} | {} |\n", markdown_escape(name_of(*row)),
        figure(*row, row->base), figure(*row, row->head), row->ratio ? change(*row->ratio) : "-",
        interval(*row), effect(*row),
        row->adjusted_p ? fmt::format("{:.2g}", *row->adjusted_p) : "-", told ? "**" : "",
        verdict_of(*row), told ? "**" : "", markdown_escape(remark_of(*row)));
  }
  return out + "\n";
}

void write_side(result::JsonWriter& json, std::string_view key, const gate::Side& side) {
  json.key(key);
  json.begin_object();
  json.field("name", side.name);
  json.field("runs", side.runs);
  json.field("tool", side.tool);
  json.field("server", side.server);
  json.end_object();
}

void write_row(result::JsonWriter& json, const Row& row) {
  json.begin_object();
  json.field("tier", gate::tier_name(row.tier));
  json.field("cell", row.cell);
  json.field("metric", row.metric);
  json.field("verdict", gate::found_name(row));
  json.field("regression", row.regression());
  json.field("gates", row.gates);
  json.field("open", row.open);
  json.field("base", row.base);
  json.field("head", row.head);
  json.field("base_runs", row.base_runs);
  json.field("head_runs", row.head_runs);
  json.field("ratio", row.ratio);
  json.field("ratio_low", row.low);
  json.field("ratio_high", row.high);
  json.field("p", row.p);
  json.field("p_holm", row.adjusted_p);
  if (row.tier == Tier::kTiming) {
    json.field("least_effect", row.least_effect);
    json.field("effect_is_noise_floor", row.effect_is_noise);
  }
  json.field("runs_needed", row.runs_needed);
  json.field("note", row.note);
  json.field("accepted", row.accepted);
  json.end_object();
}

constexpr auto kComparisonFormats = std::to_array<ComparisonFormat>({
    {"text", comparison_text},
    {"md", comparison_markdown},
    {"json", comparison_json},
});

}  // namespace

std::span<const ComparisonFormat> comparison_formats() noexcept {
  return kComparisonFormats;
}

std::string comparison_text(const Comparison& comparison) {
  std::string out = paragraph(gate::answer_of(comparison), kComparisonWidth) + "\n";
  out += paragraph(side_line("base", comparison.base), kComparisonWidth);
  out += paragraph(side_line("head", comparison.head), kComparisonWidth) + "\n";
  for (const auto& row : comparison.rows) {
    if (row.tier != Tier::kTiming) {
      out += paragraph(counted_line(row), kComparisonWidth);
    }
  }
  for (const auto& cell : cells_in(comparison)) {
    out += timing_text(comparison, cell);
  }
  out += "\n" + paragraph(rule_line(comparison), kComparisonWidth);
  for (const auto& remark : comparison.remarks) {
    out += paragraph("note: " + remark, kComparisonWidth);
  }
  return out;
}

std::string comparison_markdown(const Comparison& comparison) {
  std::string out = fmt::format("### pushbench compare: {}\n\n**{}**\n\n- {}\n- {}\n\n",
                                markdown_escape(comparison.scenario),
                                markdown_escape(gate::answer_of(comparison)),
                                markdown_escape(side_line("base", comparison.base)),
                                markdown_escape(side_line("head", comparison.head)));
  for (const auto& row : comparison.rows) {
    if (row.tier != Tier::kTiming) {
      out += "- " + markdown_escape(counted_line(row)) + "\n";
    }
  }
  out += "\n";
  for (const auto& cell : cells_in(comparison)) {
    out += markdown_timing(comparison, cell);
  }
  out += markdown_escape(rule_line(comparison)) + "\n";
  for (const auto& remark : comparison.remarks) {
    out += "\n> " + markdown_escape(remark) + "\n";
  }
  return out;
}

std::string comparison_json(const Comparison& comparison) {
  result::JsonWriter json;
  json.begin_object();
  json.field("schema", kComparisonSchema);
  json.field("answer", gate::answer_of(comparison));
  json.field("exit_code", static_cast<int>(comparison.code()));
  json.field("regressions", comparison.regressions());
  json.field("inconclusive", comparison.undecided());
  json.field("scenario", comparison.scenario);
  write_side(json, "base", comparison.base);
  write_side(json, "head", comparison.head);
  json.field("policy", comparison.policy);
  json.field("noise", comparison.noise);
  json.field("significance", comparison.significance);
  json.field("confidence", comparison.confidence);
  json.key("rows");
  json.begin_array();
  for (const auto& row : comparison.rows) {
    write_row(json, row);
  }
  json.end_array();
  json.key("remarks");
  json.begin_array();
  for (const auto& remark : comparison.remarks) {
    json.value(remark);
  }
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace pushbench::reports
