// Which strategy for a workload: those that keep the staleness that is allowed and pass what lies
// between, by the share of a server that they take; and where one overtakes another. The share is
// that of the scarcest of processor, memory and link (sizing.h), since it decides how many servers
// there are. Strategies within a tenth of each other tie: the one that lets events wait less
// stands first, then the simpler one (where clients send too, that is WebSocket). Every
// sentence names what it rests on: a closed form or the constants of the cost model. Pure.
#pragma once

#include "harness/study/sizing.h"

#include <optional>
#include <string>
#include <vector>

namespace pushbench::study {

inline constexpr double kTie = 1.1;  // ratio of the shares of a server

struct Needs {
  Workload workload;
  double staleness_s = 1;              // the oldest that an event may be when a client has it
  bool proxy_buffers = false;          // hands on an answer when it is complete
  bool proxy_no_upgrade = false;       // lets no WebSocket through
  std::optional<double> proxy_idle_s;  // cuts connections that are silent for so long
  bool old_browsers = false;           // without EventSource, streams and WebSocket
};

struct Said {
  std::string text;
  std::string evidence;
};

// What a workload takes of servers, per second.
struct Takes {
  double cores = 0;
  double memory_bytes = 0;
  double ip_down_bytes_per_s = 0;
};
// Of one server of a kind, of what may be used of it.
struct Share {
  double value = 0;
  std::string scarcest;  // "processor", "memory", "link"
};
Share share_of(const Takes& takes, const CostModel& model, const ServerKind& kind);

struct Option {
  plan::StrategySpec cell;
  std::string family;
  std::string objection;  // empty: it fits
  std::string objection_evidence;
  bool too_slow = false;  // by its closed form
  Flow flow;
  double cores = 0;
  double memory_bytes = 0;  // user and kernel, for the clients
  double share = 0;         // of one server, what its kind allows to be used
  std::string scarcest;     // "processor", "memory", "link"
  bool tie = false;         // with the one before it
  bool fits() const { return objection.empty(); }
};

struct Advice {
  std::vector<Option> options;  // those that fit first, the cheapest at the top
  std::vector<Said> crossovers;
  std::vector<Said> remarks;
  const Option* best() const;
};

// Those that fit first, by share; `tie` is set anew. `upstream`: clients send too.
void rank(std::vector<Option>& options, bool upstream);

// A failure: the model has no constants for any strategy.
Result<Advice> advise(const Needs& needs, const CostModel& model, const ServerKind& kind);

// The poll interval above which polls cost a server less processor time than WebSocket, in seconds:
// c_request / (rate c_delivery + c_idle) (Van de Vyvere et al. 2020 found 10 s). nullopt: never.
std::optional<double> cheaper_polls_s(const CostModel& model, const Workload& workload);

// Events per client and round trip up to which long-polling's mean latency is within `excess` (0.1
// for 10 %) of a push: P_b of harness/model/long_polling.h, for G = RTT.
double long_poll_limit(double excess);

}  // namespace pushbench::study
