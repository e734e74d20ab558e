#include "servers/reference/metrics.h"

#include "harness/base/check.h"

#include <fmt/format.h>

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

namespace pushbench::servers {
namespace {

constexpr std::array<std::string_view, kTroubleCount> kTroubleNames{
    "bad_request",  "head_size",   "body_size", "head_timeout", "body_timeout",
    "idle_timeout", "topics",      "log_bytes", "connections",  "connections_per_address",
    "descriptors",  "accept",      "host",      "origin",       "slow_consumer",
    "gap",          "client_gone", "reset",     "frame",        "message_size",
    "fragments",    "silence",     "stop_cut"};

constexpr std::array<std::string_view, kInjectedCount> kInjectedNames{
    "delay", "stall", "lose", "duplicate", "reorder", "truncate", "busy", "cut"};

void describe(std::string& out,
              std::string_view name,
              std::string_view type,
              std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# TYPE {} {}\n# HELP {} {}\n", name, type, name, help);
}

void gauge(std::string& out, std::string_view name, std::string_view help, std::uint64_t value) {
  describe(out, name, "gauge", help);
  fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
}

void counter(std::string& out, std::string_view name, std::string_view help, std::uint64_t value) {
  describe(out, name, "counter", help);
  fmt::format_to(std::back_inserter(out), "{}_total {}\n", name, value);
}

void answers(std::string& out,
             const Metrics& metrics,
             std::span<const std::string_view> endpoints) {
  describe(out, "pushbench_answers", "counter", "Answers by endpoint and HTTP status.");
  for (std::size_t row = 0; row < endpoints.size(); ++row) {
    for (std::size_t i = 0; i < kStatuses.size(); ++i) {
      if (metrics.answers[row][i] == 0) {
        continue;
      }
      fmt::format_to(std::back_inserter(out),
                     "pushbench_answers_total{{endpoint=\"{}\",status=\"{}\"}} {}\n",
                     endpoints[row], kStatuses[i], metrics.answers[row][i]);
    }
  }
}

void by_strategy(std::string& out,
                 std::string_view name,
                 std::span<const std::string_view> strategies,
                 std::span<const std::uint64_t> values) {
  for (std::size_t i = 0; i < strategies.size(); ++i) {
    fmt::format_to(std::back_inserter(out), "{}{{strategy=\"{}\"}} {}\n", name, strategies[i],
                   values[i]);
  }
}

void process(std::string& out) {
  const ProcessUse use = process_use();
  describe(out, "process_cpu_seconds", "counter", "User and system time of all threads.");
  fmt::format_to(std::back_inserter(out), "process_cpu_seconds_total {:.6f}\n", use.cpu_seconds);
  gauge(out, "process_resident_memory_bytes", "Resident memory.", use.resident_bytes);
  gauge(out, "process_open_fds", "Open descriptors.", use.open_descriptors);
}

std::uint64_t resident_bytes() {
  std::FILE* const file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr) {
    return 0;
  }
  unsigned long size = 0;
  unsigned long resident = 0;
  const int fields = std::fscanf(file, "%lu %lu", &size, &resident);
  std::fclose(file);
  return fields == 2 ? resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) : 0;
}

std::uint64_t open_descriptors() {
  DIR* const directory = ::opendir("/proc/self/fd");
  if (directory == nullptr) {
    return 0;
  }
  std::uint64_t entries = 0;
  while (::readdir(directory) != nullptr) {
    ++entries;
  }
  ::closedir(directory);
  return entries - 3;  // ".", ".." and the directory itself
}

double seconds(const timeval& value) {
  return static_cast<double>(value.tv_sec) + static_cast<double>(value.tv_usec) / 1e6;
}

}  // namespace

std::string_view trouble_name(Trouble trouble) noexcept {
  return kTroubleNames[static_cast<std::size_t>(trouble)];
}

std::string_view injected_name(Injected injected) noexcept {
  return kInjectedNames[static_cast<std::size_t>(injected)];
}

void Metrics::add(const Metrics& other) noexcept {
  const auto add_each = [](auto& to, const auto& from) {
    for (std::size_t i = 0; i < to.size(); ++i) {
      to[i] += from[i];
    }
  };
  for (std::size_t i = 0; i < answers.size(); ++i) {
    add_each(answers[i], other.answers[i]);
  }
  add_each(deliveries, other.deliveries);
  add_each(subscribers, other.subscribers);
  add_each(troubles, other.troubles);
  add_each(injected, other.injected);
  for (const auto part :
       {&Metrics::connections_open, &Metrics::connections_accepted, &Metrics::waiting,
        &Metrics::published, &Metrics::published_bytes, &Metrics::upstream_events,
        &Metrics::upstream_bytes, &Metrics::bytes_in, &Metrics::bytes_out, &Metrics::log_bytes}) {
    this->*part += other.*part;
  }
}

void Metrics::answered(std::size_t endpoint, int status, std::uint64_t times) noexcept {
  const auto* const found = std::find(kStatuses.begin(), kStatuses.end(), status);
  PUSHBENCH_CHECK(found != kStatuses.end() && endpoint < kMaxEndpoints);
  answers[endpoint][static_cast<std::size_t>(found - kStatuses.begin())] += times;
}

ProcessUse process_use() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), resident_bytes(), open_descriptors()};
}

std::string render_metrics(const Metrics& metrics,
                           std::span<const std::string_view> endpoints,
                           std::size_t strategies) {
  std::string out;
  const auto names = endpoints.first(strategies);
  gauge(out, "pushbench_connections", "Connections open now.", metrics.connections_open);
  counter(out, "pushbench_accepted", "Connections accepted.", metrics.connections_accepted);
  answers(out, metrics, endpoints);
  describe(out, "pushbench_subscribers", "gauge", "Clients that wait for events now.");
  by_strategy(out, "pushbench_subscribers", names, metrics.subscribers);
  gauge(out, "pushbench_waiting", "Requests on hold now.", metrics.waiting);
  describe(out, "pushbench_deliveries", "counter", "Events handed to clients.");
  by_strategy(out, "pushbench_deliveries_total", names, metrics.deliveries);
  counter(out, "pushbench_published", "Events published.", metrics.published);
  counter(out, "pushbench_published_bytes", "Bytes of events published.", metrics.published_bytes);
  counter(out, "pushbench_upstream", "Events that came from clients.", metrics.upstream_events);
  counter(out, "pushbench_upstream_bytes", "Bytes of those.", metrics.upstream_bytes);
  counter(out, "pushbench_received_bytes", "Bytes read from sockets.", metrics.bytes_in);
  counter(out, "pushbench_sent_bytes", "Bytes written to sockets.", metrics.bytes_out);
  gauge(out, "pushbench_topics", "Topics in memory.", metrics.topics);
  gauge(out, "pushbench_log_bytes", "Bytes of memory that the events in all logs take.",
        metrics.log_bytes);
  describe(out, "pushbench_troubles", "counter", "Limits reached and faults met, by name.");
  for (std::size_t i = 0; i < kTroubleCount; ++i) {
    fmt::format_to(std::back_inserter(out), "pushbench_troubles_total{{name=\"{}\"}} {}\n",
                   kTroubleNames[i], metrics.troubles[i]);
  }
  if (metrics.injecting) {
    describe(out, "pushbench_injected", "counter", "Faults committed on purpose, by name.");
    for (std::size_t i = 0; i < kInjectedCount; ++i) {
      fmt::format_to(std::back_inserter(out), "pushbench_injected_total{{name=\"{}\"}} {}\n",
                     kInjectedNames[i], metrics.injected[i]);
    }
  }
  process(out);
  out += "# EOF\n";
  return out;
}

}  // namespace pushbench::servers
