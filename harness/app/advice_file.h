// What advice_json() wrote, read back, so that `pushbench report` tells it as `pushbench advise`
// did. The file holds what was asked and the cost model; ranking, crossovers and remarks are worked
// out of these again and held against what the file says of each strategy. Pure.
#pragma once

#include "harness/app/advise_text.h"
#include "harness/base/error.h"

#include <string>
#include <string_view>

namespace pushbench::app {

// `origin` names the text in messages. A failure: it is damaged or out of range, or this program
// works out another answer from it than the one that wrote it.
Result<AdviceView> advice_from_json(std::string_view text, const std::string& origin);

}  // namespace pushbench::app
