// What is watched from outside while a cell runs: the server's processor time, memory and context
// switches from /proc, the kernel's census of sockets, what these sockets sent and received in the
// measure window, and what the host took away. One point a second goes into the series of the
// result. Threads: the run's. A watcher that the kernel does not offer leaves its figures absent.
#pragma once

#include "harness/base/time.h"
#include "harness/result/run_result.h"
#include "harness/swarm/census.h"
#include "harness/swarm/host_cost.h"
#include "harness/swarm/process.h"
#include "harness/swarm/quiet_cost.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pushbench::swarm {

class CellObserver {
 public:
  static constexpr Nanos kEvery{std::chrono::milliseconds(100)};  // between two looks
  static constexpr Nanos kSlice{std::chrono::milliseconds(20)};   // between two of processor time
  // A census takes at most this share of a processor: after one that cost 40 ms (about 20,000
  // sockets) the next waits 2 s, and points between are not measured. So do the threads of a server
  // that has very many.
  static constexpr int kCensusShare = 50;  // one part in so many

  struct Subject {
    boost::asio::ip::tcp::endpoint address;  // of the server
    std::optional<int> pid;                  // of the server, when it is a process of this host
    std::optional<Census::Net> clients;      // where the clients have addresses of their own
  };

  explicit CellObserver(result::CellResult& result) : result_(result) {}

  // Before the first client: takes the server's memory as it stands.
  void watch(const Subject& subject);
  void begin(TimePoint cell_start) { cell_start_ = cell_start; }
  // Connections with the server that are not the clients', by their local ports.
  void leave_out(std::vector<std::uint16_t> ports) { sockets_.foreign_ports = std::move(ports); }
  // All clients are connected, nothing was published yet.
  void connected(std::uint64_t connections);
  // Until the next call of is_due(): outside of the window there are no slices.
  Nanos pace() const noexcept { return quiet_ ? kSlice : kEvery; }
  // With the deliveries since the start of the cell. True: kEvery has passed since the last look.
  bool is_due(TimePoint now, std::uint64_t received);
  void look(TimePoint now);
  // `closed`: what the sockets told that have closed so far.
  void window_opens(TimePoint now, const transport::SocketTraffic& closed);
  void window_closes(TimePoint now, const transport::SocketTraffic& closed);

  std::size_t seconds() const noexcept {
    return seconds_;
  }  // that have passed and are in the series
  bool process_gone() const;
  // What the kernel says of the options in force on the sockets, in words: congestion control and
  // data bytes in a segment, of each end that was seen.
  const std::map<std::string, std::string>& in_force() const noexcept { return in_force_; }

 private:
  void count_sockets(TimePoint now);
  void close_second(TimePoint now);
  void close_slice(TimePoint now, std::uint64_t received);
  std::optional<ProcessSample> sample() const;
  std::optional<CensusCount> detailed_census();
  void measure_traffic(const transport::SocketTraffic& closed);
  void measure_server(const ProcessSample& used);

  result::CellResult& result_;
  Subject subject_;
  Census::Subject sockets_;
  Census census_;
  bool server_end_seen_ = false;
  TimePoint next_census_{};
  TimePoint cell_start_{};
  std::size_t seconds_ = 0;
  std::uint64_t seen_cpu_ns_ = 0;
  TimePoint seen_at_{};
  TimePoint window_began_{};
  std::optional<std::uint64_t> process_started_;
  std::optional<KernelMemory> kernel_base_;
  std::optional<ProcessSample> at_open_;
  std::optional<QuietCost> quiet_;  // while the window is open
  TimePoint next_slice_{};
  TimePoint next_look_{};
  std::optional<CensusCount> census_at_open_;
  transport::SocketTraffic closed_at_open_;
  std::optional<ProcessorTicks> ticks_at_open_;
  std::map<std::string, std::string> in_force_;
};

}  // namespace pushbench::swarm
