// The questions of `pushbench advise`: one table for asking them and for reading the answers.
#pragma once

#include "harness/app/advise_command.h"
#include "harness/base/error.h"
#include "harness/study/advice.h"

#include <cstdio>

namespace pushbench::app {

// Asks on `out` for what is empty, and reads lines from `in`; an empty line takes the default. An
// answer that cannot be read is asked for again, kMostAsking times in all.
inline constexpr int kMostAsking = 3;
Result<AdviseArguments> ask_for(AdviseArguments arguments, std::FILE* in, std::FILE* out);

Result<study::Needs> read_needs(const AdviseArguments& arguments);

}  // namespace pushbench::app
