// `run --live`: the page of the reports on a loopback port, fed while a run goes. The reference
// server runs in a thread of this process, so the page hears of the run over Server-Sent Events as
// any client of it would: topic "live" has what changes, at most twice a second, topic "cells" what
// stays (the run that began, each cell that ended, the end), for a browser that comes later. Ends
// without waiting for browsers. Used by the thread that runs the run.
#pragma once

#include "harness/base/time.h"
#include "harness/result/run_result.h"
#include "harness/swarm/run.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pushbench::app {

class LiveView {
 public:
  static constexpr Nanos kLeastGap{std::chrono::milliseconds(450)};  // between two of "live"
  static constexpr std::size_t kMostClients = 32;
  static constexpr std::size_t kLogEvents = 8192;  // of "live": more than an hour

  // `port` 0: the kernel chooses.
  static Result<std::unique_ptr<LiveView>> start(std::uint16_t port);
  ~LiveView();
  LiveView(const LiveView&) = delete;
  LiveView& operator=(const LiveView&) = delete;

  std::string url() const;

  void begin(const plan::Scenario& scenario);
  void update(const swarm::Progress& progress);
  void end(const result::RunResult& run, const std::string& directory);

  // What is published, for tests.
  static std::string begin_json(const plan::Scenario& scenario);
  static std::string progress_json(const swarm::Progress& progress);
  static std::string cell_json(const result::CellResult& cell);
  static std::string end_json(const result::RunResult& run, const std::string& directory);

 private:
  LiveView();
  void publish(std::string_view topic, std::string text);

  struct Parts;
  std::unique_ptr<Parts> parts_;
  std::uint16_t port_ = 0;
  std::optional<TimePoint> last_;
};

// Of "--live" and "--live=PORT": "true" without one (any port), else a number from 1 to 65535.
Result<std::uint16_t> live_port(std::string_view word);

}  // namespace pushbench::app
