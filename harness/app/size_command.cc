#include "harness/app/size_command.h"

#include "harness/app/size_plan.h"
#include "harness/app/size_text.h"

namespace pushbench::app {

int size_command(const SizeArguments& arguments, const Streams& streams) {
  const auto plan = make_size_plan(arguments);
  if (!plan) {
    return fail(plan.error(), streams);
  }
  const auto written =
      write_all(streams.out, arguments.format == "json" ? size_json(*plan) : size_text(*plan),
                "standard output");
  if (!written) {
    return fail(written.error(), streams);
  }
  // What was asked of latency is kept by none: the same code as for a measurement that crossed it.
  return plan->any_possible() ? 0 : static_cast<int>(ExitCode::kThreshold);
}

}  // namespace pushbench::app
