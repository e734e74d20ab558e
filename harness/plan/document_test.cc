#include "harness/plan/document.h"

#include "harness/plan/scenario.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace pushbench::plan {
namespace {

std::string failure_of(std::string_view text) {
  const auto root = parse_document(text, "a.yaml");
  return root ? "(accepted)" : root.error().text;
}

TEST(Document, KeepsStructureTextAndPlaces) {
  const auto root =
      parse_document("# why\na: 1\nb:\n  - x\n  - {c: 'two words', d: ~}\n", "a.yaml");
  ASSERT_TRUE(root) << root.error().text;
  ASSERT_EQ(root->keys.size(), 2U);
  EXPECT_EQ(root->keys[0].text, "a");
  EXPECT_EQ(root->items[0].text, "1");
  EXPECT_EQ(place_of("a.yaml", root->items[0]), "a.yaml:2:4");
  const Node& list = root->items[1];
  ASSERT_EQ(list.kind, Node::Kind::kList);
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(place_of("a.yaml", list.items[0]), "a.yaml:4:5");
  const Node& map = list.items[1];
  ASSERT_EQ(map.kind, Node::Kind::kMap);
  EXPECT_EQ(map.items[0].text, "two words");
  EXPECT_EQ(map.items[1].kind, Node::Kind::kNull);
  EXPECT_EQ(place_of("a.yaml", map.keys[1]), "a.yaml:5:22");
  EXPECT_EQ(place_of("a.yaml", Node()), "a.yaml");
}

TEST(Document, ReadsJson) {
  const auto root = parse_document(
      "{\n\t\"name\":\"a\\/b\",\"list\":[1,2.5,true,null],\r\n\"map\":{\"k\":\"\\u00e9\"}}", "a");
  ASSERT_TRUE(root) << root.error().text;
  EXPECT_EQ(root->items[0].text, "a/b");
  EXPECT_EQ(root->items[1].items.size(), 4U);
  EXPECT_EQ(root->items[1].items[3].kind, Node::Kind::kNull);
  EXPECT_EQ(root->items[2].items[0].text, "é");
}

TEST(Document, RefusesWhatAScenarioMustNotHold) {
  const std::array<std::pair<std::string_view, std::string_view>, 21> cases{{
      {"", "a.yaml: expected keys such as 'clients: 100', got nothing"},
      {"# only a comment\n", "a.yaml: expected keys such as 'clients: 100', got nothing"},
      {"- 1\n", "a.yaml:1:1: expected keys such as 'clients: 100', got something else"},
      {"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: key 'a' is given twice (first on line 1); remove one"},
      {"a: {b: 1, b: 2}\n", "a.yaml:1:11: key 'b' is given twice (first on line 1); remove one"},
      {"a: &x 1\n", "a.yaml:1:4: anchors (&) are not allowed here; write the value out"},
      {"a: *x\n", "a.yaml:1:4: not valid YAML: the referenced anchor is not defined"},
      {"a: !!binary abcd\n", "a.yaml:1:4: tags (!) are not allowed here"},
      {"a: !mine {}\n", "a.yaml:1:4: tags (!) are not allowed here"},
      {"a: 1\n---\nb: 2\n", "a.yaml:2:1: the file is one document; remove what follows '---'"},
      {"[a]: 1\n",
       "a.yaml:1:1: a key must be a word such as 'clients'; if this is a value, close its "
       "brackets"},
      {"a: 1\nb: [{c: {}\n",
       "a.yaml:2:5: a key must be a word such as 'clients'; if this is a value, close its "
       "brackets"},
      {"a:\n\tb: 1\n", "a.yaml:2:1: not valid YAML: a tab indents this line; use spaces"},
      {"{\n\t\"a\": 1\n\t\"b\": 2\n}", "a.yaml:3:5: not valid YAML: end of map flow not found"},
      {"a: 1\n\tb: 1\n", "a.yaml:2:1: not valid YAML: a tab indents this line; use spaces"},
      {"~: 1\n", "a.yaml:1:1: a key must be a word such as 'clients'"},
      {"a: \x1b[31m\n", "a.yaml:1:4: control byte \\x1b is not allowed here"},
      {"a: 1\nb: \x04\n", "a.yaml:2:4: control byte \\x04 is not allowed here"},
      {"a: 1\rb: 2\n", "a.yaml:1:5: control byte \\x0d is not allowed here"},
      {"a: 1\nb: \xff\n", "a.yaml:2: the text is not UTF-8; save the file as UTF-8"},
      {"a: [1, 2\n", "a.yaml:2:1: not valid YAML: end of sequence flow not found"},
  }};
  for (const auto& [text, message] : cases) {
    EXPECT_EQ(failure_of(text), message) << text;
  }
}

TEST(Document, AliasExpansionCannotHappen) {
  std::string text = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c <= 'z'; ++c) {
    const std::string before = std::string("*") + static_cast<char>(c - 1);
    text += std::string(1, c) + ": &" + c + " [" + before + ", " + before + ", " + before + "]\n";
  }
  EXPECT_EQ(failure_of(text), "a.yaml:1:4: anchors (&) are not allowed here; write the value out");
}

TEST(Document, DepthSizeAndNodesAreBounded) {
  std::string nested = "1";
  for (int depth = 1; depth < kMaxScenarioDepth; ++depth) {
    nested = "[" + nested + "]";
  }
  EXPECT_TRUE(parse_document("a: " + nested, "a.yaml"));
  EXPECT_NE(failure_of("a: [" + nested + "]").find("at most 16 levels deep"), std::string::npos);
  EXPECT_NE(failure_of("a: " + std::string(kMaxScenarioBytes, '[')).find("the file is at most"),
            std::string::npos);
  std::string list = "a: [";
  for (std::size_t i = 0; i < kMaxScenarioNodes; ++i) {
    list += "1,";
  }
  EXPECT_NE(failure_of(list + "]").find("at most 5000 values"), std::string::npos);
}

// Text that costs a parser much: each is refused or accepted, and the test ends.
TEST(Document, HostileTextOfTheLargestSizeEnds) {
  for (const std::string_view part :
       {"[",   "{", "- ", "? ", "a: ",   "a:\n", "'",  "\"", "{a: ", "&a ", "!a ", "|\n",
        "%\n", "#", " ",  "\n", "---\n", ",",    "[]", "a,", "-\n",  "\t",  "*a "}) {
    std::string text;
    while (text.size() + part.size() <= kMaxScenarioBytes) {
      text += part;
    }
    EXPECT_FALSE(parse_document(text, "a.yaml")) << part;
  }
}

}  // namespace
}  // namespace pushbench::plan
