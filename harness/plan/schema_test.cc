#include "harness/plan/keys.h"
#include "harness/plan/scenario.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>

namespace pushbench::plan {
namespace {

namespace json = boost::json;

const std::string kScenarios = std::string(PUSHBENCH_SOURCE_DIR) + "/scenarios/";

// With PUSHBENCH_UPDATE set, the committed file is written anew instead of compared.
bool updating() {
  return std::getenv("PUSHBENCH_UPDATE") != nullptr;
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

json::object property(const json::object& schema, const std::string& name) {
  return schema.at("properties").as_object().at(name).as_object();
}

TEST(Schema, CommittedFileIsUpToDate) {
  const std::string path = kScenarios + "scenario.schema.json";
  if (updating()) {
    write_file(path, scenario_schema());
  }
  EXPECT_EQ(read_file(path), scenario_schema()) << "run again with PUSHBENCH_UPDATE=1";
}

TEST(Schema, ReadmeHoldsTheReference) {
  const std::string path = kScenarios + "README.md";
  const std::string begin = "<!-- keys: begin -->\n";
  std::string readme = read_file(path);
  const auto from = readme.find(begin);
  const auto to = readme.find("<!-- keys: end -->");
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos);
  const auto start = from + begin.size();
  if (updating()) {
    write_file(path, readme.substr(0, start) + scenario_reference() + readme.substr(to));
    return;
  }
  EXPECT_EQ(readme.substr(start, to - start), scenario_reference())
      << "run again with PUSHBENCH_UPDATE=1";
}

TEST(Schema, IsStrictAndComplete) {
  const json::value parsed = json::parse(scenario_schema());
  const json::object& root = parsed.as_object();
  EXPECT_EQ(root.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(root.at("required"), (json::array{"name", "strategies"}));
  EXPECT_EQ(root.at("additionalProperties"), false);
  EXPECT_EQ(root.at("properties").as_object().size(), keys_below("").size());

  const auto clients_or_profile = property(root, "clients");
  const auto clients = clients_or_profile.at("anyOf").as_array().at(0).as_object();
  EXPECT_EQ(clients.at("minimum"), 1);
  EXPECT_EQ(clients.at("maximum"), 1'000'000);
  EXPECT_EQ(clients_or_profile.at("default"), 100);
  const auto events = property(root, "events");
  EXPECT_EQ(events.at("additionalProperties"), false);
  EXPECT_EQ(property(events, "arrival").at("enum"),
            (json::array{"constant", "poisson", "burst", "trace"}));
  EXPECT_EQ(property(events, "payload").at("anyOf").as_array().size(), 2U);
  const auto cell = property(root, "strategies").at("items").as_object();
  EXPECT_EQ(cell.at("maxProperties"), 1);
  EXPECT_EQ(property(property(cell, "streaming"), "encoding").at("default"), "chunked");
  EXPECT_EQ(property(property(cell, "polling"), "jitter").at("maximum"), 0.5);
}

// Every scalar's examples and defaults fit the pattern that the schema gives to editors.
TEST(Schema, PatternsAcceptWhatTheReaderAccepts) {
  for (const auto& key : keys()) {
    const auto pattern = type_pattern(key.type);
    const bool scalar = key.type < Type::kByteRange || key.type == Type::kPayload ||
                        key.type == Type::kRateOver || key.type == Type::kCountOver;
    if (pattern.empty() || !scalar) {
      continue;
    }
    const std::regex regex{std::string(pattern), std::regex::ECMAScript};
    for (const auto text : {key.example, key.fallback, key.low, key.high}) {
      EXPECT_TRUE(text.empty() || std::regex_search(std::string(text), regex))
          << key.path << ' ' << text;
    }
  }
}

TEST(Reference, HasARowForEveryKey) {
  const std::string reference = scenario_reference();
  for (const auto& key : keys()) {
    EXPECT_NE(reference.find("| `" + std::string(key.path) + "` |"), std::string::npos) << key.path;
  }
  EXPECT_NE(
      reference.find("| `clients` | count or map | `100` | 1 to 1M | Clients of each cell, or how"),
      std::string::npos);
  EXPECT_NE(reference.find("| `name` | name | required |"), std::string::npos);
}

}  // namespace
}  // namespace pushbench::plan
