#include "harness/app/commands.h"
#include "harness/base/text.h"
#include "harness/swarm/machine.h"

#include <fmt/format.h>

namespace pushbench::app {

int doctor_command(const Streams& streams) {
  std::string text;
  std::size_t short_of = 0;
  for (const auto& finding : swarm::examine(swarm::read_machine())) {
    text += fmt::format("{}  {:<30} {}\n", finding.good ? "ok   " : "SHORT", finding.what,
                        printable(finding.value));
    if (!finding.why.empty() && (!finding.good || finding.mend.empty())) {
      text += finding.good ? "" : fmt::format("{:7}{}\n", "", finding.why);
    }
    if (!finding.mend.empty()) {
      text += fmt::format("{:7}mend: {}\n", "", finding.mend);
    }
    short_of += finding.good ? 0U : 1U;
  }
  text +=
      short_of == 0
          ? "\nnothing is short on this machine\n"
          : fmt::format(
                "\n{} short; pushbench run SCENARIO --dry-run says whether your scenario fits\n",
                short_of);
  const auto written = write_all(streams.out, text, "standard output");
  return written ? 0 : fail(written.error(), streams);
}

}  // namespace pushbench::app
