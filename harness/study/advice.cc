#include "harness/study/advice.h"

#include "harness/base/nanos.h"
#include "harness/base/text.h"
#include "harness/model/long_polling.h"
#include "harness/model/push.h"
#include "harness/study/observation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace pushbench::study {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
constexpr double kHold = 25;  // s, of long-polls
constexpr std::string_view kFormulas = "closed forms, pushbench predict";

// The simpler ones first: what needs least of servers, proxies and browsers; where clients send as
// well, the one that needs no second connection for it.
constexpr std::array<std::string_view, 6> kBySimplicity{
    "polling",       "polling,new-connection", "long-polling",
    "streaming/sse", "streaming/chunked",      "websocket"};

std::ptrdiff_t simplicity(const Option& option, bool upstream) {
  const auto* const at = std::find(kBySimplicity.begin(), kBySimplicity.end(), option.family);
  return upstream && option.family == "websocket" ? -1 : at - kBySimplicity.begin();
}

// Of two that cost the same: the one that lets an event wait less, then the simpler one.
bool goes_before(const Option& a, const Option& b, bool upstream) {
  const double wait_a = a.flow.latency.max_s;
  const double wait_b = b.flow.latency.max_s;
  if (std::max(wait_a, wait_b) > kTie * std::min(wait_a, wait_b)) {
    return wait_a < wait_b;
  }
  return simplicity(a, upstream) < simplicity(b, upstream);
}

struct Asked {
  const Needs& needs;
  const CostModel& model;
  const ServerKind& kind;
};

// An event of a client's own is a request of its own, but for WebSocket: a message, taken to cost
// what one the other way does.
double upstream_cores(const Asked& asked, const FamilyCost& cost) {
  const auto& w = asked.needs.workload;
  const double rate = w.clients * w.upstream_per_client_per_s;
  if (cost.family == "websocket") {
    return rate * cost.delivery_s(w.deliveries_per_s(), w.publishes_per_s());
  }
  const auto* polls = asked.model.find("polling");
  return rate * (polls != nullptr ? polls->request_cpu_s.value : cost.publish_cpu_s.value);
}

void take_share(Option& option, const Asked& asked, const FamilyCost& cost) {
  const auto& w = asked.needs.workload;
  option.flow = flow_of(w, option.cell);
  const Load load{option.flow.connections, option.flow.requests_per_s, w.deliveries_per_s(),
                  w.publishes_per_s()};
  option.cores = cost.cores(load) + upstream_cores(asked, cost);
  option.memory_bytes =
      option.flow.connections * (cost.memory_each_bytes.value + cost.kernel_each_bytes.value / 2);
  const Share share =
      share_of({option.cores, option.memory_bytes,
                option.flow.ip_down_bytes_per_s() + option.flow.upstream_bytes_per_s},
               asked.model, asked.kind);
  option.share = share.value;
  option.scarcest = share.scarcest;
}

void object(Option& option, std::string text, std::string evidence) {
  if (option.objection.empty()) {
    option.objection = std::move(text);
    option.objection_evidence = std::move(evidence);
  }
}

// Silence of a push until a sign of life, by the wire formats of pushbench's own server.
double silence_of(const Option& option) {
  if (option.family == "streaming/sse") {
    return model::kSseSilence;
  }
  if (option.family == "websocket") {
    return model::kWebSocketSilence;
  }
  return kNever;
}

void object_to_way(Option& option, const Needs& needs) {
  const bool streams = option.family.starts_with("streaming");
  const bool socket = option.family == "websocket";
  if (needs.old_browsers && (streams || socket)) {
    object(option, "old browsers have neither EventSource nor WebSocket", "as given: browsers");
  }
  if (needs.proxy_buffers && streams) {
    object(option, "a proxy that buffers hands on nothing before the answer ends",
           "RFC 6202 section 4.2");
  }
  if (needs.proxy_no_upgrade && socket) {
    object(option, "a proxy on the way lets no upgrade through", "as given: proxies");
  }
  if (needs.proxy_idle_s && (streams || socket)) {
    const double gap = 1 / needs.workload.events_per_client_per_s;
    const double silent = std::min(silence_of(option), needs.workload.poisson ? kNever : gap);
    if (silent > *needs.proxy_idle_s) {
      object(option,
             fmt::format("the proxy cuts connections that are silent for {}, and the next sign of "
                         "life may take {}",
                         human_seconds(*needs.proxy_idle_s),
                         std::isfinite(silent) ? human_seconds(silent) : "any time"),
             "wire formats, servers/reference/README.md");
    }
  }
}

void object_to_latency(Option& option, const Needs& needs) {
  if (option.flow.latency.max_s > needs.staleness_s) {
    option.too_slow = true;
    object(option,
           fmt::format("an event may be {} old when it arrives, allowed is {}",
                       human_seconds(option.flow.latency.max_s), human_seconds(needs.staleness_s)),
           std::string(kFormulas));
  }
}

void add_option(Advice& advice, const Asked& asked, const plan::StrategySpec& cell) {
  const auto* cost = asked.model.find(family_of(cell));
  if (cost == nullptr) {
    return;
  }
  Option option;
  option.cell = cell;
  option.family = cost->family;
  take_share(option, asked, *cost);
  object_to_way(option, asked.needs);
  object_to_latency(option, asked.needs);
  advice.options.push_back(std::move(option));
}

// As far apart as the staleness allows; where that is too near for any poll, a round trip.
plan::Nanos interval_for(const Needs& needs) {
  LatencyBounds bounds;
  bounds.max_s = needs.staleness_s;
  const auto longest = longest_interval(bounds, needs.workload.one_way_s);
  const double shortest = std::max(0.010, 2 * needs.workload.one_way_s + 0.001);
  return longest ? *longest : nanos_of(shortest);
}

plan::StrategySpec held_poll(const Needs& needs) {
  plan::StrategySpec cell = long_polling_cell();
  if (needs.proxy_idle_s && *needs.proxy_idle_s <= kHold) {
    const double hold = std::max(0.010, std::floor(*needs.proxy_idle_s * 0.8 * 1000) / 1000);
    cell.hold = nanos_of(hold);
  }
  return cell;
}

void say_long_poll(Advice& advice, const Needs& needs) {
  const double rtt = 2 * needs.workload.one_way_s;
  const double limit = long_poll_limit(0.1);
  if (rtt <= 0) {
    advice.crossovers.push_back(
        {"long-polling delays an event only while its question is on the way; without a round trip "
         "(--rtt) that is nothing",
         "formula P_b = G / C, harness/model/long_polling.h"});
    return;
  }
  const double here = needs.workload.events_per_client_per_s * rtt;
  const model::LongPolls polls{kHold, needs.workload.one_way_s, 0};
  const model::Arrivals arrivals{needs.workload.poisson, needs.workload.events_per_client_per_s, 1};
  const auto latency = model::long_polling(polls, arrivals).asking.latency;
  advice.crossovers.push_back(
      {fmt::format("long-polling is within 10 % of WebSocket in mean latency while events per "
                   "client per round trip are at most {:.2g}; here they are {:.2g}, which makes it "
                   "{:.0f} % slower in the mean and {} against {} at worst",
                   limit, here, (latency.mean_s / needs.workload.one_way_s - 1) * 100,
                   human_seconds(latency.max_s), human_seconds(needs.workload.one_way_s)),
       "formula P_b = G / C, harness/model/long_polling.h"});
}

std::string constants_of(const CostModel& model, std::string_view a, std::string_view b) {
  return fmt::format("constants of {} and {}: {}", a, b, model.source);
}

void say_cheaper_polls(Advice& advice, const Needs& needs, const CostModel& model) {
  const auto& w = needs.workload;
  const auto above = cheaper_polls_s(model, w);
  if (!above) {
    return;
  }
  const auto* polls = model.find("polling");
  const auto* push = model.find("websocket");
  advice.crossovers.push_back(
      {fmt::format("polling is cheaper in processor time than WebSocket above an interval of {}: a "
                   "poll costs {}, a pushed event {}, and each client receives {} events/s",
                   human_seconds(*above), human_seconds(polls->request_cpu_s.value),
                   human_seconds(push->delivery_s(w.deliveries_per_s(), w.publishes_per_s())),
                   human_count(w.events_per_client_per_s)),
       constants_of(model, "polling", "websocket")});
}

// Where polls and pushes weigh the same on IP level, by bisection over the interval.
void say_cheaper_bytes(Advice& advice, const Needs& needs) {
  const auto& w = needs.workload;
  const double pushed = flow_of(w, websocket_cell()).ip_bytes_per_s;
  const auto polled = [&](double seconds) {
    return flow_of(w, polling_cell(nanos_of(seconds))).ip_bytes_per_s;
  };
  double low = std::max(0.01, 2 * w.one_way_s + 0.001);
  double high = 3600;
  if (polled(low) <= pushed || polled(high) >= pushed) {
    return;
  }
  for (int i = 0; i < 24; ++i) {
    const double middle = std::sqrt(low * high);
    (polled(middle) > pushed ? low : high) = middle;
  }
  advice.crossovers.push_back(
      {fmt::format("polling moves fewer bytes on IP level than events pushed one by one above an "
                   "interval of {}, where an answer holds {:.2g} events",
                   human_seconds(high), w.events_per_client_per_s * high),
       std::string(kFormulas)});
}

void say_requests(Advice& advice, const Needs& needs) {
  const model::LongPolls polls{kHold, needs.workload.one_way_s, model::kExchangeSeconds};
  const model::Arrivals arrivals{needs.workload.poisson, needs.workload.events_per_client_per_s, 1};
  const double cycle = 1 / model::long_polling(polls, arrivals).asking.requests_per_s;
  advice.crossovers.push_back(
      {fmt::format("polling sends fewer requests than long-polling above an interval of {}",
                   human_seconds(cycle)),
       "formula C = G + exp(-rate G) (1 - exp(-rate hold)) / rate, harness/model/long_polling.h"});
  advice.crossovers.push_back(
      {"polls with a connection each leave fewer entries in the kernel than a connection held, "
       "only "
       "above an interval of 60 s: TIME_WAIT lasts that long",
       "TCP_TIMEWAIT_LEN of Linux, harness/model/intervals.h"});
}

void add_remarks(Advice& advice, const Needs& needs) {
  if (needs.workload.upstream_per_client_per_s > 0) {
    const double post = flow_of(needs.workload, streaming_cell("sse")).upstream_bytes_per_s;
    const double message = flow_of(needs.workload, websocket_cell()).upstream_bytes_per_s;
    const double events = needs.workload.clients * needs.workload.upstream_per_client_per_s;
    advice.remarks.push_back(
        {fmt::format("an event that a client sends takes {} over a WebSocket and {} as a request, "
                     "both directions",
                     human_bytes(std::round(message / events)),
                     human_bytes(std::round(post / events))),
         std::string(kFormulas)});
  }
  advice.remarks.push_back(
      {"a browser opens at most six HTTP/1.1 connections to a host: long-polls and streams of "
       "several tabs share them; WebSockets and HTTP/2 do not",
       "common limit of browsers, not measured here"});
}

}  // namespace

const Option* Advice::best() const {
  return !options.empty() && options.front().fits() ? &options.front() : nullptr;
}

Share share_of(const Takes& takes, const CostModel& model, const ServerKind& kind) {
  const double gain = model.scaling ? model.scaling->gain(kind.cores) : kind.cores;
  const double cpu = takes.cores / (gain * kind.most_cpu);
  const double memory = takes.memory_bytes / (kind.memory_bytes * kind.most_memory);
  const double link = takes.ip_down_bytes_per_s / (kind.link_bytes_per_s * kind.most_link);
  const double most = std::max({cpu, memory, link});
  return {most, most == cpu ? "processor" : most == memory ? "memory" : "link"};
}

void rank(std::vector<Option>& options, bool upstream) {
  std::stable_sort(options.begin(), options.end(), [](const Option& a, const Option& b) {
    return a.fits() != b.fits() ? a.fits() : a.share < b.share;
  });
  for (std::size_t from = 0; from < options.size();) {
    std::size_t to = from + 1;
    while (to < options.size() && options[to].fits() == options[from].fits() &&
           options[to].share <= options[from].share * kTie) {
      ++to;
    }
    const auto begin = options.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = options.begin() + static_cast<std::ptrdiff_t>(to);
    std::stable_sort(begin, end, [upstream](const Option& x, const Option& y) {
      return goes_before(x, y, upstream);
    });
    for (auto at = begin; at != end; ++at) {
      at->tie = at != begin;
    }
    from = to;
  }
}

std::optional<double> cheaper_polls_s(const CostModel& model, const Workload& workload) {
  const auto* polls = model.find("polling");
  const auto* push = model.find("websocket");
  if (polls == nullptr || push == nullptr) {
    return std::nullopt;
  }
  const auto delivery_s = [&workload](const FamilyCost& cost) {
    return cost.delivery_s(workload.deliveries_per_s(), workload.publishes_per_s());
  };
  const double pushing =
      workload.events_per_client_per_s * (delivery_s(*push) - delivery_s(*polls)) +
      push->idle_cores.value - polls->idle_cores.value;
  return pushing > 0 ? std::optional(polls->request_cpu_s.value / pushing) : std::nullopt;
}

double long_poll_limit(double excess) {
  double low = 0;
  double high = 100;
  for (int i = 0; i < 60; ++i) {
    const double x = (low + high) / 2;
    (x / (x + std::exp(-x)) < excess ? low : high) = x;
  }
  return low;
}

Result<Advice> advise(const Needs& needs, const CostModel& model, const ServerKind& kind) {
  Advice out;
  const Asked asked{needs, model, kind};
  const plan::Nanos interval = interval_for(needs);
  for (const auto& cell : {polling_cell(interval), polling_cell(interval, true), held_poll(needs),
                           streaming_cell("sse"), streaming_cell("chunked"), websocket_cell()}) {
    add_option(out, asked, cell);
  }
  if (out.options.empty()) {
    return usage("advise: the cost model has constants for no strategy; fit one (pushbench fit)");
  }
  rank(out.options, needs.workload.upstream_per_client_per_s > 0);
  say_long_poll(out, needs);
  say_cheaper_polls(out, needs, model);
  say_cheaper_bytes(out, needs);
  say_requests(out, needs);
  add_remarks(out, needs);
  return out;
}

}  // namespace pushbench::study
