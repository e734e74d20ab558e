// Posts events to a server over one kept connection. One thread. open() and seed() wait, at most
// two seconds each; post() does not.
#pragma once

#include "harness/base/error.h"
#include "servers/floor/options.h"
#include "servers/floor/sockets.h"

#include <cstdint>
#include <string>

namespace pushbench::servers::floor {

class Publisher {
 public:
  static Result<Publisher> open(const ClientOptions& options, std::uint32_t run_tag);

  // One event, and its acknowledgement. A Failure says what the server answered.
  Result<void> seed();
  // One event that fell due at `due`. Takes the answers to earlier ones. false: it could not be
  // written, or the server refused an earlier one.
  bool post(TimePoint due);

 private:
  Publisher(const ClientOptions& options, std::uint32_t run_tag, Descriptor socket);
  bool take_answers();

  Descriptor socket_;
  std::uint32_t run_tag_;
  std::string request_;  // head and, behind it, the event of the moment
  std::size_t head_size_;
};

}  // namespace pushbench::servers::floor
