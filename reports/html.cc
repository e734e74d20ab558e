#include "reports/html.h"

#include "harness/result/json_io.h"
#include "reports/caveats.h"
#include "reports/census_chart.h"
#include "reports/chart.h"
#include "reports/escape.h"
#include "reports/html_style.h"
#include "reports/published.h"
#include "reports/run_charts.h"
#include "reports/topics.h"
#include "reports/workload.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::reports {
namespace {

using result::RunResult;

// Headings of one run start at this level: 1 when the page holds that run alone.
std::string heading(int level, std::string_view text) {
  return fmt::format("<h{0}>{1}</h{0}>\n", level, html_escape(text));
}

std::string soft(std::string_view text) {
  return "<p class=\"soft\">" + html_escape(text) + "</p>\n";
}

std::string caveat_list(const std::vector<CaveatGroup>& groups) {
  std::string out = groups.empty() ? "" : "<dl>";
  for (const auto& group : groups) {
    out += fmt::format("<dt>{} ({})</dt><dd><ul>", html_escape(group.id),
                       result::severity_name(group.severity));
    for (const auto& line : group.lines) {
      out += "<li>" + html_escape(line) + "</li>";
    }
    out += "</ul>" + html_escape(group.remedy) + "</dd>";
  }
  return out + (groups.empty() ? "" : "</dl>");
}

std::string verdict_box(const RunResult& run) {
  const std::string_view sentence = verdict_sentence(run.verdict);
  const auto colon = sentence.find(':');
  return fmt::format("<div class=\"verdict {}\"><p><strong>{}</strong>{}</p>",
                     result::verdict_name(run.verdict), html_escape(sentence.substr(0, colon)),
                     html_escape(sentence.substr(colon))) +
         caveat_list(doubts_of(run)) + "</div>\n";
}

std::string notes(const RunResult& run) {
  const auto all = caveat_list(notes_of(run));
  return all.empty() ? "" : "<div class=\"verdict note\"><p>Notes</p>" + all + "</div>\n";
}

// A head such as "requests/\ndelivery" may break where the line feed stands.
std::string head_cell(std::string_view head) {
  const auto at = head.find('\n');
  if (at == std::string_view::npos) {
    return html_escape(head);
  }
  return html_escape(head.substr(0, at)) + "<br>" + html_escape(head.substr(at + 1));
}

std::string table(const Table& table) {
  const std::string name =
      html_escape(std::string(table.title) + (table.part.empty() ? "" : ": " + table.part));
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: {0}\"><table>"
      "<caption>{0}, one row per cell</caption><thead><tr><th scope=\"col\">cell</th>",
      name);
  for (const auto& head : table.heads) {
    out += "<th scope=\"col\">" + head_cell(head) + "</th>";
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr><th scope=\"row\">" + breakable(row.name) + "</th>";
    for (const auto& text : row.figures) {
      out += (is_absent(text) ? "<td class=\"none\">" : "<td>") + html_escape(text) + "</td>";
    }
    out += "</tr>\n";
  }
  out += "</tbody></table></div>\n";
  for (const auto& line : table.lines) {
    out += soft(line);
  }
  return out;
}

std::string published(const RunResult& run, int level) {
  const auto rows = published_rows(run);
  if (rows.empty()) {
    return "";
  }
  std::string out = "<section>\n" + heading(level, kPublishedTitle) + soft(kPublishedAbout) +
                    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: "
                    "published figures\"><table><caption>Published figures, one row each</caption>"
                    "<thead><tr>";
  for (const auto* head : {"cell", "metric", "published", "predicted", "measured", "source"}) {
    out += "<th scope=\"col\">" + std::string(head) + "</th>";
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& row : rows) {
    out += "<tr><th scope=\"row\">" + breakable(row.cell) + "</th>";
    for (const auto* text :
         {&row.metric, &row.published, &row.predicted, &row.measured, &row.source}) {
      out += "<td>" + html_escape(*text) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n</section>\n";
}

std::string figure(std::string_view caption, const std::string& chart) {
  return chart.empty() ? ""
                       : "<figure><figcaption>" + html_escape(caption) + "</figcaption>\n" + chart +
                             "</figure>\n";
}

std::string chart_of(std::string_view id, const RunResult& run) {
  if (id == "latency") {
    return figure(
        "Latency by percentile; lower is better. Pale where too few events were measured to rely "
        "on it.",
        percentile_chart(run));
  }
  if (id == "bytes") {
    return figure("Bytes per delivery: HTTP heads, framing, and the event itself.",
                  bytes_chart(run));
  }
  if (id == "cost") {
    return figure("Sockets over time: open ones as lines, those in TIME_WAIT dotted.",
                  sockets_chart(run));
  }
  if (id == "sockets") {
    return figure("The kernel's census over time, one chart per cell, with its phases.",
                  census_charts(run));
  }
  return "";
}

std::string thresholds(const RunResult& run, int level) {
  if (run.thresholds.empty()) {
    return "";
  }
  std::string out = heading(level, "Thresholds") + soft(threshold_summary(run));
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: Thresholds\">"
      "<table><caption>Thresholds of the scenario against every cell</caption><thead><tr>"
      "<th scope=\"col\">cell</th><th scope=\"col\">threshold</th><th scope=\"col\">verdict</th>"
      "</tr></thead><tbody>\n";
  for (const auto& threshold : run.thresholds) {
    const std::string sentence = threshold_sentence(run, threshold);
    const auto actual = sentence.substr(sentence.rfind('('));
    out += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"left\">{}</td><td{}>{} {}</td></tr>\n",
        breakable(threshold.cell), html_escape(threshold.text),
        threshold.crossed ? " class=\"crossed\"" : "",
        html_escape(sentence.substr(0, sentence.find(':'))), html_escape(actual));
  }
  return out + "</tbody></table></div>\n";
}

std::string environment(const RunResult& run, int level, bool withheld) {
  std::string out = heading(level, "How it was measured") + soft(kOmissionNote);
  if (withheld) {
    out += soft(withheld_note());
  }
  out += notes(run);
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: Environment\">"
      "<table><caption>Where and with what</caption><tbody>\n";
  const auto row = [&out](std::string_view key, std::string_view value) {
    out += "<tr><th scope=\"row\">" + html_escape(key) + "</th><td class=\"left\">" +
           html_escape(value) + "</td></tr>\n";
  };
  row("measured", run.started_utc);
  row("pushbench", run.tool_version + " (" + run.tool_commit + "), " + run.tool_build);
  row("server", server_name(run));
  for (const auto& [key, value] : run.environment) {
    row(key, value);
  }
  out += "</tbody></table></div>\n<p>Do it again:</p>\n<pre><code>" + html_escape(run.command) +
         "</code></pre>\n";
  return out;
}

// printable() would turn the line ends of the scenario into "\x0a".
std::string scenario_text(const RunResult& run) {
  std::string out = "<details><summary>The scenario file</summary><pre><code>";
  std::string_view text = run.scenario.text;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += html_escape(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out + "</code></pre></details>\n";
}

// Tables of one topic stand under one heading.
std::string topics(const std::vector<Table>& tables, const RunResult& run, int level) {
  std::string out;
  std::string_view before;
  for (const auto& one : tables) {
    if (one.id != before) {
      out += std::string(before.empty() ? "" : "</section>\n") + "<section>\n" +
             heading(level, one.title) + soft(one.about) + chart_of(one.id, run);
    }
    before = one.id;
    out += table(one);
  }
  return out + (before.empty() ? "" : "</section>\n");
}

std::string article(const RunResult& run, int level) {
  std::string out = "<article class=\"run\">\n<header>\n<p class=\"soft eyebrow\">pushbench</p>\n" +
                    heading(level, run.scenario.name);
  if (!run.scenario.about.empty()) {
    out += "<p>" + html_escape(run.scenario.about) + "</p>\n";
  }
  out += soft(workload_line(run)) + "</header>\n" + verdict_box(run) + "<p class=\"answer\">" +
         html_escape(answer_sentence(run)) + "</p>\n";
  const auto tables = tables_of(run, Extent::kFull);
  out += topics(tables, run, level + 1);
  out += published(run, level + 1);
  out += "<section>\n" + thresholds(run, level + 1) + "</section>\n<section>\n" +
         environment(run, level + 1, withholds(tables));
  return out + (run.scenario.text.empty() ? "" : scenario_text(run)) + "</section>\n</article>\n";
}

std::string data(std::span<const RunResult> runs) {
  std::string json;
  for (const auto& run : runs) {
    json += (json.empty() ? "" : ",\n") + result::to_json(run);
  }
  return "<script type=\"application/json\" id=\"results\">[\n" + script_json(json) +
         "]</script>\n";
}

}  // namespace

std::string render_html(std::span<const RunResult> runs, const RenderOptions&) {
  const bool one = runs.size() == 1;
  const std::string title =
      one ? "pushbench: " + runs[0].scenario.name : fmt::format("pushbench: {} runs", runs.size());
  std::string out =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"generator\" content=\"pushbench\">\n<title>" +
      html_escape(title) + "</title>\n<style>" + std::string(html_style()) +
      "</style>\n</head>\n<body>\n<main>\n" + (one ? "" : heading(1, title));
  for (const auto& run : runs) {
    out += article(run, one ? 1 : 2);
  }
  return out + "</main>\n" + data(runs) + "</body>\n</html>\n";
}

}  // namespace pushbench::reports
