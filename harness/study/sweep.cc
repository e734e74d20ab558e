#include "harness/study/sweep.h"

#include "harness/base/nearest.h"
#include "harness/base/text.h"
#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace pushbench::study {
namespace {

using result::Counter;
using result::JsonView;
using result::JsonWriter;

constexpr double kBeyondMeasure = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostCells = 64;
constexpr std::size_t kMostMetrics = 256;

struct VariedRow {
  std::string_view key;
  std::optional<std::string> plan::Overrides::*where;
};
constexpr std::array<VariedRow, 5> kVariedKeys{{{"clients", &plan::Overrides::clients},
                                                {"topics", &plan::Overrides::topics},
                                                {"events.rate", &plan::Overrides::rate},
                                                {"payload", &plan::Overrides::payload},
                                                {"link.rtt", &plan::Overrides::rtt}}};

const VariedRow* find_varied(std::string_view key) {
  const auto found = std::find_if(kVariedKeys.begin(), kVariedKeys.end(),
                                  [&](const VariedRow& row) { return row.key == key; });
  return found == kVariedKeys.end() ? nullptr : &*found;
}

// In the order of Point::Status.
constexpr std::array<std::string_view, 3> kPointStates{"pending", "done", "impossible"};

void write_point(JsonWriter& json, const Point& point) {
  json.begin_object();
  json.key("values");
  json.begin_array(JsonWriter::Layout::kLine);
  for (const auto& value : point.values) {
    json.value(value);
  }
  json.end_array();
  json.field("status", kPointStates.at(static_cast<std::size_t>(point.status)));
  json.field("text", point.text);
  json.field("verdict", point.verdict);
  json.field("file", point.file);
  json.key("cells");
  json.begin_array();
  for (const auto& cell : point.cells) {
    json.begin_object();
    json.field("cell", cell.cell);
    json.field("sound", cell.sound);
    json.key("metrics");
    json.begin_object();
    for (const auto& [name, value] : cell.metrics) {
      json.field(name, value);
    }
    json.end_object();
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

PointCell read_cell(const JsonView& view) {
  PointCell cell;
  cell.cell = view.at("cell").text();
  cell.sound = view.at("sound").boolean();
  for (const auto& [name, value] : view.at("metrics").members()) {
    if (cell.metrics.size() < kMostMetrics) {
      cell.metrics.emplace_back(name, value.number());
    }
  }
  return cell;
}

std::vector<std::string> read_words(const JsonView& view) {
  std::vector<std::string> out;
  for (const auto& item : view.items(kMostPoints)) {
    out.push_back(item.text());
  }
  return out;
}

Point read_point(const JsonView& view, std::size_t keys) {
  Point point;
  point.values = read_words(view.at("values"));
  if (point.values.size() != keys) {
    view.at("values").fail("must have a value for every varied key");
  }
  const std::string state = view.at("status").text();
  const auto found = std::find(kPointStates.begin(), kPointStates.end(), state);
  if (found == kPointStates.end()) {
    view.at("status").fail("must be pending, done or impossible");
  } else {
    point.status = static_cast<Point::Status>(found - kPointStates.begin());
  }
  point.text = view.at("text").text();
  point.verdict = view.at("verdict").text();
  point.file = view.at("file").text();
  for (const auto& cell : view.at("cells").items(kMostCells)) {
    point.cells.push_back(read_cell(cell));
  }
  return point;
}

}  // namespace

Result<Varied> parse_varied(std::string_view text) {
  const auto equals = std::min(text.find('='), text.size());
  Varied out;
  out.key = text.substr(0, equals);
  std::array<std::string_view, kVariedKeys.size()> names;
  std::transform(kVariedKeys.begin(), kVariedKeys.end(), names.begin(),
                 [](const VariedRow& row) { return row.key; });
  if (find_varied(out.key) == nullptr) {
    return usage(fmt::format("--vary: expected one of {} and its values, got '{}'{}",
                             fmt::join(names, ", "), printable(text),
                             did_you_mean(out.key, names)));
  }
  for (std::size_t at = equals + 1; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    std::string value(text.substr(at, end - at));
    if (value.empty() ||
        std::find(out.values.begin(), out.values.end(), value) != out.values.end()) {
      return usage(
          fmt::format("--vary: '{}' has a value that is empty or comes twice", printable(text)));
    }
    out.values.push_back(std::move(value));
    at = end + 1;
  }
  if (out.values.empty()) {
    return usage(fmt::format("--vary: {} has no values; write them as {}=A,B,C", out.key, out.key));
  }
  return out;
}

std::optional<double> PointCell::metric(std::string_view name) const {
  for (const auto& [known, value] : metrics) {
    if (known == name) {
      return value;
    }
  }
  return std::nullopt;
}

std::size_t Sweep::done() const {
  return static_cast<std::size_t>(std::count_if(points.begin(), points.end(), [](const Point& p) {
    return p.status != Point::Status::kPending;
  }));
}

Result<std::vector<Point>> points_of(const std::vector<Varied>& varied) {
  std::vector<Point> out{Point{}};
  for (const auto& key : varied) {
    if (out.size() * key.values.size() > kMostPoints || varied.size() > kMostVaried) {
      return usage(fmt::format("--vary: more than {} points or {} keys; vary less at once",
                               kMostPoints, kMostVaried));
    }
    std::vector<Point> next;
    for (const auto& point : out) {
      for (const auto& value : key.values) {
        next.push_back(point);
        next.back().values.push_back(value);
      }
    }
    out = std::move(next);
  }
  return out;
}

plan::Overrides overrides_of(const std::vector<Varied>& varied,
                             const Point& point,
                             const plan::Overrides& given) {
  plan::Overrides out = given;
  for (std::size_t i = 0; i < varied.size(); ++i) {
    if (const auto* row = find_varied(varied[i].key)) {
      out.*row->where = point.values[i];
    }
  }
  return out;
}

void take_result(Point& point, const result::RunResult& run) {
  point.status = Point::Status::kDone;
  point.verdict = result::verdict_name(run.verdict);
  point.cells.clear();
  for (const auto& cell : run.cells) {
    PointCell taken;
    taken.cell = cell.label();
    taken.sound = cell.finished && cell.counters[Counter::kLost] == 0;
    for (const auto& metric : result::metrics()) {
      if (const auto value = metric.read(cell)) {
        taken.metrics.emplace_back(metric.name, *value);
      }
    }
    point.cells.push_back(std::move(taken));
  }
}

std::string to_json(const Sweep& sweep) {
  JsonWriter json;
  json.begin_object();
  json.field("schema", kSweepSchema);
  json.field("scenario", sweep.scenario);
  json.field("workload", sweep.workload);
  json.key("varied");
  json.begin_array();
  for (const auto& varied : sweep.varied) {
    json.begin_object();
    json.field("key", varied.key);
    json.key("values");
    json.begin_array(JsonWriter::Layout::kLine);
    for (const auto& value : varied.values) {
      json.value(value);
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.key("points");
  json.begin_array();
  for (const auto& point : sweep.points) {
    write_point(json, point);
  }
  json.end_array();
  json.end_object();
  return json.take();
}

Result<Sweep> sweep_from_json(std::string_view text, const std::string& origin) {
  const auto tree = result::parse_json(text, origin);
  if (!tree) {
    return tree.error();
  }
  result::ReadContext context(origin);
  const JsonView root(*tree, "", context);
  if (root.at("schema").text() != kSweepSchema) {
    root.at("schema").fail("must be " + std::string(kSweepSchema));
  }
  Sweep sweep;
  sweep.scenario = root.at("scenario").text();
  sweep.workload = root.at("workload").text();
  for (const auto& varied : root.at("varied").items(kMostVaried)) {
    sweep.varied.push_back({varied.at("key").text(), read_words(varied.at("values"))});
  }
  for (const auto& point : root.at("points").items(kMostPoints)) {
    sweep.points.push_back(read_point(point, sweep.varied.size()));
  }
  if (context.failure()) {
    return *context.failure();
  }
  return sweep;
}

std::optional<Winner> winner_of(const Point& point, const result::Metric& metric) {
  std::vector<std::pair<double, const PointCell*>> field;
  for (const auto& cell : point.cells) {
    const auto value = cell.metric(metric.name);
    if (cell.sound && value) {
      field.emplace_back(*value, &cell);
    }
  }
  if (field.empty()) {
    return std::nullopt;
  }
  const bool more = metric.better == result::Better::kMore;
  std::stable_sort(field.begin(), field.end(), [more](const auto& a, const auto& b) {
    return more ? a.first > b.first : a.first < b.first;
  });
  Winner out{field[0].second->cell, field[0].first, "", 1};
  if (field.size() > 1) {
    const double best = field[0].first;
    const double next = field[1].first;
    out.next = field[1].second->cell;
    const double low = std::min(best, next);
    out.margin = low > 0 ? std::max(best, next) / low : best == next ? 1 : kBeyondMeasure;
  }
  return out;
}

}  // namespace pushbench::study
