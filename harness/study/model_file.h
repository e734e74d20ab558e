// A fitted cost model as a file: JSON, schema "pushbench.model/1", units last in keys. What was
// fitted stands with its interval and its hold-out cells, so that whoever uses it can judge it.
// Reading is as strict as for results; keys that are not known are ignored. Pure but for
// load_model(), which reads a file.
#pragma once

#include "harness/base/error.h"
#include "harness/result/json_reader.h"
#include "harness/result/json_writer.h"
#include "harness/study/cost_model.h"

#include <string>
#include <string_view>

namespace pushbench::study {

inline constexpr std::string_view kModelSchema = "pushbench.model/1";
inline constexpr std::size_t kMaxModelBytes = 1024 * 1024;

std::string to_json(const CostModel& model);
// The same as one value among others.
void write_model(result::JsonWriter& json, const CostModel& model);
// Reads it there; what is wrong is said to the view's context.
CostModel model_in(const result::JsonView& view);
// `origin` names the text in messages.
Result<CostModel> model_from_json(std::string_view text, const std::string& origin);
Result<CostModel> load_model(const std::string& path);

}  // namespace pushbench::study
