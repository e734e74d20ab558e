// A peer for tests: an acceptor on a free loopback port that plays one script per connection, in
// the order of the connections (the last script serves all that follow), and writes down every byte
// it got. A step that waits for bytes also ends when the client closes. Threads: runs on the test's
// own io_context. Errors: none of its own; what it saw is for the test to judge.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::transport {

struct Step {
  enum class Kind : std::uint8_t {
    kExpectHead,   // read up to an empty line
    kExpectBytes,  // read so many bytes
    kSend,         // all at once
    kSendCut,      // in pieces ending at `cuts`, each as a segment of its own
    kClose,        // end of stream
    kReset,        // RST
    kSilence,      // read and say nothing until the client closes
  };
  Kind kind = Kind::kSilence;
  std::string
      bytes;  // kSend, kSendCut; "{accept}" becomes the answer to the client's WebSocket key
  std::vector<std::size_t> cuts;
  std::size_t count = 0;
};

Step expect_head();
Step expect_bytes(std::size_t count);
Step send(std::string bytes);
Step send_cut(std::string bytes, std::vector<std::size_t> cuts);
Step send_bytewise(std::string bytes);
Step close_now();
Step reset_now();
Step silence();
using Script = std::vector<Step>;

class ScriptedPeer {
 public:
  // What crossed one connection, as the peer saw it.
  struct Seen {
    std::string got;        // all bytes from the client
    std::size_t sent = 0;   // bytes to the client
    bool closed = false;    // the client ended the connection (or it was reset)
    bool finished = false;  // the script was played to its end
  };

  ScriptedPeer(asio::io_context& context, std::vector<Script> scripts);
  ~ScriptedPeer();
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  asio::ip::tcp::endpoint address() const { return acceptor_.local_endpoint(); }
  const std::vector<std::unique_ptr<Seen>>& seen() const { return seen_; }
  void stop();  // ends the acceptor and all connections

 private:
  struct Player;
  Task<void> accept();
  Task<void> play(std::shared_ptr<Player> player);

  asio::io_context& context_;
  asio::ip::tcp::acceptor acceptor_;
  std::vector<Script> scripts_;
  std::vector<std::unique_ptr<Seen>> seen_;
  std::vector<std::shared_ptr<Player>> players_;
};

}  // namespace pushbench::transport
