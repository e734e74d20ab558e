#include "harness/study/capacity_state.h"

#include "harness/base/check.h"
#include "harness/base/text.h"
#include "harness/plan/threshold.h"
#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"
#include "harness/result/thresholds.h"

#include <algorithm>
#include <cmath>

namespace pushbench::study {
namespace {

using result::JsonView;
using result::JsonWriter;

constexpr std::size_t kMostAxes = 2;
constexpr std::size_t kMostSlos = 64;
constexpr std::size_t kMostFigures = 256;

void write_verdict(JsonWriter& json, std::string_view key, const TrialVerdict& verdict) {
  if (verdict.outcome == Outcome::kHeld) {
    return;
  }
  json.key(key);
  json.begin_object();
  json.field("outcome", outcome_name(verdict.outcome));
  json.field("cause", cause_name(verdict.cause));
  json.field("text", verdict.text);
  json.end_object();
}

void write_values(JsonWriter& json,
                  std::string_view key,
                  const std::vector<std::pair<std::string, double>>& values) {
  json.key(key);
  json.begin_object();
  for (const auto& [name, value] : values) {
    json.field(name, value);
  }
  json.end_object();
}

void write_figures(JsonWriter& json, const TrialFigures& figures) {
  json.key("figures");
  json.begin_object();
  write_verdict(json, "before", figures.before);
  write_verdict(json, "behind", figures.behind);
  json.field("server_share", figures.server_share);
  json.field("own_lag_ns", figures.own_lag_ns);
  if (!figures.shortage.empty()) {
    json.field("shortage", figures.shortage);
  }
  write_values(json, "metrics", figures.metrics);
  write_values(json, "targets", figures.targets);
  json.end_object();
}

void write_record(JsonWriter& json, const TrialRecord& record) {
  json.begin_object();
  json.field("load", record.trial.load);
  json.field("purpose", purpose_name(record.trial.purpose));
  json.field("outcome", outcome_name(record.trial.outcome));
  json.field("cause", cause_name(record.cause));
  json.field("text", record.text);
  json.field("seconds", record.seconds);
  json.field("file", record.file);
  if (record.figures) {
    write_figures(json, *record.figures);
  }
  json.end_object();
}

// What the trials say, for scripts; read back it is worked out again.
void write_answer(JsonWriter& json, const Search& search) {
  const Knee knee = search.knee();
  json.key("answer");
  json.begin_object();
  json.field("held", knee.held);
  json.field("failed", knee.failed);
  json.field("at_least", knee.at_least());
  json.field("confirmed", knee.confirmed);
  json.field("resolved", knee.resolved);
  json.field("stays_down", knee.stays_down);
  if (const auto* record = search.what_gave_out()) {
    json.field("gave_out", cause_name(record->cause));
    json.field("because", record->text);
  }
  json.end_object();
}

void write_search(JsonWriter& json, const Search& search) {
  json.begin_object();
  json.field("cell", search.cell);
  json.field("axis", search.axis);
  json.field("start", search.start);
  if (!search.fixed_axis.empty()) {
    json.field("fixed_axis", search.fixed_axis);
    json.field("fixed", search.fixed);
  }
  write_answer(json, search);
  json.key("trials");
  json.begin_array();
  for (const auto& record : search.records) {
    write_record(json, record);
  }
  json.end_array();
  json.end_object();
}

void write_texts(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
  json.key(key);
  json.begin_array();
  for (const auto& text : texts) {
    json.value(text);
  }
  json.end_array();
}

void write_skipped(JsonWriter& json, const std::vector<Skipped>& skipped) {
  json.key("skipped");
  json.begin_array();
  for (const auto& one : skipped) {
    json.begin_object();
    json.field("cell", one.cell);
    json.field("why", one.why);
    json.end_object();
  }
  json.end_array();
}

// The value whose name stands there.
template <class Enum>
Enum read_name(const JsonView& view, std::string_view (*name_of)(Enum) noexcept, Enum last) {
  const std::string text = view.text();
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name_of(static_cast<Enum>(i)) == text) {
      return static_cast<Enum>(i);
    }
  }
  view.fail("is none of the words that belong here");
  return Enum{};
}

TrialVerdict read_verdict(const std::optional<JsonView>& view) {
  if (!view) {
    return {};
  }
  return {read_name(view->at("outcome"), outcome_name, Outcome::kImpossible),
          read_name(view->at("cause"), cause_name, Cause::kOther), view->at("text").text()};
}

std::vector<std::pair<std::string, double>> read_values(const JsonView& view) {
  std::vector<std::pair<std::string, double>> out;
  for (const auto& [name, value] : view.members()) {
    if (out.size() < kMostFigures) {
      out.emplace_back(name, value.number());
    }
  }
  return out;
}

TrialFigures read_figures(const JsonView& view) {
  TrialFigures out;
  out.before = read_verdict(view.find("before"));
  out.behind = read_verdict(view.find("behind"));
  if (const auto share = view.find("server_share")) {
    out.server_share = share->number();
  }
  out.own_lag_ns = view.at("own_lag_ns").number();
  if (const auto shortage = view.find("shortage")) {
    out.shortage = shortage->text();
  }
  out.metrics = read_values(view.at("metrics"));
  out.targets = read_values(view.at("targets"));
  return out;
}

TrialRecord read_record(const JsonView& view) {
  TrialRecord record;
  record.trial.load = view.at("load").number();
  record.trial.purpose = read_name(view.at("purpose"), purpose_name, Purpose::kFromAbove);
  record.trial.outcome = read_name(view.at("outcome"), outcome_name, Outcome::kImpossible);
  record.cause = read_name(view.at("cause"), cause_name, Cause::kOther);
  record.text = view.at("text").text();
  record.seconds = view.at("seconds").number();
  record.file = view.at("file").text();
  if (const auto figures = view.find("figures")) {
    record.figures = read_figures(*figures);
  }
  if (!(record.trial.load > 0) || record.seconds < 0) {
    view.fail("must have a load above 0 and no negative time");
  }
  return record;
}

std::string read_axis(const JsonView& view) {
  std::string name = view.text();
  if (!find_axis("", name)) {
    view.fail("must be a key that can be varied");
  }
  return name;
}

Search read_search(const JsonView& view) {
  Search search;
  search.cell = view.at("cell").text();
  search.axis = read_axis(view.at("axis"));
  search.start = view.at("start").number();
  if (const auto fixed = view.find("fixed_axis")) {
    search.fixed_axis = read_axis(*fixed);
    search.fixed = view.at("fixed").number();
  }
  for (const auto& record : view.at("trials").items(kMostTrials)) {
    search.records.push_back(read_record(record));
  }
  return search;
}

std::vector<std::string> read_texts(const JsonView& view, std::size_t most) {
  std::vector<std::string> out;
  for (const auto& item : view.items(most)) {
    out.push_back(item.text());
  }
  return out;
}

}  // namespace

std::vector<Trial> Search::trials() const {
  std::vector<Trial> out;
  for (const auto& record : records) {
    out.push_back(record.trial);
  }
  return out;
}

SearchOptions Search::options() const {
  const auto found = find_axis("", axis);
  PUSHBENCH_CHECK(found.has_value());
  return search_over(**found, start);
}

const TrialRecord* Search::what_gave_out() const {
  const auto failed = knee().failed;
  const TrialRecord* last = nullptr;
  for (const auto& record : records) {
    if (failed && record.trial.load == *failed && record.trial.outcome != Outcome::kHeld) {
      last = &record;
    }
  }
  return last;
}

void CapacityState::extend_frontier(double second_start) {
  if (axes.size() < 2) {
    return;
  }
  std::vector<Search> more;
  for (const auto& search : searches) {
    const bool first = search.fixed_axis.empty();
    const bool known = std::any_of(searches.begin(), searches.end(), [&](const Search& other) {
      return other.cell == search.cell && !other.fixed_axis.empty();
    });
    const auto held = search.knee().held;
    if (!first || known || search.next() || !held) {
      continue;
    }
    const SearchOptions range = search.options();
    for (int step = 1; step <= kFrontierSteps; ++step) {
      const double share = std::pow(0.5, step);
      const double fixed = range.whole ? std::round(*held * share) : *held * share;
      if (fixed >= range.least) {
        more.push_back({search.cell, axes[1], second_start / share, axes[0], fixed, {}});
      }
    }
  }
  searches.insert(searches.end(), more.begin(), more.end());
}

Search* CapacityState::next_search() {
  Search* best = nullptr;
  for (auto& search : searches) {
    if (search.next() && (best == nullptr || search.records.size() < best->records.size())) {
      best = &search;
    }
  }
  return best;
}

std::size_t CapacityState::trials_made() const {
  std::size_t sum = 0;
  for (const auto& search : searches) {
    sum += search.records.size();
  }
  return sum;
}

Result<void> judge_anew(CapacityState& state, const std::vector<std::string>& slos) {
  plan::Scenario bounds;
  bounds.origin = "--slo";
  for (const auto& slo : slos) {
    auto bound = plan::parse_threshold(slo);
    if (!bound) {
      return usage("--slo: " + bound.error().text);
    }
    bounds.thresholds.push_back(std::move(*bound));
  }
  if (const auto known = result::check_thresholds(bounds); !known) {
    return known.error();
  }
  for (auto& search : state.searches) {
    for (auto& record : search.records) {
      if (!record.file.empty() && !record.figures) {
        return usage(
            "--slo: the file holds no figures of its trials, so that they cannot be judged "
            "by other bounds; it is of an older pushbench");
      }
      if (record.figures) {
        const auto verdict = judge_figures(*record.figures, bounds.thresholds);
        record.trial.outcome = verdict.outcome;
        record.cause = verdict.cause;
        record.text = verdict.text;
      }
    }
  }
  state.slos = slos;
  return {};
}

std::string to_json(const CapacityState& state) {
  JsonWriter json;
  json.begin_object();
  json.field("schema", kCapacitySchema);
  json.field("scenario", state.scenario);
  json.field("workload", state.workload);
  write_texts(json, "slos", state.slos);
  write_texts(json, "axes", state.axes);
  json.key("searches");
  json.begin_array();
  for (const auto& search : state.searches) {
    write_search(json, search);
  }
  json.end_array();
  write_skipped(json, state.skipped);
  json.end_object();
  return json.take();
}

Result<CapacityState> capacity_from_json(std::string_view text, const std::string& origin) {
  const auto tree = result::parse_json(text, origin);
  if (!tree) {
    return tree.error();
  }
  result::ReadContext context(origin);
  const JsonView root(*tree, "", context);
  if (root.at("schema").text() != kCapacitySchema) {
    root.at("schema").fail("must be " + std::string(kCapacitySchema));
  }
  CapacityState state;
  state.scenario = root.at("scenario").text();
  state.workload = root.at("workload").text();
  state.slos = read_texts(root.at("slos"), kMostSlos);
  state.axes = read_texts(root.at("axes"), kMostAxes);
  for (const auto& search : root.at("searches").items(kMostSearches)) {
    state.searches.push_back(read_search(search));
  }
  if (const auto skipped = root.find("skipped")) {  // absent in files of older versions
    for (const auto& one : skipped->items(kMostSearches)) {
      state.skipped.push_back({one.at("cell").text(), one.at("why").text()});
    }
  }
  if (context.failure()) {
    return *context.failure();
  }
  return state;
}

}  // namespace pushbench::study
