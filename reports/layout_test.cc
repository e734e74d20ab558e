#include "reports/layout.h"

#include <gtest/gtest.h>

namespace pushbench::reports {
namespace {

TEST(Layout, AColourTakesNoRoom) {
  EXPECT_EQ(columns("\x1b[1;32mgood\x1b[0m"), 4U);
  TextTable table;
  table.heads = {"cell", "p99"};
  table.rows = {{"a", "\x1b[1m1 ms\x1b[0m"}, {"b", "10 ms"}};
  EXPECT_EQ(table.render(80), "cell    p99\n----  -----\na      \x1b[1m1 ms\x1b[0m\nb     10 ms\n");
}

TEST(Layout, ColumnsCountCodePoints) {
  EXPECT_EQ(columns(""), 0U);
  EXPECT_EQ(columns("12 µs"), 5U);
}

TEST(Layout, WrapsAtSpaces) {
  EXPECT_EQ(wrap("one two  three", 7), (std::vector<std::string>{"one two", "three"}));
  EXPECT_EQ(wrap("a verylongword b", 5), (std::vector<std::string>{"a", "verylongword", "b"}));
  EXPECT_EQ(paragraph("one two three", 9, "  "), "  one two\n  three\n");
}

TEST(Layout, TableAlignsNamesLeftAndFiguresRight) {
  const TextTable table{.heads = {"cell", "p99", "peak\nsockets"},
                        .rows = {{"websocket", "1.2 µs", "7"}, {"sse", "10 ms", "1,000"}}};
  EXPECT_EQ(table.render(80),
            "                      peak\n"
            "cell          p99  sockets\n"
            "---------  ------  -------\n"
            "websocket  1.2 µs        7\n"
            "sse         10 ms    1,000\n");
}

TEST(Layout, LongNamesBreakBehindCommas) {
  const TextTable table{.heads = {"cell", "p99"},
                        .rows = {{"polling/interval=1s,new-connection", "1 ms"}}};
  EXPECT_EQ(table.render(30),
            "cell                   p99\n"
            "--------------------  ----\n"
            "polling/interval=1s,  1 ms\n"
            "  new-connection\n");
}

TEST(Layout, ColumnsThatDoNotFitFollowBelow) {
  const TextTable table{.heads = {"cell", "one", "two", "three"},
                        .rows = {{"sse", "1", "2", "3"}, {"websocket", "10", "20", "30"}}};
  EXPECT_EQ(table.render(32),
            "cell       one  two\n"
            "---------  ---  ---\n"
            "sse          1    2\n"
            "websocket   10   20\n"
            "\n"
            "cell       three\n"
            "---------  -----\n"
            "sse            3\n"
            "websocket     30\n");
}

}  // namespace
}  // namespace pushbench::reports
