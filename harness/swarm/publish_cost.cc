#include "harness/swarm/publish_cost.h"

#include "harness/plan/event_plan.h"
#include "harness/swarm/lock_step_publisher.h"
#include "harness/swarm/process.h"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

namespace pushbench::swarm {
namespace {

// The scenario's events over and over.
class Events {
 public:
  explicit Events(const plan::Scenario& scenario) : scenario_(scenario), plan_(scenario) {}

  const std::string& next() {
    auto event = plan_.next();
    if (!event) {
      plan_ = plan::EventPlan(scenario_);
      event = plan_.next();
    }
    plan::write_payload(scenario_.events.payload, event.value_or(plan::PlannedEvent{}), 0, bytes_);
    return bytes_;
  }

 private:
  const plan::Scenario& scenario_;
  plan::EventPlan plan_;
  std::string bytes_;
};

Task<std::uint64_t> measure(LockStepPublisher& publisher,
                            const plan::Scenario& scenario,
                            const std::string& topic,
                            int pid) {
  error_code ec = co_await publisher.connect();
  Events events(scenario);
  std::optional<ProcessSample> before;
  for (int i = 0; i < kCostWarmup + kCostEvents && !ec; ++i) {
    if (i == kCostWarmup) {
      before = sample_process(pid);
    }
    ec = co_await publisher.publish(topic, events.next());
  }
  const auto after = sample_process(pid);
  if (ec || !before || !after || after->cpu_ns < before->cpu_ns) {
    co_return 0;
  }
  co_return (after->cpu_ns - before->cpu_ns) / kCostEvents;
}

}  // namespace

Task<std::uint64_t> measure_publish_cost(asio::io_context& context,
                                         const transport::Endpoint& endpoint,
                                         const transport::Dialect& dialect,
                                         const plan::Scenario& scenario,
                                         std::string topic,
                                         int pid) {
  // Shared with the timer's handler, which may run when this is over.
  const auto publisher = std::make_shared<LockStepPublisher>(context, endpoint, dialect);
  asio::steady_timer bound(context, kCostBound);
  bound.async_wait([publisher](const error_code& ec) {
    if (!ec) {
      publisher->expire();
    }
  });
  const std::uint64_t cost = co_await measure(*publisher, scenario, topic, pid);
  publisher->close();
  co_return cost;
}

}  // namespace pushbench::swarm
