#include "harness/swarm/cell_plan.h"

#include "harness/swarm/preflight.h"
#include "harness/wire/stamp.h"
#include "harness/wire/websocket.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::swarm {

PlannedCell plan_cell(const CellGround& ground) {
  const auto& [scenario, cell, options, machine, endpoint, own_server, number, sent] = ground;
  const CellNeeds needs = needs_of(scenario, cell, machine);
  auto cpus = options.pin ? allowed_cpus() : std::vector<int>();
  bool apart = false;
  if (own_server && cpus.size() >= 2 && needs.server_threads == 1) {
    pin_process(*own_server, {cpus.front()});
    cpus.erase(cpus.begin());
    apart = true;
  }
  const std::uint32_t free = options.pin ? static_cast<std::uint32_t>(cpus.size())
                                         : machine.cores - (own_server ? 1U : 0U);
  const std::uint32_t wished = options.workers != 0 ? options.workers : std::max(1U, free);
  PlannedCell out{.plan = {.scenario = scenario,
                           .cell = cell,
                           .endpoint = endpoint,
                           .dialect = *transport::find_dialect(options.dialect),
                           .limits = {},
                           .sources = {},
                           .counts = plan::count_events(scenario),
                           .visits = plan::changing_visits(scenario),
                           .owed = plan::owed_ordinals(scenario, cell),
                           .sent = &sent,
                           .audit = options.audit,
                           .run_tag = wire::random_mask() & wire::kMaxRunTag,
                           .topic_prefix = "t",
                           .workers = std::min(std::max(wished, needs.workers), scenario.clients),
                           .cpus = cpus},
                  .client_net = {}};
  CellPlan& plan = out.plan;
  plan.busy_poll = options.busy_poll && apart && plan.workers <= cpus.size();
  // A stream is silent while nothing is published, and not every encoding has a heartbeat.
  plan.limits.silence_timeout = std::max(plan.limits.silence_timeout, 2 * scenario.cell_time(cell));
  // What is far away is waited for so much longer: two round trips of connect and handshake.
  plan.limits.connect_timeout += 2 * scenario.round_trip();
  plan.limits.answer_timeout += 2 * scenario.round_trip();
  if (!own_server) {
    plan.topic_prefix = fmt::format("pb{:06x}-", plan.run_tag);
  }
  if (endpoint.address.address().is_loopback() && endpoint.address.address().is_v4()) {
    out.client_net = loopback_net(plan.run_tag + number);
    plan.sources = loopback_sources(*out.client_net, needs.sources);
  }
  return out;
}

}  // namespace pushbench::swarm
