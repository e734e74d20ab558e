#include "harness/swarm/metrics_watch.h"

#include "harness/base/nanos.h"
#include "harness/base/text.h"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace pushbench::swarm {
namespace {

bool is_multiple(double value, double step) {
  constexpr double kOff = 0.01;  // of a step: what printing and parsing of a figure may lose
  const double steps = value / step;
  return std::abs(steps - std::round(steps)) < kOff;
}

result::Caveat failure_caveat(const std::string& cell, std::string why, Nanos after) {
  return {.id = "server-metrics-failed",
          .severity = result::Verdict::kSuspect,
          .cell = cell,
          .text = fmt::format("{}, {} into the cell; what the server costs is not measured", why,
                              human_duration(after)),
          .remedy = "give a page of the server's own process that answers within 2 s under load"};
}

}  // namespace

Nanos clock_step(const std::vector<double>& cpu_s) {
  for (const double step : {1.0, 0.1, 0.01, 0.001, 1e-6}) {
    const auto fits = [step](double value) { return is_multiple(value, step); };
    if (std::all_of(cpu_s.begin(), cpu_s.end(), fits)) {
      return nanos_of(step);
    }
  }
  return Nanos(1);
}

MetricsWatch::MetricsWatch(asio::io_context& context, const MetricsSource& source)
    : context_(context),
      time_(context),
      source_(source),
      reader_(context, source),
      sleeper_(time_.make_sleeper()),
      waiter_(time_.make_sleeper()) {}

bool MetricsWatch::wanted() const noexcept {
  return std::any_of(marks_.begin(), marks_.end(),
                     [](const Marked& mark) { return mark.at && !mark.reading; });
}

// No mark waits for its reading any more, or none will come.
Task<void> MetricsWatch::settled() {
  while (!ended_ && wanted()) {
    co_await waiter_->until(time_.now() + kLook);
  }
}

Task<void> MetricsWatch::begin() {
  mark(Mark::kBase, time_.now());
  asio::co_spawn(context_, run(), [](const std::exception_ptr& thrown) {
    if (thrown) {
      std::rethrow_exception(thrown);
    }
  });
  co_await settled();
}

Task<void> MetricsWatch::end() {
  co_await settled();
  stopped_ = true;
  reader_.stop();
  sleeper_->wake();
  while (!ended_) {
    co_await waiter_->until(time_.now() + kLook);
  }
}

void MetricsWatch::mark(Mark mark, TimePoint now) {
  marks_[static_cast<std::size_t>(mark)].at = now;
  sleeper_->wake();
}

void MetricsWatch::connected(std::uint64_t connections, TimePoint now) {
  connections_ = connections;
  mark(Mark::kConnected, now);
}

Task<void> MetricsWatch::run() {
  while (!stopped_ && !failure_) {
    const auto reading = co_await reader_.read();
    if (stopped_) {
      break;
    }
    if (!reading) {
      failure_ = reading.error().text;
      failed_at_ = time_.now();
      break;
    }
    file(*reading);
    // A mark that came while this one was read waits for the next.
    if (!failure_ && !wanted()) {
      co_await sleeper_->until(reading->asked + kEvery);
    }
  }
  ended_ = true;
}

void MetricsWatch::file(const MetricsReading& reading) {
  if (!readings_.empty()) {
    const MetricsReading& last = readings_.back();
    if (reading.cpu_s < last.cpu_s || reading.started_s != last.started_s) {
      failure_ = fmt::format("--server-metrics: {} is of another process than before",
                             printable(source_.url));
      failed_at_ = reading.answered;
      return;
    }
  }
  readings_.push_back(reading);
  for (auto& mark : marks_) {
    if (mark.at && !mark.reading && reading.asked >= *mark.at) {
      mark.reading = reading;
    }
  }
}

std::optional<std::uint64_t> MetricsWatch::window_cpu_ns() const {
  const auto& open = of(Mark::kOpen).reading;
  const auto& close = of(Mark::kClose).reading;
  if (failure_ || !open || !close || !of(Mark::kBase).reading || !of(Mark::kConnected).reading) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(nanos_of(close->cpu_s - open->cpu_s).count());
}

MetricsCoarseness MetricsWatch::coarseness(std::uint64_t cpu_ns) const {
  const Marked& open = of(Mark::kOpen);
  const Marked& close = of(Mark::kClose);
  MetricsCoarseness coarse;
  std::vector<double> cpu;
  const MetricsReading* last_new = nullptr;
  for (const auto& reading : readings_) {
    cpu.push_back(reading.cpu_s);
    const bool inside = reading.asked >= *open.at && reading.asked <= close.reading->asked;
    if (!inside) {
      continue;
    }
    if (last_new == nullptr || reading.cpu_s > last_new->cpu_s) {
      last_new = &reading;
    } else {
      coarse.stale = std::max(coarse.stale, reading.answered - last_new->asked);
    }
  }
  coarse.step = clock_step(cpu);
  coarse.late = (open.reading->answered - *open.at) + (close.reading->answered - *close.at);
  const double window = seconds_of(*close.at - *open.at);
  const auto used = static_cast<double>(cpu_ns);
  coarse.share = used > 0 && window > 0 ? seconds_of(coarse.step) * 1e9 / used +
                                              seconds_of(coarse.stale + coarse.late) / window
                                        : 1;
  return coarse;
}

// Each second has what was used between its last reading and that of the second before. A second
// without a reading is not measured.
void MetricsWatch::put_series(result::Series& series, TimePoint cell_start) const {
  const MetricsReading* before = nullptr;
  for (std::size_t i = 0; i < readings_.size(); ++i) {
    const MetricsReading& reading = readings_[i];
    if (reading.asked < cell_start) {
      before = &reading;
      continue;
    }
    const auto second = static_cast<std::size_t>(seconds_of(reading.asked - cell_start));
    const bool last_of_second =
        i + 1 == readings_.size() ||
        static_cast<std::size_t>(seconds_of(readings_[i + 1].asked - cell_start)) > second;
    if (!last_of_second) {
      continue;
    }
    series.server_cpu_share.resize(second, result::kNotMeasured);
    series.server_memory_bytes.resize(second, result::kNotMeasured);
    series.server_cpu_share.push_back(before == nullptr
                                          ? result::kNotMeasured
                                          : (reading.cpu_s - before->cpu_s) /
                                                seconds_of(reading.asked - before->asked));
    series.server_memory_bytes.push_back(static_cast<double>(reading.resident_bytes));
    before = &reading;
  }
}

void MetricsWatch::tell(const result::CellResult& cell,
                        std::uint64_t cpu_ns,
                        std::vector<result::Caveat>& caveats) const {
  const MetricsCoarseness coarse = coarseness(cpu_ns);
  const auto& descriptors = of(Mark::kClose).reading->descriptors;
  std::string text = fmt::format(
      "server processor time and memory are what {} says of itself, in {} readings: its clock "
      "counts in steps of {}, the two readings of the window came {} behind its edges{}; together "
      "that is {:.2g} % of the processor time",
      printable(source_.url), readings_.size(), human_duration(coarse.step),
      human_duration(coarse.late),
      coarse.stale > Nanos(0)
          ? fmt::format(", and for up to {} it had no new figure", human_duration(coarse.stale))
          : std::string(),
      100 * coarse.share);
  if (descriptors) {
    text += fmt::format("; at its end the server held {} descriptors", *descriptors);
  }
  const bool doubtful = coarse.share > kCoarseShare;
  caveats.push_back(
      {.id = doubtful ? "server-metrics-coarse" : "server-metrics",
       .severity = doubtful ? result::Verdict::kSuspect : result::Verdict::kValid,
       .cell = cell.label(),
       .text = std::move(text),
       .remedy = doubtful
                     ? "measure longer or load the server more: the error stays as it is, the "
                       "figure grows"
                     : "none needed; --server-pid is finer where the server runs on this host"});
}

void MetricsWatch::put_into(result::CellResult& cell,
                            TimePoint cell_start,
                            std::vector<result::Caveat>& caveats) const {
  cell.server.reset();
  if (failure_) {
    caveats.push_back(failure_caveat(cell.label(), *failure_, failed_at_ - cell_start));
    return;
  }
  const auto cpu_ns = window_cpu_ns();
  if (!cpu_ns) {
    return;  // the cell ended before its window did
  }
  auto& server = cell.server.emplace();
  server.cpu_ns = *cpu_ns;
  server.memory_base_bytes = of(Mark::kBase).reading->resident_bytes;
  server.memory_bytes = of(Mark::kConnected).reading->resident_bytes;
  server.connections = connections_;
  put_series(cell.series, cell_start);
  tell(cell, *cpu_ns, caveats);
}

}  // namespace pushbench::swarm
