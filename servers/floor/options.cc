#include "servers/floor/options.h"

#include "harness/base/check.h"
#include "harness/base/nearest.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <vector>

namespace pushbench::servers::floor {
namespace {

constexpr std::uint32_t kMaxClients = 1'000'000;
constexpr double kMaxSeconds = 3600;
constexpr double kMaxRate = 1e6;

// What is wrong with a value, as the end of a sentence; empty when nothing is.
using Setter = std::function<std::string(std::string_view)>;
using Setters = std::map<std::string_view, Setter>;

template <class T>
std::optional<T> number_of(std::string_view text) {
  T value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  return fault == std::errc{} && end == text.data() + text.size() ? std::optional<T>(value)
                                                                  : std::nullopt;
}

template <class T>
Setter whole(T& out, std::uint64_t lowest, std::uint64_t highest) {
  return [&out, lowest, highest](std::string_view text) -> std::string {
    const auto value = number_of<std::uint64_t>(text);
    if (!value || *value < lowest || *value > highest) {
      return fmt::format("a whole number from {} to {}", lowest, highest);
    }
    out = static_cast<T>(*value);
    return {};
  };
}

Setter real(double& out, double highest) {
  return [&out, highest](std::string_view text) -> std::string {
    const auto value = number_of<double>(text);
    if (!value || !std::isfinite(*value) || *value <= 0 || *value > highest) {
      return fmt::format("a number above 0, at most {:.0f}", highest);
    }
    out = *value;
    return {};
  };
}

Setter time_span(Nanos& out, bool may_be_zero) {
  return [&out, may_be_zero](std::string_view text) -> std::string {
    const auto value = number_of<double>(text);
    if (!value || !std::isfinite(*value) || *value < 0 || *value > kMaxSeconds ||
        (*value == 0 && !may_be_zero)) {
      return fmt::format("a number of seconds {}, at most {:.0f}",
                         may_be_zero ? "from 0" : "above 0", kMaxSeconds);
    }
    out = std::chrono::duration_cast<Nanos>(std::chrono::duration<double>(*value));
    return {};
  };
}

Setter target(std::string& out) {
  return [&out](std::string_view text) -> std::string {
    if (!text.starts_with('/') || text.find_first_of(" \r\n") != std::string_view::npos) {
      return "a path that begins with / and has no spaces";
    }
    out = text;
    return {};
  };
}

Setter mode(Mode& out) {
  return [&out](std::string_view text) -> std::string {
    std::vector<std::string_view> names;
    for (const ModeRow& row : kModes) {
      if (row.name == text) {
        out = row.mode;
        return {};
      }
      names.push_back(row.name);
    }
    const std::string_view near = nearest(text, names);
    return near.empty() ? fmt::format("one of {}", fmt::join(names, ", "))
                        : fmt::format("a known mode such as {}", near);
  };
}

Result<void> take(std::string_view command,
                  std::span<const std::string_view> words,
                  const Setters& setters) {
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const auto found = setters.find(words[i]);
    if (found == setters.end()) {
      std::vector<std::string_view> names;
      for (const auto& [name, setter] : setters) {
        names.push_back(name);
      }
      return usage(fmt::format("{} knows no option {}{}; pushbench-floor --help lists them",
                               command, words[i], did_you_mean(words[i], names)));
    }
    if (i + 1 == words.size()) {
      return usage(fmt::format("{} needs a value behind it", words[i]));
    }
    if (const std::string wanted = found->second(words[i + 1]); !wanted.empty()) {
      return usage(fmt::format("{} takes {}, not '{}'", words[i], wanted, words[i + 1]));
    }
  }
  return {};
}

Result<void> check_client(const ClientOptions& options, bool in_flight_given) {
  const ModeRow& row = row_of(options.mode);
  if (options.port == 0) {
    return usage("client needs --port, the port of the server on 127.0.0.1");
  }
  if (options.rate > 0 && in_flight_given) {
    return usage("--rate (open loop) and --in-flight (closed loop) exclude each other; give one");
  }
  if (options.in_flight > 1 && !row.pipelined) {
    return usage(
        fmt::format("mode {} has one event in flight for each client; leave --in-flight "
                    "to stream, sse and ws",
                    row.name));
  }
  if (options.rate > 0 && (row.churn || row.idle)) {
    return usage(fmt::format("mode {} has no schedule; leave --rate out", row.name));
  }
  return {};
}

Result<Options> parse_client(std::span<const std::string_view> words) {
  ClientOptions options;
  std::uint32_t in_flight = 0;
  const Setters setters{
      {"--mode", mode(options.mode)},
      {"--port", whole(options.port, 1, std::numeric_limits<std::uint16_t>::max())},
      {"--path", target(options.path)},
      {"--publish", target(options.publish)},
      {"--clients", whole(options.clients, 1, kMaxClients)},
      {"--seconds", time_span(options.measure, false)},
      {"--warmup", time_span(options.warmup, true)},
      {"--rate", real(options.rate, kMaxRate)},
      {"--in-flight", whole(in_flight, 1, 1000)},
      {"--pid", whole(options.pid, 1, std::numeric_limits<int>::max())},
  };
  if (const auto taken = take("client", words, setters); !taken) {
    return taken.error();
  }
  options.in_flight = in_flight == 0 ? 1 : in_flight;
  if (const auto sound = check_client(options, in_flight != 0); !sound) {
    return sound.error();
  }
  if (options.path.empty()) {
    options.path = row_of(options.mode).path;
  }
  return Options(options);
}

Result<Options> parse_server(std::span<const std::string_view> words) {
  ServerOptions options;
  const Setters setters{
      {"--port", whole(options.port, 0, std::numeric_limits<std::uint16_t>::max())}};
  if (const auto taken = take("server", words, setters); !taken) {
    return taken.error();
  }
  return Options(options);
}

Result<Options> parse_calls(std::span<const std::string_view> words) {
  CallsOptions options;
  const Setters setters{{"--rounds", whole(options.rounds, 1, 100'000)},
                        {"--pairs", whole(options.pairs, 1, 100'000)}};
  if (const auto taken = take("calls", words, setters); !taken) {
    return taken.error();
  }
  return Options(options);
}

}  // namespace

const ModeRow& row_of(Mode mode) noexcept {
  const ModeRow& row = kModes[static_cast<std::size_t>(mode)];
  PUSHBENCH_CHECK(row.mode == mode);
  return row;
}

Result<Options> parse_options(std::span<const std::string_view> words) {
  static constexpr std::array<std::string_view, 3> kCommands{"server", "client", "calls"};
  if (words.empty()) {
    return usage("pushbench-floor needs a subcommand: server, client or calls");
  }
  for (const std::string_view word : words) {
    if (word == "--help" || word == "-h") {
      return Options(HelpOptions{});
    }
  }
  const auto rest = words.subspan(1);
  if (words[0] == "server") {
    return parse_server(rest);
  }
  if (words[0] == "client") {
    return parse_client(rest);
  }
  if (words[0] == "calls") {
    return parse_calls(rest);
  }
  return usage(
      fmt::format("pushbench-floor knows no subcommand {}{}; there are server, client and "
                  "calls",
                  words[0], did_you_mean(words[0], kCommands)));
}

std::string help_text() {
  std::string modes;
  for (const ModeRow& row : kModes) {
    modes += fmt::format("{}{}", modes.empty() ? "" : "|", row.name);
  }
  return fmt::format(
      "The limit of this machine: a server and a client on bare epoll.\n\n"
      "pushbench-floor server [--port P]\n"
      "pushbench-floor client --port P [--mode MODE] [--path PATH] [--publish PATH]\n"
      "    [--clients N] [--seconds T] [--warmup T] [--rate R | --in-flight W] [--pid PID]\n"
      "pushbench-floor calls [--rounds N] [--pairs N]\n\n"
      "MODE: {}\n",
      modes);
}

}  // namespace pushbench::servers::floor
