// Verbatim heads on any path: a GET of a named target is answered with a head that the user gave
// and a body of the length that it says. The body is the next event of a topic that this connection
// has not been given, or the last one again when there is none, cut or filled up with spaces;
// spaces alone before the first. So a client without a cursor gets every event once and in order
// while it asks as often as events come, and every answer weighs the same. A general option,
// `--replay`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench::servers {

class Connection;
struct ServerOptions;

struct Replay {
  std::string target;  // as in the request line, query included
  std::string topic;
  std::string head;          // with its empty line
  std::uint32_t length = 0;  // of the body
};

const Replay* find_replay(const ServerOptions& options, std::string_view target) noexcept;
void answer_replay(Connection& connection, const Replay& replay);

}  // namespace pushbench::servers
