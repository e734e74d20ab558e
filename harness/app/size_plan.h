// What `pushbench size` works out before it is shown: every strategy of a workload, in one table of
// numbers that text and JSON are made from. Pure but for the files that it is given by path.
#pragma once

#include "harness/app/size_command.h"
#include "harness/base/error.h"
#include "harness/study/cost_model.h"
#include "harness/study/day.h"
#include "harness/study/prices.h"
#include "harness/study/sizing.h"

#include <optional>
#include <string>
#include <vector>

namespace pushbench::app {

struct SizeRow {
  study::Size size;
  std::optional<study::Cost> cost;  // with prices
  std::optional<study::Day> day;
  std::optional<study::Cost> day_fixed, day_scaled;  // per_hour: of a mean hour
};

struct SizePlan {
  study::Workload workload;
  study::ServerKind kind;
  study::LatencyBounds bounds;
  study::CostModel model;
  std::optional<study::Prices> prices;
  double spare = 1;
  plan::Nanos poll_interval{};
  std::string poll_reason;  // why polls are so far apart
  std::vector<double> shares;
  std::vector<SizeRow> rows;
  std::vector<std::string> left_out;  // strategies without constants or out of question

  bool any_possible() const;
};

Result<SizePlan> make_size_plan(const SizeArguments& arguments);

}  // namespace pushbench::app
