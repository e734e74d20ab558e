#include "harness/result/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace pushbench::result {
namespace {

using testing::HasSubstr;

std::string reader_refuses(std::string_view text) {
  const auto parsed = parse_json(text, "x.json");
  if (parsed) {
    return "";
  }
  EXPECT_EQ(parsed.error().code, ExitCode::kUsage);
  return parsed.error().text;
}

// Applies `read` to the document and gives the failure's sentence, "" when all went well.
template <class Read>
std::string problem(std::string_view text, Read read) {
  const auto document = parse_json(text, "x.json").value();
  ReadContext context("x.json");
  read(JsonView(document, "", context));
  return context.failure() ? context.failure()->text : "";
}

TEST(JsonReader, ReadsEveryKind) {
  const std::string text =
      R"({"t": "a\u00b5\n\"b", "b": true, "n": -1.5e3, "w": 18446744073709551615,
          "list": [1, null, 0.1], "o": {"x": "1", "y": "2"}, "empty": [[], {}]})";
  const auto document = parse_json(text, "x").value();
  ReadContext context("x");
  const JsonView json(document, "", context);
  EXPECT_EQ(json.at("t").text(), "aµ\n\"b");
  EXPECT_TRUE(json.at("b").boolean());
  EXPECT_EQ(json.at("n").number(), -1500);
  EXPECT_EQ(json.at("w").whole(), 18446744073709551615U);
  const auto list = json.at("list").numbers();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0], 1);
  EXPECT_TRUE(std::isnan(list[1]));
  EXPECT_EQ(list[2], 0.1);
  EXPECT_EQ(json.at("o").members()[1].second.text(), "2");
  EXPECT_EQ(json.at("empty").items(2).size(), 2U);
  EXPECT_FALSE(json.find("absent"));
  EXPECT_FALSE(context.failure());
}

// Boost.JSON's own conversion is off by one unit in the last place for some of these.
TEST(JsonReader, NumbersAreReadToTheLastBit) {
  for (const double number : {0.1, 1.0 / 3, 2.2250738585072014e-308, 123456.789012345678,
                              9.007199254740993e15, 1.7976931348623157e308, 3.3e-5}) {
    std::array<char, 32> digits{};
    std::snprintf(digits.data(), digits.size(), "%.17g", number);
    const std::string text = "[" + std::string(digits.data()) + "]";
    const auto document = parse_json(text, "x").value();
    ReadContext context("x");
    EXPECT_EQ(JsonView(document, "", context).numbers()[0], number) << text;
  }
}

TEST(JsonReader, SyntaxFailuresNameFileAndLine) {
  EXPECT_THAT(reader_refuses("{\"a\": 1,\n\"b\": [1, 2"),
              HasSubstr("x.json:2: the JSON ends in the middle"));
  EXPECT_THAT(reader_refuses(""), HasSubstr("cut short"));
  EXPECT_THAT(reader_refuses("{\"a\":\n\n nope}"), HasSubstr("x.json:3: not valid JSON"));
  EXPECT_THAT(reader_refuses("{} {}"), HasSubstr("not valid JSON"));
  EXPECT_THAT(reader_refuses("\"\xFF\""), HasSubstr("not valid JSON"));
  EXPECT_THAT(reader_refuses("PK\x03\x04"), HasSubstr("not valid JSON"));
}

TEST(JsonReader, DoubledKeysAreRefused) {
  EXPECT_THAT(reader_refuses(R"({"a": {"lost": 1, "x": 2, "lost": 0}})"),
              HasSubstr("the key 'lost' stands twice"));
}

TEST(JsonReader, DepthAndNumberOfValuesAreBounded) {
  EXPECT_EQ(reader_refuses(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']')), "");
  EXPECT_THAT(reader_refuses(std::string(kMaxJsonDepth + 1, '[')),
              HasSubstr("nested deeper than 32"));
#ifndef __SANITIZE_ADDRESS__  // it takes half a minute there
  std::string most = "[1";
  most.reserve(2 * kMaxJsonValues + 8);
  for (std::size_t i = 0; i < kMaxJsonValues; ++i) {
    most += ",1";
  }
  EXPECT_THAT(reader_refuses(most + "]"), HasSubstr("more than 10000000 values"));
#endif
  // The array is a value too.
  EXPECT_TRUE(parse_json("[1,[2],3]", "x.json", 5));
  const auto many = parse_json("[1,[2],3]", "x.json", 4);
  ASSERT_FALSE(many);
  EXPECT_THAT(many.error().text, HasSubstr("more than 4 values"));
}

TEST(JsonView, FailuresNameTheKeyPath) {
  const std::string_view text =
      R"({"cells": [{}, {"n": "x", "f": 1.5, "neg": -1, "s": [1, "a"]}]})";
  const auto second = [](const JsonView& json) { return json.at("cells").items(9).at(1); };
  EXPECT_EQ(problem(text, [&](const JsonView& json) { second(json).at("n").whole(); }),
            "x.json: cells[1].n must be a whole number, not a string");
  EXPECT_EQ(
      problem(text, [&](const JsonView& json) { second(json).at("gone").at("deeper").text(); }),
      "x.json: cells[1].gone is missing; the file is not a complete result");
  EXPECT_EQ(problem(text, [&](const JsonView& json) { second(json).at("neg").nanos(); }),
            "x.json: cells[1].neg must be a whole number from 0 to 9223372036854775807");
  EXPECT_EQ(problem(text, [&](const JsonView& json) { second(json).at("f").whole32(); }),
            "x.json: cells[1].f must be a whole number from 0 to 4294967295");
  EXPECT_EQ(problem(text, [&](const JsonView& json) { second(json).at("s").numbers(); }),
            "x.json: cells[1].s[1] must be a number or null");
  EXPECT_EQ(problem(text, [](const JsonView& json) { json.at("cells").items(1); }),
            "x.json: cells must have at most 1 items");
  EXPECT_EQ(problem("[]", [](const JsonView& json) { json.at("a"); }),
            "x.json: the document must be an object, not an array");
  EXPECT_EQ(problem("[1e999]", [](const JsonView& json) { json.items(1).at(0).number(); }),
            "x.json: [0] is a number that no double holds");
}

TEST(JsonView, TheFirstFailureStays) {
  EXPECT_EQ(problem("{}",
                    [](const JsonView& json) {
                      json.at("first").text();
                      json.at("second").text();
                    }),
            "x.json: first is missing; the file is not a complete result");
}

TEST(JsonView, HostileKeysArePrintedSafely) {
  EXPECT_EQ(problem("{\"\\u001b[31m\": 1}",
                    [](const JsonView& json) { json.members().at(0).second.text(); }),
            "x.json: \\x1b[31m must be a string, not a number");
}

}  // namespace
}  // namespace pushbench::result
