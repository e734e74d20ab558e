// What is watched from outside while a cell runs: the server's processor time and memory from
// /proc, and the kernel's census of sockets. One point a second goes into the series of the result.
// Threads: the run's. A watcher that the kernel does not offer leaves its figures absent.
#pragma once

#include "harness/base/time.h"
#include "harness/result/run_result.h"
#include "harness/swarm/census.h"
#include "harness/swarm/process.h"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace pushbench::swarm {

class CellObserver {
 public:
  static constexpr Nanos kEvery{std::chrono::milliseconds(100)};  // between two looks

  struct Subject {
    asio::ip::tcp::endpoint address;     // of the server
    std::optional<int> pid;              // of the server, when it is a process of this host
    std::optional<Census::Net> clients;  // where the clients have addresses of their own
  };

  explicit CellObserver(result::CellResult& result) : result_(result) {}

  // Before the first client: takes the server's memory as it stands.
  void watch(const Subject& subject);
  void begin(TimePoint cell_start) { cell_start_ = cell_start; }
  // All clients are connected, nothing was published yet.
  void connected(std::uint64_t connections);
  // Call it every kEvery, or as often as one likes.
  void look(TimePoint now);
  void window_opens(TimePoint now);
  void window_closes(TimePoint now);

  std::size_t seconds() const noexcept {
    return seconds_;
  }  // that have passed and are in the series

 private:
  void close_second(TimePoint now);
  std::optional<ProcessSample> sample() const;

  result::CellResult& result_;
  Subject subject_;
  Census census_;
  TimePoint cell_start_{};
  std::size_t seconds_ = 0;
  std::uint64_t seen_cpu_ns_ = 0;
  TimePoint seen_at_{};
  TimePoint window_began_{};
  std::optional<ProcessSample> at_open_;
};

}  // namespace pushbench::swarm
