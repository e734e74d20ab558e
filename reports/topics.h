// What the tables of every report show: one table a topic, one row a cell, one column a metric.
// Text, Markdown and HTML read the same rows, so that they cannot tell different stories. Pure.
#pragma once

#include "harness/result/metrics.h"
#include "harness/result/run_result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::reports {

struct Column {
  std::string_view metric;
  std::string_view head;  // a line feed where a narrow table may break it
};

struct Topic {
  std::string_view id;  // anchor in HTML
  std::string_view title;
  std::string_view about;  // one sentence
  std::span<const Column> columns;
};

// The topics of which the run has any figure.
std::vector<Topic> topics_of(const result::RunResult& run);

// The head on one line: "requests/delivery", "peak sockets".
std::string one_line(std::string_view head);
std::string shown(const Column& column, const result::CellResult& cell);
// Whether any table of the run withholds a percentile, and the note that explains it.
bool withholds(const result::RunResult& run);
std::string withheld_note();

// "1,000 clients, 50 topics, 300 events/s (poisson), 128 B each, 10.0 s measured".
std::string workload_line(const result::RunResult& run);
std::string server_name(const result::RunResult& run);
std::string environment_line(const result::RunResult& run);

inline constexpr std::string_view kOmissionNote =
    "Latency counts from the instant an event was due, not from when it was sent, so a server that "
    "stalls cannot hide it (no coordinated omission).";

}  // namespace pushbench::reports
