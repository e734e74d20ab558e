// Watches a server by its metrics page while a cell runs: once a second, and at four instants that
// the runner marks (before the clients, all connected, window opens, window closes). A reading that
// was asked for after a mark is the mark's, so that nobody waits for the page while the cell runs.
// After the first reading that fails nothing more is asked, and the server's cost is not measured.
// Threads: that of the io_context.
#pragma once

#include "harness/result/run_result.h"
#include "harness/swarm/server_metrics.h"

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace pushbench::swarm {

// How far a processor time from such a page may be off.
struct MetricsCoarseness {
  Nanos step{};    // what its clock counts in, as far as the readings show
  Nanos stale{};   // the longest time in the window without a new figure
  Nanos late{};    // of the readings behind the window's two edges
  double share{};  // of the window's processor time: what all three may come to
};
// The coarsest of 1 s, 100 ms, 10 ms, 1 ms and 1 us that all readings are multiples of; else 1 ns.
Nanos clock_step(const std::vector<double>& cpu_s);

class MetricsWatch {
 public:
  static constexpr Nanos kEvery{std::chrono::seconds(1)};
  static constexpr double kCoarseShare = 0.1;  // of the window's processor time: doubtful above

  enum class Mark : std::uint8_t { kBase, kConnected, kOpen, kClose };

  MetricsWatch(asio::io_context& context, const MetricsSource& source);

  // Takes the first reading, kBase, and goes on reading beside the caller until end(), or until a
  // reading fails.
  Task<void> begin();
  // Awaits the readings of the marks, each within the bound of a reading, and ends.
  Task<void> end();
  void mark(Mark mark, TimePoint now);  // what it stands for is now
  void connected(std::uint64_t connections, TimePoint now);
  std::uint16_t local_port() const noexcept { return reader_.local_port(); }

  // After end(). Cost and series go into the cell; the caveats say where they came from and how
  // coarse they are, or why there are none.
  void put_into(result::CellResult& cell,
                TimePoint cell_start,
                std::vector<result::Caveat>& caveats) const;

 private:
  struct Marked {
    std::optional<TimePoint> at;
    std::optional<MetricsReading> reading;
  };
  static constexpr std::size_t kMarks = 4;
  static constexpr Nanos kLook{std::chrono::milliseconds(5)};  // at a reading that is under way

  const Marked& of(Mark mark) const noexcept { return marks_[static_cast<std::size_t>(mark)]; }
  Task<void> run();
  Task<void> settled();
  bool wanted() const noexcept;
  void file(const MetricsReading& reading);
  std::optional<std::uint64_t> window_cpu_ns() const;
  MetricsCoarseness coarseness(std::uint64_t cpu_ns) const;
  void put_series(result::Series& series, TimePoint cell_start) const;
  void tell(const result::CellResult& cell,
            std::uint64_t cpu_ns,
            std::vector<result::Caveat>& caveats) const;

  asio::io_context& context_;
  AsioTime time_;
  const MetricsSource& source_;
  MetricsReader reader_;
  std::unique_ptr<Sleeper> sleeper_;  // between two readings
  std::unique_ptr<Sleeper> waiter_;   // for what run() has yet to do
  std::array<Marked, kMarks> marks_;
  std::vector<MetricsReading> readings_;
  std::uint64_t connections_ = 0;
  std::optional<std::string> failure_;
  TimePoint failed_at_{};
  bool stopped_ = false;
  bool ended_ = false;
};

}  // namespace pushbench::swarm
