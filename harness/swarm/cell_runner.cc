#include "harness/swarm/cell_runner.h"

#include "harness/base/text.h"
#include "harness/swarm/cell_merge.h"
#include "harness/swarm/cell_plan.h"
#include "harness/swarm/exact_probe.h"
#include "harness/swarm/failed_attempts.h"
#include "harness/swarm/preflight.h"
#include "harness/swarm/publish_cost.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::swarm {

using result::Counter;
constexpr std::uint64_t kWholePlan = ~std::uint64_t{0};

CellRunner::CellRunner(asio::io_context& context,
                       const plan::Scenario& scenario,
                       const plan::StrategySpec& cell,
                       const RunOptions& options,
                       const Machine& machine,
                       const Place& place)
    : context_(context),
      time_(context),
      scenario_(scenario),
      cell_(cell),
      options_(options),
      machine_(machine),
      place_(place),
      sleeper_(time_.make_sleeper()) {
  result_.name = cell.cell_name();
  result_.strategy = cell;
  result_.clients = scenario.clients;
  if (scenario.clients_profile) {
    result_.clients_at_start = plan::clients_at_start(scenario);
  }
  result_.repeat = place.repeat;
}

void CellRunner::interrupt() {
  interrupted_ = true;
  sleeper_->wake();
}

Task<void> CellRunner::run() {
  if (!start()) {
    co_return;
  }
  co_await begin_metrics();
  launch();
  co_await ramp();
  if (!over() && !nobody_subscribed()) {
    co_await publish_and_measure();
    co_await drain();
  }
  end_threads();
  co_await end_metrics();
  co_await probe();
  finish();
}

bool CellRunner::start() {
  transport::Endpoint endpoint;
  if (!options_.server_command) {
    endpoint = *options_.endpoint;
  } else {
    auto child = ServerChild::start(options_.server_command(cell_), options_.server_log);
    if (!child) {
      failure_ = child.error();
      return false;
    }
    child_ = std::move(*child);
    endpoint.address = {asio::ip::address_v4::loopback(), child_->port()};
    endpoint.host = fmt::format("127.0.0.1:{}", child_->port());
  }
  PlannedCell planned =
      plan_cell({.scenario = scenario_,
                 .cell = cell_,
                 .options = options_,
                 .machine = machine_,
                 .endpoint = endpoint,
                 .own_server = child_ ? std::optional(child_->pid()) : std::nullopt,
                 .number = place_.number,
                 .sent = sent_.emplace(window_capacity(scenario_, cell_))});
  plan_.emplace(std::move(planned.plan));
  result_.generator.workers = plan_->workers;
  observer_.watch({.address = endpoint.address,
                   .pid = child_ ? std::optional(child_->pid()) : options_.server_pid,
                   .clients = planned.client_net});
  return true;
}

// A server's page is read before the first client is there.
Task<void> CellRunner::begin_metrics() {
  if (options_.server_metrics) {
    metrics_ = std::make_unique<MetricsWatch>(context_, *options_.server_metrics);
    co_await metrics_->begin();
  }
}

Task<void> CellRunner::end_metrics() {
  if (metrics_) {
    co_await metrics_->end();
    metrics_->put_into(result_, timeline_.cell_start, caveats_);
  }
}

void CellRunner::launch() {
  timeline_.cell_start = time_.now();
  observer_.begin(timeline_.cell_start);
  for (std::uint32_t i = 0; i < plan_->workers; ++i) {
    workers_.push_back(std::make_unique<Worker>(*plan_, i));
  }
  for (auto& worker : workers_) {
    worker->launch(timeline_.cell_start);
  }
  publisher_ = std::make_unique<Publisher>(*plan_);
  publisher_->launch();
}

// Nothing more to measure: the user ended it, or the server has been gone long enough for the
// clients to notice.
bool CellRunner::over() const {
  return interrupted_ || (server_ended_ && time_.now() >= server_ended_at_ + kAfterDeath);
}

Task<void> CellRunner::ramp() {
  const TimePoint bound = timeline_.cell_start + scenario_.phases.ramp + kRampGrace;
  const TimePoint hopeless = timeline_.cell_start + scenario_.phases.ramp + kNobodyGrace;
  const std::uint64_t wanted =
      std::uint64_t{plan::clients_at_start(scenario_)} * scenario_.topics_per_client;
  while (!over() && time_.now() < bound) {
    const auto subscribed = live().subscribed;
    const bool all = subscribed >= wanted && publisher_->connected();
    if (all || (subscribed == 0 && time_.now() >= hopeless)) {
      break;
    }
    co_await observe_until(std::min(bound, time_.now() + CellObserver::kEvery));
  }
  observer_.connected(live().sockets_open);
  if (metrics_) {
    metrics_->connected(live().sockets_open, time_.now());
  }
  const auto subscribed = live().subscribed;
  if (subscribed < wanted && !interrupted_ && !server_ended_) {
    caveats_.push_back(not_all_subscribed(result_.label(), subscribed, wanted));
  }
}

Task<void> CellRunner::publish_and_measure() {
  planned_deliveries_ = expected_of(scenario_, cell_, kWholePlan).deliveries;
  timeline_.publish_start = time_.now() + kLead;
  timeline_.warmup = scenario_.phases.warmup;
  timeline_.measure = scenario_.phases.measure;
  timeline_.started = true;
  for (auto& worker : workers_) {
    worker->begin(timeline_);
  }
  publisher_->begin(timeline_);
  phase_ = "warmup";
  result_.phases.warmup_s = since_start();
  const TimePoint opens = timeline_.publish_start + timeline_.warmup;
  co_await observe_until(opens);
  phase_ = "measure";
  result_.phases.measure_s = since_start();
  mark_metrics(MetricsWatch::Mark::kOpen);
  observer_.window_opens(time_.now(), closed_traffic());
  co_await observe_until(opens + timeline_.measure);
  mark_metrics(MetricsWatch::Mark::kClose);
  observer_.window_closes(time_.now(), closed_traffic());
}

// Until the last delivery, at the latest the scenario's bound. A run that the user ended drains
// too: what fell due until then is still on its way, and would else count as lost.
Task<void> CellRunner::drain() {
  phase_ = "drain";
  result_.phases.drain_s = since_start();
  const TimePoint bound = time_.now() + scenario_.drain_of(cell_);
  if (over()) {
    cut_short_ = true;
    publisher_->halt();
    while (!publisher_->all_due() && time_.now() < bound) {
      co_await sleeper_->until(time_.now() + std::chrono::milliseconds(5));
    }
    planned_deliveries_ = expected_of(scenario_, cell_, publisher_->done()).deliveries;
  }
  bool settled = false;
  while (!server_ended_ && !settled && time_.now() < bound) {
    settled = publisher_->finished() && all_delivered();
    observe(time_.now());
    co_await sleeper_->until(
        std::min(bound, time_.now() + (settled ? kSettle : CellObserver::kEvery)));
  }
}

// Without an audit nobody knows which deliveries are distinct and of the measure phase: then the
// cell drains for as long as it may.
bool CellRunner::all_delivered() const {
  return options_.audit && live().delivered >= planned_deliveries_;
}

Task<void> CellRunner::observe_until(TimePoint when) {
  while (!over()) {
    const TimePoint now = time_.now();
    observe(now);
    if (now >= when) {
      break;
    }
    co_await sleeper_->until(std::min(when, now + observer_.pace()));
  }
}

void CellRunner::observe(TimePoint now) {
  if (!observer_.is_due(now, live().received)) {
    return;
  }
  watch_server();
  watch_process();
  auto ports = publisher_->ports();
  if (metrics_) {
    ports.push_back(metrics_->local_port());
  }
  observer_.leave_out(std::move(ports));
  observer_.look(now);
  if (now - last_report_ >= std::chrono::milliseconds(500)) {
    report(false);
    last_report_ = now;
  }
}

void CellRunner::watch_server() {
  if (!child_ || server_ended_) {
    return;
  }
  if (const auto how = child_->ended()) {
    server_ended_ = true;
    server_ended_at_ = time_.now();
    caveats_.push_back(
        {.id = "server-ended",
         .severity = result::Verdict::kInvalid,
         .cell = result_.label(),
         .text = fmt::format("the server {} {} into the cell, in its {} phase", *how,
                             human_duration(time_.now() - timeline_.cell_start), phase_),
         .remedy = "see " + options_.server_log + " for what it said"});
  }
}

// A server that runs elsewhere may go on without this process of it: the cell goes on too.
void CellRunner::watch_process() {
  if (child_ || process_ended_ || !observer_.process_gone()) {
    return;
  }
  process_ended_ = true;
  caveats_.push_back(
      {.id = "server-process-ended",
       .severity = result::Verdict::kSuspect,
       .cell = result_.label(),
       .text = fmt::format(
           "process {} (--server-pid) ended {} into the cell, in its {} phase; what "
           "the server costs is not measured",
           *options_.server_pid, human_duration(time_.now() - timeline_.cell_start), phase_),
       .remedy = "give the process that serves the connections, not one that starts it"});
}

void CellRunner::mark_metrics(MetricsWatch::Mark mark) {
  if (metrics_) {
    metrics_->mark(mark, time_.now());
  }
}

transport::SocketTraffic CellRunner::closed_traffic() const {
  transport::SocketTraffic sum;
  for (const auto& worker : workers_) {
    sum += worker->live().closed.read();
  }
  return sum;
}

void CellRunner::end_threads() {
  ended_at_ = time_.now();
  result_.phases.end_s = since_start();
  for (auto& worker : workers_) {
    worker->stop();
  }
  publisher_->stop();
  for (auto& worker : workers_) {
    worker->join();
  }
  publisher_->join();
  watch_server();
}

// On topics of their own, unless replayed heads lead to that of the cell.
Task<void> CellRunner::probe() {
  if (!options_.probe || !timeline_.started || live().received == 0 || over() || server_ended_) {
    co_return;
  }
  const std::string prefix = child_ ? std::string() : plan_->topic_prefix;
  const std::string topic =
      cell_.replays() ? plan_->topic_name(0) : prefix + std::string(kProbeTopic);
  result_.exact = co_await probe_exactly(context_, plan_->endpoint, plan_->dialect, cell_, topic);
  const auto pid = child_ ? std::optional(child_->pid()) : options_.server_pid;
  if (result_.server && pid) {
    result_.server->publish_cpu_ns =
        co_await measure_publish_cost(context_, plan_->endpoint, plan_->dialect, scenario_,
                                      prefix + std::string(kCostTopic), *pid);
  }
}

// The end of a cell: figures merged, accounts closed.
void CellRunner::finish() {
  watch_server();
  if (child_) {
    child_->stop();
  }
  merge();
  result_.finished = timeline_.started && !interrupted_ && !server_ended_;
  if (!timeline_.started && !interrupted_) {
    say_why_nobody_subscribed();
  }
  report(true);
}

void CellRunner::merge() {
  // What fell due unasked and was not even offered is unpublished too.
  const Nanos young_from = ended_at_ - scenario_.late_of(cell_) - timeline_.publish_start;
  const Expectation due = expected_of(scenario_, cell_, publisher_->done(), young_from);
  const Expectation owed = cut_short_ || !timeline_.started
                               ? due
                               : expected_of(scenario_, cell_, kWholePlan, young_from);
  CellFigures figures;
  std::vector<std::uint64_t> published;
  ThreadCost cost;
  for (const auto& worker : workers_) {
    worker->settle(owed.end_by_topic, owed.young_by_topic);
    worker->recorder().merge_into(result_, figures);
    cost += worker->window_cost();
  }
  result_.generator.worker_cpu_ns += cost.cpu_ns;
  result_.generator.run_queue_wait_ns += waited_for_strangers(
      cost, workers_.size(), plan_->cpus.empty() ? machine_.cores : plan_->cpus.size());
  publisher_->merge_into(result_, published);
  result_.counters[Counter::kUnpublished] += owed.events - due.events;
  close_accounts(result_, owed, options_.audit);
  take_fairness(result_, scenario_, figures);
  if (timeline_.started) {
    take_plan(result_.series, scenario_, cut_short_ ? publisher_->done() : kWholePlan,
              timeline_.publish_start - timeline_.cell_start, observer_.seconds());
  }
  merge_series(result_, observer_.seconds(), figures, published);
}

void CellRunner::say_why_nobody_subscribed() {
  if (server_ended_) {
    failure_ = could_not_run(
        fmt::format("{}: {}; {}", result_.name, caveats_.back().text, caveats_.back().remedy));
    return;
  }
  failure_ = nobody_could_subscribe(result_, plan_->endpoint.host, options_.dialect);
}

LiveSum CellRunner::live() const {
  LiveSum sum;
  for (const auto& worker : workers_) {
    sum += worker->live();
  }
  return sum;
}

void CellRunner::report(bool done) {
  if (!options_.on_progress) {
    return;
  }
  const TimePoint now = time_.now();
  const LiveSum counts = live();
  const double since = seconds_of(now - last_report_);
  Progress progress;
  progress.cell = place_.number;
  progress.cells = place_.cells;
  progress.name = result_.name;
  progress.phase = phase_;
  progress.elapsed = now - place_.run_start;
  const Nanos left = timeline_.cell_start + scenario_.cell_time(cell_) - now;
  progress.remaining = place_.later_cells + (done ? Nanos(0) : std::max(left, Nanos(0)));
  progress.subscribed = counts.present();
  progress.subscriptions = scenario_.subscriptions();
  progress.sockets_open = counts.sockets_open;
  progress.failed = counts.failed;
  progress.received_per_s =
      since > 0 ? static_cast<double>(counts.received - last_received_) / since : 0;
  progress.cell_done = done;
  progress.result = done ? &result_ : nullptr;
  last_received_ = counts.received;
  options_.on_progress(progress);
}

}  // namespace pushbench::swarm
