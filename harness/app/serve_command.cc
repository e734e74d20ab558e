#include "harness/app/commands.h"
#include "harness/base/text.h"
#include "harness/plan/payload_file.h"
#include "harness/wire/http_head.h"
#include "harness/wire/verbatim_head.h"
#include "servers/reference/serve.h"
#include "servers/reference/target.h"

#include <fmt/format.h>

namespace pushbench::app {
namespace {

constexpr std::size_t kMaxReplays = 64;

Failure misread(const std::string& text, std::string_view why) {
  return usage(fmt::format("--replay: '{}': {}", printable(text), why));
}

// The target may hold "=" and ":", the topic neither.
Result<servers::Replay> read_replay(const std::string& text, std::size_t max_topic) {
  const auto equals = text.rfind('=');
  const auto colon = equals == std::string::npos ? equals : text.find(':', equals);
  if (colon == std::string::npos || text.front() != '/') {
    return misread(text, "expected TARGET=TOPIC:FILE such as /stock=t0:response.http");
  }
  servers::Replay out{.target = text.substr(0, equals),
                      .topic = text.substr(equals + 1, colon - equals - 1),
                      .head = {}};
  if (!servers::is_topic_name(out.topic, max_topic)) {
    return misread(text, "the topic is 1 to 256 of the characters A-Z a-z 0-9 . _ ~ -");
  }
  const std::string path = text.substr(colon + 1);
  const auto file = plan::read_small_file(path, wire::kMaxHead);
  if (!file) {
    return misread(text, file.error().text);
  }
  auto head = wire::verbatim_response(*file);
  if (!head) {
    return misread(text, fmt::format("the file {}", head.error().text));
  }
  out.head = std::move(head->bytes);
  out.length = head->length;
  return out;
}

}  // namespace

int serve_command(servers::ServerOptions options,
                  const std::vector<std::string>& replays,
                  const Streams& streams) {
  if (replays.size() > kMaxReplays) {
    return fail(usage(fmt::format("--replay: at most {} times", kMaxReplays)), streams);
  }
  for (const auto& text : replays) {
    auto replay = read_replay(text, options.limits.topic_name);
    if (!replay) {
      return fail(replay.error(), streams);
    }
    options.replays.push_back(std::move(*replay));
  }
  return static_cast<int>(servers::serve(options, streams.out, streams.err));
}

}  // namespace pushbench::app
