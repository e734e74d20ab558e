#include "harness/app/advise_questions.h"

#include "harness/app/study_values.h"
#include "harness/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace pushbench::app {
namespace {

using study::Needs;

constexpr int kLongestLine = 200;

Result<void> take(const Result<double>& got, double& to) {
  if (!got) {
    return got.error();
  }
  to = *got;
  return {};
}

Result<void> take_rate(const std::string& text, Needs& to) {
  return take(read_rate("--events-per-client", text), to.workload.events_per_client_per_s);
}

Result<void> take_staleness(const std::string& text, Needs& to) {
  auto read = take(read_seconds("--staleness", text), to.staleness_s);
  if (read && to.staleness_s <= 0) {
    return usage("--staleness: nothing arrives in no time; expected a duration such as 2s");
  }
  return read;
}

Result<void> take_payload(const std::string& text, Needs& to) {
  auto read = take(read_size("--payload", text), to.workload.payload_bytes);
  if (read && (to.workload.payload_bytes < plan::kMinPayload ||
               to.workload.payload_bytes > 1024.0 * 1024)) {
    return usage(fmt::format("--payload: expected {} B to 1 MiB, got '{}'", plan::kMinPayload,
                             printable(text)));
  }
  return read;
}

Result<void> take_clients(const std::string& text, Needs& to) {
  auto read = take(read_count("--clients", text), to.workload.clients);
  if (read && to.workload.clients > study::kMostClients) {
    return usage(fmt::format("--clients: at most {}", human_count(study::kMostClients)));
  }
  return read;
}

Result<void> take_fan_out(const std::string& text, Needs& to) {
  if (text == "all") {
    to.workload.fan_out = to.workload.clients;
    return {};
  }
  auto read = take(read_count("--fan-out", text), to.workload.fan_out);
  if (read && to.workload.fan_out > to.workload.clients) {
    return usage(fmt::format("--fan-out: an event cannot go to {} of {} clients",
                             human_count(to.workload.fan_out), human_count(to.workload.clients)));
  }
  return read;
}

Result<void> take_rtt(const std::string& text, Needs& to) {
  double rtt = 0;
  const auto read = take(read_seconds("--rtt", text), rtt);
  to.workload.one_way_s = rtt / 2;
  return read && rtt > 2 ? Result<void>(usage("--rtt: at most 2s")) : read;
}

Result<void> take_upstream(const std::string& text, Needs& to) {
  if (text == "none") {
    return {};
  }
  return take(read_rate("--upstream", text), to.workload.upstream_per_client_per_s);
}

Result<void> take_browsers(const std::string& text, Needs& to) {
  if (text != "modern" && text != "old") {
    return usage(fmt::format("--browsers: expected modern or old, got '{}'", printable(text)));
  }
  to.old_browsers = text == "old";
  return {};
}

struct QuestionRow {
  std::string AdviseArguments::*where;
  std::string_view text;
  std::string_view fallback;
  Result<void> (*take)(const std::string&, Needs&);
};
// Clients before the fan-out, which is held against them.
constexpr std::array<QuestionRow, 8> kQuestions{{
    {&AdviseArguments::events_per_client, "How many events does a client receive (0.2/s, 6/h)?",
     "0.2/s", take_rate},
    {&AdviseArguments::staleness, "How old may an event be when it arrives (200ms, 5m)?", "1s",
     take_staleness},
    {&AdviseArguments::payload, "How large is an event?", "128B", take_payload},
    {&AdviseArguments::clients, "How many clients at the same time?", "10000", take_clients},
    {&AdviseArguments::fan_out, "How many clients does one event go to (1, 50, all)?", "1",
     take_fan_out},
    {&AdviseArguments::rtt, "How long is the round trip to them?", "50ms", take_rtt},
    {&AdviseArguments::upstream, "How many events does a client send (none, 0.1/s)?", "none",
     take_upstream},
    {&AdviseArguments::browsers, "Which browsers (modern, old)?", "modern", take_browsers},
}};

Result<void> take_proxy(const std::string& word, Needs& to) {
  constexpr std::string_view kIdle = "idle=";
  if (word == "buffers") {
    to.proxy_buffers = true;
  } else if (word == "no-upgrade") {
    to.proxy_no_upgrade = true;
  } else if (word.starts_with(kIdle)) {
    const auto seconds = read_seconds("--proxy idle", word.substr(kIdle.size()));
    if (!seconds) {
      return seconds.error();
    }
    if (*seconds < 0.1) {
      return usage("--proxy: a proxy that cuts within 100 ms lets nothing through");
    }
    to.proxy_idle_s = *seconds;
  } else if (word != "none") {
    return usage(fmt::format("--proxy: expected none, buffers, no-upgrade or idle=60s, got '{}'",
                             printable(word)));
  }
  return {};
}

std::optional<std::string> read_line(std::FILE* in) {
  std::array<char, kLongestLine> line{};
  if (std::fgets(line.data(), kLongestLine, in) == nullptr) {
    return std::nullopt;
  }
  std::string text(line.data());
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '\r')) {
    text.pop_back();
  }
  return text;
}

}  // namespace

Result<AdviseArguments> ask_for(AdviseArguments arguments, std::FILE* in, std::FILE* out) {
  Needs scratch;
  for (const auto& question : kQuestions) {
    std::string& answer = arguments.*question.where;
    int asked = 0;
    while (answer.empty()) {
      if (asked++ == kMostAsking) {
        return usage(
            "advise: three answers could not be read; give flags instead (pushbench "
            "advise --help)");
      }
      say(out, fmt::format("{} [{}] ", question.text, question.fallback));
      const auto line = read_line(in);
      if (!line) {
        return usage(
            "advise: the answers ended before the questions; give flags instead "
            "(pushbench advise --help)");
      }
      const std::string given = line->empty() ? std::string(question.fallback) : *line;
      if (const auto taken = question.take(given, scratch); !taken) {
        say(out, taken.error().text + "\n");
        continue;
      }
      answer = given;
    }
    if (const auto taken = question.take(answer, scratch); !taken) {
      return taken.error();
    }
  }
  return arguments;
}

Result<Needs> read_needs(const AdviseArguments& arguments) {
  Needs needs;
  for (const auto& question : kQuestions) {
    const std::string& given = arguments.*question.where;
    const auto taken = question.take(given.empty() ? std::string(question.fallback) : given, needs);
    if (!taken) {
      return taken.error();
    }
  }
  for (const auto& word : arguments.proxy) {
    if (const auto taken = take_proxy(word, needs); !taken) {
      return taken.error();
    }
  }
  if (needs.staleness_s <= needs.workload.one_way_s) {
    return usage(fmt::format(
        "--staleness: the way alone takes {} (half of --rtt), so no event is younger than that",
        human_duration(Nanos(static_cast<std::int64_t>(needs.workload.one_way_s * 1e9)))));
  }
  return needs;
}

}  // namespace pushbench::app
