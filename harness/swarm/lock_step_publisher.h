// Publishes one event at a time: writes the request, awaits the whole answer. For probes beside a
// run, where every exchange has to be known; the run's own publisher waits for nothing
// (publisher.h). Coroutines on the caller's thread; the caller bounds them with expire().
#pragma once

#include "harness/base/time.h"
#include "harness/transport/dialect.h"
#include "harness/transport/stream.h"

#include <boost/asio/io_context.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace pushbench::swarm {

class LockStepPublisher {
 public:
  LockStepPublisher(asio::io_context& context,
                    const transport::Endpoint& endpoint,
                    const transport::Dialect& dialect);

  Task<error_code> connect();
  // kBadStatus for any answer that is not 2xx; after a failure nothing more can be published.
  Task<error_code> publish(std::string_view topic, std::string_view event);
  void expire() noexcept { stream_.expire(); }  // ends what is waited for, as a timeout
  void close() noexcept { stream_.close(); }

 private:
  static constexpr std::size_t kBuffer = 4 * std::size_t{1024};

  Task<error_code> read_answer();

  const transport::Endpoint& endpoint_;
  const transport::Dialect& dialect_;
  transport::Stream stream_;
  std::string request_;
  std::vector<char> buffer_;
};

}  // namespace pushbench::swarm
