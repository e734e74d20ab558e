// What a server on another host says of its own process: processor time, resident memory and open
// descriptors from its metrics page, by the names that client libraries of Prometheus and
// OpenMetrics share (process_cpu_seconds_total, process_resident_memory_bytes, process_open_fds,
// process_start_time_seconds). One GET over a connection that is kept, bounded in time and bytes.
// Threads: that of the io_context.
#pragma once

#include "harness/base/error.h"
#include "harness/base/time.h"
#include "harness/transport/stream.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::swarm {

// Where the page is.
struct MetricsSource {
  transport::Endpoint endpoint;
  std::string target;  // of the request, "/metrics"
  std::string url;     // as the user gave it, for messages
};

struct MetricsReading {
  double cpu_s = 0;  // user and system time of all threads since the process began
  std::uint64_t resident_bytes = 0;
  std::optional<std::uint64_t> descriptors;
  std::optional<double> started_s;  // Unix time: another one is another process
  TimePoint asked{}, answered{};
};

// The figures of a page; `asked` and `answered` are the caller's. The failure's text is a clause
// behind the name of the page, such as "has no process_cpu_seconds_total; …".
Result<MetricsReading> reading_of_page(std::string_view page);

class MetricsReader {
 public:
  static constexpr Nanos kBound{std::chrono::seconds(2)};  // of one reading
  static constexpr std::size_t kMaxPage = std::size_t{4} * 1024 * 1024;

  // `source` must outlive the reader.
  MetricsReader(asio::io_context& context, const MetricsSource& source);
  ~MetricsReader();
  MetricsReader(const MetricsReader&) = delete;
  MetricsReader& operator=(const MetricsReader&) = delete;

  // One reading. A failure is one sentence that names the page.
  Task<Result<MetricsReading>> read();
  void stop() noexcept;  // a reading under way ends with a failure
  std::uint16_t local_port() const noexcept;

 private:
  static constexpr std::size_t kBuffer = std::size_t{16} * 1024;

  // Shared with the timer's handlers, which may run when this is over.
  struct Line {
    explicit Line(asio::io_context& context) : stream(context) {}
    transport::Stream stream;
    std::uint64_t readings = 0;  // a handler of an earlier one ends nothing
  };
  struct Page {
    std::string text;
    int status = 0;
    bool open_metrics = false;
    bool keep_alive = false;
  };

  Task<Result<MetricsReading>> read_bounded();
  Task<error_code> ask(Page& page);
  Task<error_code> receive(Page& page);
  Failure unreadable(std::string_view why) const;
  std::string reason(const error_code& ec) const;

  const MetricsSource& source_;
  std::shared_ptr<Line> line_;
  asio::steady_timer timer_;
  std::string request_;
  std::vector<char> buffer_;
};

// One reading on a loop of its own, for before a run.
Result<MetricsReading> read_metrics_once(const MetricsSource& source);

}  // namespace pushbench::swarm
