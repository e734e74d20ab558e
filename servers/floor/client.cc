#include "servers/floor/client.h"

#include "harness/base/descriptors.h"
#include "harness/wire/stamp.h"
#include "servers/floor/churn.h"
#include "servers/floor/connections.h"
#include "servers/floor/process_cost.h"
#include "servers/floor/publisher.h"
#include "servers/floor/requesters.h"
#include "servers/floor/subscribers.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace pushbench::servers::floor {
namespace {

constexpr Nanos kConnectBound = std::chrono::seconds(60);
// Long enough that a server has taken the last question of everybody.
constexpr Nanos kSettle = std::chrono::milliseconds(300);
// The first connections also pay for tables and buffers, which later ones share.
constexpr std::uint32_t kFirst = 100;

class Idle final : public Load {
 public:
  using Load::Load;
  void on_bytes(std::uint32_t, std::string_view, TimePoint) override {}
};

std::unique_ptr<Load> make_load(const ClientOptions& options,
                                std::uint32_t run_tag,
                                std::optional<Publisher>& publisher) {
  switch (options.mode) {
    case Mode::kPoll: return std::make_unique<Polls>(options, run_tag);
    case Mode::kPollNew: return std::make_unique<NewPolls>(options, run_tag);
    case Mode::kLongPoll: return std::make_unique<LongPolls>(options, run_tag, *publisher);
    case Mode::kStream:
    case Mode::kSse:
    case Mode::kWebSocket: return std::make_unique<Subscribers>(options, run_tag, *publisher);
    case Mode::kEcho: return std::make_unique<Echoes>(options, run_tag);
    case Mode::kAccept: return std::make_unique<Accepts>(options, run_tag);
    case Mode::kIdleStream:
    case Mode::kIdleWebSocket: break;
  }
  return std::make_unique<Idle>(options, run_tag);
}

std::optional<Nanos> server_cpu(const ClientOptions& options) {
  return options.pid == 0 ? std::nullopt : process_cpu(options.pid);
}

std::optional<std::uint64_t> server_memory(const ClientOptions& options) {
  return options.pid == 0 ? std::nullopt : resident_bytes(options.pid);
}

class Run {
 public:
  Run(const ClientOptions& options, Load& load)
      : options_(options), row_(row_of(options.mode)), load_(load), connections_(options, load) {}

  Figures figures() {
    out_.mode = row_.name;
    out_.clients = options_.clients;
    connect();
    load_.start(steady_now());
    started_ = true;
    serve_for(options_.warmup);
    measure();
    out_.client_rss_bytes = resident_bytes(::getpid()).value_or(0);
    return out_;
  }

 private:
  void connect() {
    const TimePoint began = steady_now();
    if (row_.churn) {
      connections_.open_all();
      out_.connect = steady_now() - began;
      return;
    }
    const TimePoint bound = began + kConnectBound;
    const std::uint32_t first = row_.idle ? std::min(kFirst, options_.clients / 10) : 0;
    connections_.open_until(first, bound);
    const auto before = server_memory(options_);
    connections_.open_until(options_.clients, bound);
    out_.connect = steady_now() - began;
    serve_for(kSettle);
    const auto after = server_memory(options_);
    if (row_.idle && before && after) {
      out_.server_rss_bytes = (static_cast<double>(*after) - static_cast<double>(*before)) /
                              static_cast<double>(options_.clients - first);
    }
  }

  void measure() {
    load_.begin_window();
    out_.live = row_.churn ? connections_.size() : connections_.live();
    const Counts counts = load_.counts();
    const auto server = server_cpu(options_);
    const Nanos own = own_cpu();
    const TimePoint began = steady_now();
    serve_for(options_.measure);
    out_.window = steady_now() - began;
    out_.client_cpu = own_cpu() - own;
    if (const auto now = server_cpu(options_); now && server) {
      out_.server_cpu = *now - *server;
    }
    out_.deliveries = load_.counts().deliveries - counts.deliveries;
    out_.published = load_.counts().published - counts.published;
    out_.errors = load_.counts().errors;
    out_.lost = load_.counts().lost;
    out_.p50 = load_.latency().quantile(0.5);
    out_.p99 = load_.latency().quantile(0.99);
    out_.max = load_.latency().max();
  }

  void serve_for(Nanos time) {
    const TimePoint end = steady_now() + time;
    for (TimePoint now = steady_now(); now < end; now = steady_now()) {
      connections_.serve(std::min(end, started_ ? load_.act(now) : kNever));
    }
  }

  const ClientOptions& options_;
  const ModeRow& row_;
  Load& load_;
  Connections connections_;
  Figures out_;
  bool started_ = false;
};

}  // namespace

Result<Figures> run_client(const ClientOptions& options) {
  const std::uint64_t limit = raise_descriptor_limit();
  if (limit < options.clients + kReservedDescriptors) {
    return could_not_run(fmt::format(
        "{} clients need {} descriptors and this process may have {}; raise `ulimit -n`, or take "
        "at most {} clients",
        options.clients, options.clients + kReservedDescriptors, limit,
        limit > kReservedDescriptors ? limit - kReservedDescriptors : 0));
  }
  const auto clock = static_cast<std::uint64_t>(steady_now().time_since_epoch().count());
  const auto run_tag = static_cast<std::uint32_t>(clock / 1000 % wire::kMaxRunTag);
  const ModeRow& row = row_of(options.mode);
  std::optional<Publisher> publisher;
  if (row.events || row.seeded) {
    auto opened = Publisher::open(options, run_tag);
    if (!opened) {
      return opened.error();
    }
    publisher = std::move(*opened);
  }
  if (row.seeded) {
    if (const auto seeded = publisher->seed(); !seeded) {
      return seeded.error();
    }
  }
  const auto load = make_load(options, run_tag, publisher);
  return Run(options, *load).figures();
}

}  // namespace pushbench::servers::floor
