// result.json, schema "pushbench.result/1": an interface that scripts and jq read. Units sit last
// in keys (_ns, _bytes, _per_s); key order is stable; numbers are shortest round-trip, so that
// to_json(from_json(text)) is text again. Reading is strict about what it needs, ignores keys it
// does not know, refuses a newer schema by name, and works metrics out again instead of believing
// them. A file that contradicts itself (consistency.h) is refused. Files:
// harness/result/result_file.h.
#pragma once

#include "harness/base/error.h"
#include "harness/result/result_file.h"
#include "harness/result/run_result.h"

#include <string>
#include <string_view>

namespace pushbench::result {

std::string to_json(const RunResult& run);
// `origin` names the text in messages.
Result<RunResult> from_json(std::string_view text, const std::string& origin);

}  // namespace pushbench::result
