#include "servers/reference/replay.h"

#include "servers/reference/loop.h"
#include "servers/reference/polling.h"

#include <algorithm>

namespace pushbench::servers {
namespace {

// `next` is the number that the connection waits for; 0 before its first question, which is
// answered with what is newest.
std::string_view text_for(const EventLog& log, std::uint64_t& next) {
  if (log.size() == 0) {
    next = log.newest() + 1;
    return {};
  }
  const std::uint64_t wanted = next == 0 ? log.newest() : next;
  const std::uint64_t seq = std::clamp(wanted, log.oldest(), log.newest());
  next = seq + 1;
  return log.at(seq);
}

}  // namespace

const Replay* find_replay(const ServerOptions& options, std::string_view target) noexcept {
  const auto found = std::find_if(options.replays.begin(), options.replays.end(),
                                  [target](const Replay& each) { return each.target == target; });
  return found == options.replays.end() ? nullptr : &*found;
}

void answer_replay(Connection& connection, const Replay& replay) {
  const EventLog& log = log_of(connection, replay.topic);
  std::string& bytes = connection.loop().body;
  bytes = replay.head;
  const std::string_view text = text_for(log, connection.replayed()).substr(0, replay.length);
  bytes += text;
  bytes.append(replay.length - text.size(), ' ');
  connection.answer(bytes, 200);
}

}  // namespace pushbench::servers
