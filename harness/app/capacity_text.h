// The answer of `pushbench capacity` for people: what one server holds, and what gave out. Pure.
#pragma once

#include "harness/app/capacity_question.h"

#include <string>

namespace pushbench::app {

std::string capacity_text(const Question& question, bool budget_ended);
// "12,400 clients to 13,000": the interval of one search, "at least …" where that is all.
std::string interval_text(const study::Search& search);

}  // namespace pushbench::app
