// What the tests of every transport need: a scripted peer, one subscription to it, time that stands
// still until told, and one good exchange of every cell, in parts, with the split of its bytes
// known by hand. Waits are bounded by kPatience of real time, so that a hang is a failed test.
#pragma once

#include "harness/transport/collecting_sink.h"
#include "harness/transport/scripted_peer.h"
#include "harness/transport/transport.h"
#include "harness/transport/upstream.h"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace pushbench::transport {

inline constexpr Nanos kPatience = std::chrono::seconds(10);

struct RigOptions {
  plan::StrategySpec strategy;
  std::optional<std::uint64_t> cursor;
  Limits limits;
  std::size_t read_buffer = 16 * 1024;
  std::optional<plan::LinkSpec> link = {};
};

class Rig {
 public:
  Rig(RigOptions options, std::vector<Script> scripts);
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  void start();  // subscribe() under way
  void spawn(Task<error_code> coroutine, std::optional<error_code>& into);
  void run(Task<error_code> coroutine);              // to its end; result() is what it returned
  bool until(const std::function<bool()>& reached);  // false: kPatience is over
  bool ended() {
    return until([this] { return result.has_value(); });
  }
  bool answered(std::size_t polls) {
    const bool reached = until([this, polls] { return sink.answers.size() >= polls; });
    settle();
    return reached;
  }
  void settle();  // lets everything that can happen now happen
  // Stops, and checks what must hold for every run: sockets and requests told once each, every byte
  // that the client sent is accounted for, and no more than the peer sent.
  void finish();

  const ScriptedPeer::Seen& seen(std::size_t connection = 0) {
    return *peer->seen().at(connection);
  }
  const std::string& got(std::size_t connection = 0) { return seen(connection).got; }

  void stop_links();

  asio::io_context context{1};
  Reactor reactor{context};  // of the client; the peer is Asio's
  ManualTime time{context};
  RigOptions options;
  std::unique_ptr<ScriptedPeer> peer;
  Endpoint endpoint;
  std::vector<char> buffer;
  std::string scratch;
  wire::Inflater inflater;
  std::unique_ptr<LinkHub> links;
  std::vector<Nanos> link_errors;
  std::optional<Shared> shared;
  CollectingSink sink;
  std::optional<Subscription> subscription;
  std::optional<error_code> result;

 private:
  LinkHub* make_links();
  void turn();  // once around, without waiting
};

plan::StrategySpec strategy_of(std::string strategy, std::string encoding = "chunked");

// One good exchange of a client whose cursor is 5: a request, and an answer that brings the events
// of kEvents as 6 and 7. parts[0] is the head, parts[1] and parts[2] end with an event's last byte,
// parts[3] is what follows.
struct Exchange {
  std::string name;
  plan::StrategySpec strategy;
  std::string request;  // "" for WebSocket, whose key is random
  std::vector<std::string> parts;
  bool streams = false;  // the answer has no end

  std::string answer() const;
  std::size_t events_within(std::size_t bytes) const;
  std::size_t head_size() const;  // on the wire
};
inline void PrintTo(const Exchange& exchange, std::ostream* out) {
  *out << exchange.name;
}
inline const std::vector<std::string> kEvents{"one", "two \"quoted\"\nlines"};
inline constexpr std::size_t kPayload = 3 + 18;
const std::vector<Exchange>& exchanges();

std::string http_answer(const std::string& status,
                        const std::string& fields,
                        const std::string& body);
std::string no_content(std::uint64_t cursor);
std::string upgrade_answer(const std::string& fields = "Pushbench-Seq: 5\r\n");

}  // namespace pushbench::transport
