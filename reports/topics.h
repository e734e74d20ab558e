// What the tables of every report show: a table a topic, a row a cell, a column a metric, and lines
// below it for what fits no column. Text, Markdown and HTML show the same tables, so that they
// cannot tell different stories; the terminal leaves out what most readers do not ask for. Pure;
// the texts are raw, each format escapes them.
#pragma once

#include "harness/result/metrics.h"
#include "harness/result/run_result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::reports {

struct Table {
  struct Row {
    std::string name;  // of the cell
    std::vector<std::string> figures = {};
  };
  struct Place {
    std::size_t row, figure;
    friend bool operator==(const Place&, const Place&) = default;
  };
  std::string_view id;  // anchor in HTML; tables of one id stand together under one title
  std::string_view title;
  std::string_view about;               // one sentence
  std::string part = {};                // of several tables with one title: what this one is about
  std::vector<std::string> heads = {};  // a line feed where a narrow table may break one
  std::vector<Row> rows = {};
  std::vector<std::string> lines = {};  // below the table
  std::vector<Place> best = {};         // the least p99, bytes and processor time a delivery
};

// kBrief: latency, bytes, cost and upstream; the audit when it found anything; of the predictions
// latency and bytes. kFull: every topic of which the run has any figure.
enum class Extent : std::uint8_t { kBrief, kFull };
std::vector<Table> tables_of(const result::RunResult& run, Extent extent);

// A topic without its figures: what a page needs to fill in the tables itself.
struct Column {
  std::string_view metric;  // its name
  std::string_view head;    // as in Table
};
struct TopicOutline {
  std::string_view id, title, about;
  bool only_polls = false;  // speaks of cells that ask, no others
  std::span<const Column> columns;
};
std::vector<TopicOutline> topic_outlines();

// The topics in Markdown, for the README: what each shows, and when the terminal shows it unasked.
std::string topic_reference();

// The head on one line: "requests/delivery", "peak sockets".
std::string one_line(std::string_view head);
// Whether a figure says that there is none.
bool is_absent(std::string_view figure);
// Whether any of the tables withholds a percentile, and the note that explains it.
bool withholds(const std::vector<Table>& tables);
std::string withheld_note();

}  // namespace pushbench::reports
