#include "reports/html.h"

#include "harness/result/json_io.h"
#include "reports/caveats.h"
#include "reports/chart.h"
#include "reports/escape.h"
#include "reports/html_style.h"
#include "reports/run_charts.h"
#include "reports/topics.h"

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

std::string verdict_box(const RunResult& run) {
  const std::string_view sentence = verdict_sentence(run.verdict);
  const auto colon = sentence.find(':');
  std::string out = fmt::format(
      "<div class=\"verdict {}\"><p><strong>{}</strong>{}</p>", result::verdict_name(run.verdict),
      html_escape(sentence.substr(0, colon)), html_escape(sentence.substr(colon)));
  const auto groups = group_caveats(run);
  out += groups.empty() ? "" : "<dl>";
  for (const auto& group : groups) {
    out += fmt::format("<dt>{} ({})</dt><dd><ul>", html_escape(group.id),
                       result::verdict_name(group.severity));
    for (const auto& line : group.lines) {
      out += "<li>" + html_escape(line) + "</li>";
    }
    out += "</ul>" + html_escape(group.remedy) + "</dd>";
  }
  return out + (groups.empty() ? "" : "</dl>") + "</div>\n";
}

// A head such as "requests/\ndelivery" may break where the line feed stands.
std::string head_cell(std::string_view head) {
  const auto at = head.find('\n');
  if (at == std::string_view::npos) {
    return html_escape(head);
  }
  return html_escape(head.substr(0, at)) + "<br>" + html_escape(head.substr(at + 1));
}

std::string table(const Topic& topic, const RunResult& run) {
  std::string out = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table: {0}\"><table>"
      "<caption>{0}, one row per cell</caption><thead><tr><th scope=\"col\">cell</th>",
      html_escape(topic.title));
  for (const auto& column : topic.columns) {
    out += "<th scope=\"col\">" + head_cell(column.head) + "</th>";
  }
  out += "</tr></thead><tbody>\n";
  for (const auto& cell : run.cells) {
    out += "<tr><th scope=\"row\">" + breakable(cell.label()) + "</th>";
    for (const auto& column : topic.columns) {
      const auto text = shown(column, cell);
      const bool none = text == "-" || text == "n too small";
      out += (none ? "<td class=\"none\">" : "<td>") + html_escape(text) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

std::string figure(std::string_view caption, const std::string& chart) {
  return chart.empty() ? ""
                       : "<figure><figcaption>" + html_escape(caption) + "</figcaption>\n" + chart +
                             "</figure>\n";
}

std::string chart_of(const Topic& topic, const RunResult& run) {
  if (topic.id == "latency") {
    return figure(
        "Latency by percentile; lower is better. Pale where too few events were measured to rely "
        "on it.",
        percentile_chart(run));
  }
  if (topic.id == "bytes") {
    return figure("Bytes per delivery: HTTP heads, framing, and the event itself.",
                  bytes_chart(run));
  }
  if (topic.id == "cost") {
    return figure("Sockets over time: open ones as lines, those in TIME_WAIT dotted.",
                  sockets_chart(run));
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

std::string environment(const RunResult& run, int level) {
  std::string out = heading(level, "How it was measured") + soft(kOmissionNote);
  if (withholds(run)) {
    out += soft(withheld_note());
  }
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

std::string article(const RunResult& run, int level) {
  std::string out = "<article class=\"run\">\n<header>\n<p class=\"soft eyebrow\">pushbench</p>\n" +
                    heading(level, run.scenario.name);
  if (!run.scenario.about.empty()) {
    out += "<p>" + html_escape(run.scenario.about) + "</p>\n";
  }
  out += soft(workload_line(run)) + "</header>\n<p class=\"answer\">" +
         html_escape(answer_sentence(run)) + "</p>\n" + verdict_box(run);
  for (const auto& topic : topics_of(run)) {
    out += "<section>\n" + heading(level + 1, topic.title) + soft(topic.about) +
           chart_of(topic, run) + table(topic, run) + "</section>\n";
  }
  out += "<section>\n" + thresholds(run, level + 1) + "</section>\n<section>\n" +
         environment(run, level + 1);
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
