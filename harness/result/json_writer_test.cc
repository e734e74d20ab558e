#include "harness/result/json_writer.h"

#include <gtest/gtest.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace pushbench::result {
namespace {

std::string written(double number) {
  JsonWriter json;
  json.value(number);
  return json.take();
}

TEST(JsonWriter, KeepsTheOrderOfTheCalls) {
  JsonWriter json;
  json.begin_object();
  json.field("zeta", 1U);
  json.field("alpha", "x");
  json.key("line");
  json.begin_array(JsonWriter::Layout::kLine);
  json.value(1.5);
  json.value(-2);
  json.value(true);
  json.end_array();
  json.key("block");
  json.begin_array();
  json.value("a");
  json.value("b");
  json.end_array();
  json.key("empty");
  json.begin_object();
  json.end_object();
  json.end_object();
  EXPECT_EQ(json.take(),
            "{\n  \"zeta\": 1,\n  \"alpha\": \"x\",\n  \"line\": [1.5, -2, true],\n  \"block\": [\n"
            "    \"a\",\n    \"b\"\n  ],\n  \"empty\": {}\n}\n");
}

TEST(JsonWriter, AbsentFieldsLeaveNoKey) {
  JsonWriter json;
  json.begin_object();
  json.field("a", std::optional<double>());
  json.field("b", std::optional<double>(0.0));
  json.end_object();
  EXPECT_EQ(json.take(), "{\n  \"b\": 0\n}\n");
}

TEST(JsonWriter, EscapesWhatJsonAsks) {
  EXPECT_EQ(json_string("a\"b\\c\b\f\n\r\t"), R"("a\"b\\c\b\f\n\r\t")");
  EXPECT_EQ(json_string(std::string_view("\0\x1b\x1f", 3)), R"("\u0000\u001b\u001f")");
  EXPECT_EQ(json_string("<script>/\x7f"), "\"<script>/\x7f\"");
  EXPECT_EQ(json_string("µ ∑ 😀"), "\"µ ∑ 😀\"");
}

TEST(JsonWriter, BytesThatAreNotUtf8BecomeTheReplacementCharacter) {
  EXPECT_EQ(json_string("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(json_string("\xC3"), "\"\xEF\xBF\xBD\"");                                  // cut short
  EXPECT_EQ(json_string("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");                  // cut short
  EXPECT_EQ(json_string("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");  // surrogate
}

TEST(JsonWriter, NumbersAreTheShortestThatReadBack) {
  EXPECT_EQ(written(0.1), "0.1\n");
  EXPECT_EQ(written(5e-324), "5e-324\n");
  for (const double number : {1.0 / 3, 123456789.123456789, 1e300, -2.5e-7, 9007199254740993.0}) {
    const auto text = written(number);
    double back = 0;
    std::from_chars(text.data(), text.data() + text.size() - 1, back);
    EXPECT_EQ(back, number) << text;
  }
  JsonWriter json;
  json.value(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(json.take(), "18446744073709551615\n");
}

TEST(JsonWriter, NeverWritesNanOrInfinity) {
  EXPECT_EQ(written(std::nan("")), "null\n");
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null\n");
}

TEST(JsonWriterDeath, MisuseBreaksAnInvariant) {
  JsonWriter no_key;
  no_key.begin_object();
  EXPECT_DEATH(no_key.value("x"), "");
  JsonWriter open;
  open.begin_array();
  EXPECT_DEATH(open.take(), "");
  EXPECT_DEATH(open.end_object(), "");
}

}  // namespace
}  // namespace pushbench::result
