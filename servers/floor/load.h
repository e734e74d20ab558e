// What the modes of the floor client have in common: a Load says what a connection sends first and
// what its bytes mean, and counts; Connections (connections.h) owns the sockets and calls it. One
// thread.
#pragma once

#include "harness/base/time.h"
#include "harness/stats/histogram.h"
#include "servers/floor/http.h"
#include "servers/floor/options.h"
#include "servers/floor/scanner.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pushbench::servers::floor {

class Connections;

struct Counts {
  std::uint64_t deliveries = 0;
  std::uint64_t published = 0;
  std::uint64_t errors = 0;
  std::uint64_t lost = 0;
};

class Load {
 public:
  explicit Load(const ClientOptions& options, std::uint32_t run_tag);
  virtual ~Load() = default;
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // What every connection sends as soon as it stands.
  std::string_view opening() const noexcept { return opening_; }
  // The first bytes after the opening; returns what is left of them once the connection is live,
  // which it is when `live` was set. Nothing is live before its answer was good and whole.
  virtual std::string_view on_opened(std::uint32_t id,
                                     std::string_view bytes,
                                     TimePoint now,
                                     bool& live);
  // Everything that comes on a live connection.
  virtual void on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) = 0;
  // The peer has closed. true: as it should, and the connection is opened again.
  virtual bool on_end(std::uint32_t id, TimePoint now);
  // All connections stand: the load begins.
  virtual void start(TimePoint) {}
  // Does what is due; returns the instant of what comes next.
  virtual TimePoint act(TimePoint now);

  const Counts& counts() const noexcept { return counts_; }
  void count_error() noexcept { ++counts_.errors; }
  const stats::Histogram& latency() const noexcept { return latency_; }
  void begin_window() { latency_.clear(); }
  void attach(Connections& connections) noexcept { connections_ = &connections; }

 protected:
  void count_delivery(Nanos latency) noexcept {
    ++counts_.deliveries;
    latency_.record(latency);
  }
  // The bytes of a connection from its last incomplete message on; views stay until keep() or the
  // next call.
  std::string_view with_kept(std::uint32_t id, std::string_view bytes);
  void keep(std::uint32_t id, std::string_view rest);
  // The answer that these bytes complete; nullopt: not all of it is there yet, and they are kept.
  std::optional<Answer> whole_answer(std::uint32_t id, std::string_view bytes);
  Connections& connections() noexcept { return *connections_; }

  const ClientOptions& options_;
  const ModeRow& row_;
  std::uint32_t run_tag_;
  const Nanos interval_;  // of an open loop; 0: the loop is closed
  Counts counts_;

 private:
  std::string opening_;
  stats::Histogram latency_;
  Connections* connections_ = nullptr;
  std::unordered_map<std::uint32_t, std::string> kept_;
  std::string joined_;
};

// A GET as short as HTTP/1.1 allows, or the upgrade of a WebSocket. `fields` are whole lines.
std::string request_text(std::string_view path, bool upgrade, std::string_view fields = {});

// Never, for act().
inline constexpr TimePoint kNever = TimePoint::max();

}  // namespace pushbench::servers::floor
