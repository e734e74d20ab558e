#include "harness/plan/document.h"

#include "harness/base/text.h"
#include "harness/plan/scenario.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

namespace pushbench::plan {
namespace {

// The parser calls us; throwing is the only way to make it stop. Never leaves this file.
struct Refused {
  Failure failure;
};

class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(const std::string& origin) : origin_(origin) {}
  Node take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(started_, true)) {
      refuse(mark, "the file is one document; remove what follows '---'");
    }
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    refuse(mark, "anchors (&) are not allowed here; write the value out");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, "aliases (*) are not allowed here; write the value out");
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(mark, "", anchor, Node::Kind::kNull, {});
  }
  void OnScalar(const YAML::Mark& mark,
                const std::string& tag,
                YAML::anchor_t anchor,
                const std::string& value) override {
    add(mark, tag, anchor, Node::Kind::kScalar, value);
  }
  void OnSequenceStart(const YAML::Mark& mark,
                       const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(&add(mark, tag, anchor, Node::Kind::kList, {}));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open_.push_back(&add(mark, tag, anchor, Node::Kind::kMap, {}));
  }
  void OnMapEnd() override { open_.pop_back(); }

  [[noreturn]] void refuse(const YAML::Mark& mark, std::string_view why) const {
    throw Refused{usage(fmt::format("{}:{}:{}: {}", origin_, mark.line + 1, mark.column + 1, why))};
  }

 private:
  Node& add(const YAML::Mark& mark,
            const std::string& tag,
            YAML::anchor_t anchor,
            Node::Kind kind,
            const std::string& text) {
    if (anchor != YAML::NullAnchor) {
      OnAnchor(mark, "");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {  // these two: plain and quoted
      refuse(mark, "tags (!) are not allowed here");
    }
    if (++nodes_ > kMaxScenarioNodes) {
      refuse(mark, fmt::format("the file has at most {} values", kMaxScenarioNodes));
    }
    const bool nests = kind == Node::Kind::kList || kind == Node::Kind::kMap;
    if (nests && open_.size() >= std::size_t{kMaxScenarioDepth}) {
      refuse(mark, fmt::format("the file is at most {} levels deep", kMaxScenarioDepth));
    }
    Node& slot = next_slot(mark, kind, text);
    slot = {kind, text, mark.line + 1, mark.column + 1, {}, {}};
    if (kind == Node::Kind::kNull && !open_.empty() && open_.back()->kind == Node::Kind::kMap) {
      // The parser finds out on the next line that nothing follows; the key is where to look.
      slot.line = open_.back()->keys.back().line;
      slot.column = open_.back()->keys.back().column;
    }
    return slot;
  }

  // Where the next node belongs. A parent's vectors do not grow while a child of it is open, so
  // the pointers in open_ stay good.
  Node& next_slot(const YAML::Mark& mark, Node::Kind kind, const std::string& text) {
    if (open_.empty()) {
      return root_;
    }
    Node& parent = *open_.back();
    if (parent.kind == Node::Kind::kMap && parent.keys.size() == parent.items.size()) {
      check_key(parent, mark, kind, text);
      return parent.keys.emplace_back();
    }
    return parent.items.emplace_back();
  }

  void check_key(const Node& map,
                 const YAML::Mark& mark,
                 Node::Kind kind,
                 const std::string& text) const {
    if (kind == Node::Kind::kList || kind == Node::Kind::kMap) {
      // What the parser makes of a bracket that is never closed.
      refuse(mark,
             "a key must be a word such as 'clients'; if this is a value, close its brackets");
    }
    if (kind != Node::Kind::kScalar || text.empty()) {
      refuse(mark, "a key must be a word such as 'clients'");
    }
    const auto same = std::find_if(map.keys.begin(), map.keys.end(),
                                   [&](const Node& key) { return key.text == text; });
    if (same != map.keys.end()) {
      refuse(mark, fmt::format("key '{}' is given twice (first on line {}); remove one",
                               printable(text), same->line));
    }
  }

  const std::string& origin_;
  Node root_;
  std::vector<Node*> open_;
  std::size_t nodes_ = 0;
  bool started_ = false;
};

// What YAML itself forbids, checked here because the parser replaces or swallows it.
Result<void> check_bytes(std::string_view text, const std::string& origin) {
  if (text.size() > kMaxScenarioBytes) {
    return usage(fmt::format("{}: the file is at most {}", origin,
                             human_bytes(static_cast<double>(kMaxScenarioBytes))));
  }
  int line = 1;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto row = text.substr(0, end);
    if (!is_utf8(row)) {
      return usage(
          fmt::format("{}:{}: the text is not UTF-8; save the file as UTF-8", origin, line));
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      const auto byte = static_cast<unsigned char>(row[i]);
      const bool is_line_end = byte == '\r' && i + 1 == row.size();
      if ((byte < 0x20U && byte != '\t' && !is_line_end) || byte == 0x7FU) {
        return usage(fmt::format("{}:{}:{}: control byte {} is not allowed here", origin, line,
                                 i + 1, printable(row.substr(i, 1))));
      }
    }
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
  }
  return {};
}

// The parser complains of what it takes a line for whose indentation holds a tab, not of the tab.
// In brackets, and so in JSON, tabs are allowed.
bool is_tab_indented(std::string_view text, int line) {
  if (text.substr(std::min(text.find_first_not_of(" \t\n"), text.size())).starts_with('{')) {
    return false;
  }
  for (; line > 1; --line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  const auto indent = text.substr(0, std::min(text.find_first_not_of(" \t"), text.size()));
  return indent.find('\t') != std::string_view::npos;
}

}  // namespace

std::string place_of(const std::string& origin, const Node& node) {
  return node.line == 0 ? origin : fmt::format("{}:{}:{}", origin, node.line, node.column);
}

Result<Node> parse_document(std::string_view text, const std::string& origin) {
  if (const auto fine = check_bytes(text, origin); !fine) {
    return fine.error();
  }
  Builder builder(origin);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Refused& refused) {
    return refused.failure;
  } catch (const YAML::Exception& error) {
    const int line = error.mark.line + 1;
    if (is_tab_indented(text, line)) {
      return usage(fmt::format("{}:{}:1: not valid YAML: a tab indents this line; use spaces",
                               origin, line));
    }
    return usage(fmt::format("{}:{}:{}: not valid YAML: {}", origin, line, error.mark.column + 1,
                             printable(error.msg)));
  }
  Node root = builder.take_root();
  if (root.kind != Node::Kind::kMap) {
    return usage(fmt::format("{}: expected keys such as 'clients: 100', got {}",
                             place_of(origin, root),
                             root.kind == Node::Kind::kNull ? "nothing" : "something else"));
  }
  return root;
}

}  // namespace pushbench::plan
