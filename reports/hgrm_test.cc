#include "reports/hgrm.h"

#include "harness/stats/hgrm.h"
#include "reports/hostile_result.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Hgrm, OneCellIsTheFormatAlone) {
  auto run = result::example_result();
  run.cells.resize(1);
  EXPECT_EQ(render_hgrm(std::span(&run, 1), {}), stats::to_hgrm(run.cells[0].latency));
}

TEST(Hgrm, SeveralCellsAreNamed) {
  const auto run = result::example_result();
  const auto text = render_hgrm(std::span(&run, 1), {});
  EXPECT_TRUE(text.starts_with("# cell polling/interval=1s\n       Value     Percentile"));
  EXPECT_THAT(text, HasSubstr("\n\n# cell websocket\n" + stats::to_hgrm(run.cells[5].latency)));
}

TEST(Hgrm, NamesStayOnTheirLine) {
  const auto run = hostile_result();
  const auto text = render_hgrm(std::span(&run, 1), {});
  EXPECT_THAT(text, HasSubstr("# cell =1+1|"));
  EXPECT_THAT(text, Not(HasSubstr("\n`&'")));
}

}  // namespace
}  // namespace pushbench::reports
