#include "servers/floor/scanner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pushbench::servers::floor {
namespace {

constexpr std::uint32_t kTag = 77;

TimePoint at(int ns) {
  return TimePoint(Nanos(ns));
}

std::string text_of(int ns, std::uint32_t tag = kTag) {
  const EventText text = event_text(tag, at(ns));
  return {text.data(), text.size()};
}

std::vector<TimePoint> scanned(const std::vector<std::string>& reads) {
  std::vector<TimePoint> found;
  Carry carry;
  for (const std::string& read : reads) {
    scan(carry, read, kTag, [&found](TimePoint due) { found.push_back(due); });
  }
  return found;
}

TEST(Scanner, FindsEveryEventInItsWrapping) {
  const std::string bytes = "80\r\ndata: " + text_of(1) + "\n\n\r\n\x81~\x01" + text_of(2) + "}";
  EXPECT_EQ(scanned({bytes}), (std::vector{at(1), at(2)}));
}

TEST(Scanner, FindsAnEventCutAnywhere) {
  const std::string bytes = "\x81~" + text_of(1) + "\x81~" + text_of(2);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    EXPECT_EQ(scanned({bytes.substr(0, cut), bytes.substr(cut)}), (std::vector{at(1), at(2)}))
        << cut;
  }
}

TEST(Scanner, FindsAnEventThatComesByteByByte) {
  std::vector<std::string> reads;
  for (const char c : "~~" + text_of(3) + "~" + text_of(4)) {
    reads.emplace_back(1, c);
  }
  EXPECT_EQ(scanned(reads), (std::vector{at(3), at(4)}));
}

TEST(Scanner, LeavesEventsOfOtherRunsAlone) {
  EXPECT_EQ(scanned({text_of(1, kTag + 1) + text_of(2)}), std::vector{at(2)});
  EXPECT_TRUE(scanned({"~no stamp at all;", "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~", ""}).empty());
}

}  // namespace
}  // namespace pushbench::servers::floor
