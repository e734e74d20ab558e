#include "harness/result/delivery_rules.h"

#include "harness/base/text.h"
#include "harness/result/accounts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushbench::result {
namespace {

using Value = std::optional<double>;
using C = Counter;

Value unbalanced(const Seen& seen) {
  return imbalance_of(seen.cell).empty() ? 0 : 1;
}

Value nothing_delivered(const Seen& seen) {
  if (seen.cell.counters[C::kExpected] == 0 && seen.cell.counters[C::kReceived] > 0) {
    return std::nullopt;  // not audited
  }
  return seen.cell.counters[C::kDelivered] == 0 ? 1 : 0;
}

std::string say_lost(const Seen& seen, double lost) {
  const double in_gap = count(seen.cell, C::kLostInGap);
  return fmt::format("{} of {} expected deliveries never arrived{}", number(lost),
                     number(count(seen.cell, C::kExpected)),
                     in_gap > 0 ? fmt::format(", {} of them between a cut of a client's connection "
                                              "and its first event after it",
                                              number(in_gap))
                                : "");
}

std::string say_in_flight(const Seen& seen, double n) {
  return fmt::format("{} of {} expected deliveries were still on their way when the cell ended",
                     number(n), number(count(seen.cell, C::kExpected)));
}

std::string say_late(const Seen& seen, double n) {
  return fmt::format("{} of {} deliveries took longer than {}", number(n),
                     number(count(seen.cell, C::kDelivered)),
                     human_duration(seen.run.scenario.late_of(seen.cell.strategy)));
}

Value not_written(const Seen& seen) {
  return count(seen.cell, C::kUnpublished) + count(seen.cell, C::kPublishRejected);
}

FaultCounts all_faults(const CellResult& cell) {
  return cell.connect_faults + cell.cut_faults + cell.request_faults;
}

template <Fault Which>
Value faults(const Seen& seen) {
  return static_cast<double>(all_faults(seen.cell)[static_cast<std::size_t>(Which)]);
}

Value failed_sockets(const Seen& seen) {
  const auto& cell = seen.cell;
  return share(count(cell, C::kSocketsFailed) + count(cell, C::kSocketsCut),
               count(cell, C::kSocketsOpened) + count(cell, C::kSocketsFailed));
}

std::string say_failed_sockets(const Seen& seen, double) {
  const auto& cell = seen.cell;
  return fmt::format("{} connects failed and {} connections were cut, of {} opened{}",
                     number(count(cell, C::kSocketsFailed)), number(count(cell, C::kSocketsCut)),
                     number(count(cell, C::kSocketsOpened)),
                     list_of_faults(cell.connect_faults + cell.cut_faults));
}

Value failed_requests(const Seen& seen) {
  return share(count(seen.cell, C::kRequestsFailed), count(seen.cell, C::kRequestsSent));
}

std::string say_failed_requests(const Seen& seen, double) {
  return fmt::format("{} of {} requests failed{}", number(count(seen.cell, C::kRequestsFailed)),
                     number(count(seen.cell, C::kRequestsSent)),
                     list_of_faults(seen.cell.request_faults));
}

Value skipped(const Seen& seen) {
  const double missed = count(seen.cell, C::kSkippedPolls);
  return share(missed, missed + count(seen.cell, C::kRequests));
}

Value unacked(const Seen& seen) {
  const double sent = count(seen.cell, C::kUpstreamSent);
  const double unsent = count(seen.cell, C::kUpstreamUnsent);
  const double missing = std::max(0.0, sent - count(seen.cell, C::kUpstreamAcked));
  return share(std::max(missing, unsent), sent + unsent);
}

Value compressed_filler(const Seen& seen) {
  const bool filler = seen.run.scenario.events.payload.kind != plan::PayloadSpec::Kind::kFile;
  return filler && seen.cell.strategy.compresses() ? 1 : 0;
}

// clang-format off
constexpr auto kDeliveryRules = std::to_array<CellRule>({
  {"unfinished", kInvalid, kNone, "cell was interrupted",
   "Run it again and let it finish.",
   [](const Seen& s) -> Value { return s.cell.finished ? 0 : 1; },
   [](const Seen&, double) -> std::string {
     return "the cell ended early, its figures cover a part";
   }},
  {"accounts", kInvalid, kNone, "an account of deliveries, requests or sockets does not balance",
   "This is a mistake of pushbench itself: keep result.json and report it.",
   unbalanced, [](const Seen& s, double) { return imbalance_of(s.cell); }},
  {"nothing-delivered", kInvalid, kNone, "no event was delivered",
   "Look at the faults and at the server's log; check the URL, the dialect and the topics.",
   nothing_delivered,
   [](const Seen&, double) -> std::string { return "not one event arrived"; }},
  {"lost-events", kInvalid, kNone, "lost deliveries",
   "Lower the load or give the server a longer log; if it goes on, the server loses events.",
   counted<C::kLost>, say_lost},
  {"gaps", kInvalid, kNone, "times the log no longer held what a client asked for",
   "Give the server a longer log, or poll more often.",
   counted<C::kGaps>,
   [](const Seen&, double n) {
     return fmt::format("the server told clients {} times that events were gone from its log",
                        number(n));
   }},
  {"unpublished", kInvalid, kNone, "events not written or rejected by the server",
   "Lower the rate, or find out why the server refuses or stalls publishing.",
   not_written,
   [](const Seen& s, double n) {
     return fmt::format("{} events were due but did not get into the server ({} rejected)",
                        number(n), number(count(s.cell, C::kPublishRejected)));
   }},
  {"no-descriptors", kInvalid, kNone, "connects or requests that found no free descriptor",
   "Raise the limit (ulimit -n), or use fewer clients; `pushbench doctor` shows both.",
   faults<Fault::kNoDescriptors>,
   [](const Seen&, double n) {
     return fmt::format("the descriptors of the process ran out, {} times", number(n));
   }},
  {"no-ports", kInvalid, kNone, "connects that found no free local port",
   "Keep connections open, poll less often, or widen net.ipv4.ip_local_port_range.",
   faults<Fault::kNoPorts>,
   [](const Seen&, double n) {
     return fmt::format("the local ports of a source address ran out, {} times", number(n));
   }},
  {"failed-sockets", kInvalid, kFailedShare, "share of connections that failed or were cut",
   "Look at the named faults; `pushbench doctor` shows the limits of this machine.",
   failed_sockets, say_failed_sockets},
  {"failed-sockets", kSuspect, kNone, "share of connections that failed or were cut",
   "Look at the named faults; `pushbench doctor` shows the limits of this machine.",
   failed_sockets, say_failed_sockets},
  {"failed-requests", kInvalid, kFailedShare, "share of requests that failed",
   "Look at the named faults and at the server's log: what is missing was not measured.",
   failed_requests, say_failed_requests},
  {"failed-requests", kSuspect, kNone, "share of requests that failed",
   "Look at the named faults and at the server's log: what is missing was not measured.",
   failed_requests, say_failed_requests},
  {"in-flight", kSuspect, kNone, "deliveries still on their way when the cell ended",
   "Lengthen phases.drain: whether these were lost or only slow is not known.",
   counted<C::kInFlight>, say_in_flight},
  {"duplicate-events", kSuspect, kNone, "duplicate deliveries",
   "Look at how the server resumes a client; reconnects in the run make it likelier.",
   counted<C::kDuplicate>,
   [](const Seen&, double n) {
     return fmt::format("{} deliveries arrived more than once", number(n));
   }},
  {"reordered-events", kSuspect, kNone, "reordered deliveries",
   "Check whether the server promises order; if not, read latency with care.",
   counted<C::kReordered>,
   [](const Seen&, double n) {
     return fmt::format("{} deliveries arrived after a later event of their topic", number(n));
   }},
  {"beyond-window", kSuspect, kNone, "deliveries too far behind to be audited",
   "Lower the load: clients are so far behind that late and duplicate look alike.",
   counted<C::kBeyondWindow>,
   [](const Seen&, double n) {
     return fmt::format("{} deliveries came too far behind to tell late from duplicate", number(n));
   }},
  {"foreign-events", kSuspect, kNone, "events of somebody else",
   "Stop other publishers on these topics, or use topics of your own.",
   counted<C::kForeign>,
   [](const Seen&, double n) {
     return fmt::format("{} events arrived that this run did not publish", number(n));
   }},
  {"skipped-polls", kSuspect, kSkippedShare,
   "share of polls that fell due while the last was unanswered",
   "The server answers slower than clients poll: lengthen the interval or lower the load.",
   skipped,
   [](const Seen&, double part) {
     return fmt::format("{} of the polls were skipped, since the one before was unanswered",
                        percent(part));
   }},
  {"upstream-unacked", kSuspect, kUnackedShare,
   "share of upstream events that were not sent or not acknowledged",
   "The server takes upstream events slower than they come: lower the upstream rate.",
   unacked,
   [](const Seen&, double part) {
     return fmt::format("{} of the upstream events were not sent or not acknowledged",
                        percent(part));
   }},
  {"uncompressed", kSuspect, kNone,
   "answers or messages that came uncompressed though compression was asked for",
   "The figures are of what came, not of what the cell's name says: find out whether the server, "
   "or a proxy before it, can compress.",
   counted<C::kUncompressed>,
   [](const Seen& s, double n) {
     return fmt::format("{} of the answers, streams and messages came uncompressed, though {} was "
                        "asked for", number(n), s.cell.strategy.compression);
   }},
  {"compressed-filler", kNote, kNone, "a cell that compresses events which are filler",
   "Give events.payload a file of real ones: what they compress to is theirs.",
   compressed_filler,
   [](const Seen&, double) -> std::string {
     return "the events are filler that repeats itself every 64 bytes: what they compress to says "
            "nothing of real ones";
   }},
  {"late-events", kNote, kNone, "deliveries older than the scenario's bound `late`",
   "They are in the latency, as every delivery is; `late` of the scenario sets the bound.",
   counted<C::kLate>, say_late},
});
// clang-format on

}  // namespace

std::span<const CellRule> delivery_rules() noexcept {
  return kDeliveryRules;
}

}  // namespace pushbench::result
