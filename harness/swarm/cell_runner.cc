#include "harness/swarm/cell_runner.h"

#include "harness/base/text.h"
#include "harness/swarm/cell_merge.h"
#include "harness/swarm/preflight.h"
#include "harness/wire/stamp.h"
#include "harness/wire/websocket.h"

#include <fmt/format.h>

#include <algorithm>

namespace pushbench::swarm {

using result::Counter;

namespace {

constexpr std::uint64_t kWholePlan = ~std::uint64_t{0};

}  // namespace

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
  result_.repeat = place.repeat;
}

void CellRunner::interrupt() {
  interrupted_ = true;
  sleeper_->wake();
}

asio::awaitable<void> CellRunner::run() {
  if (!start()) {
    co_return;
  }
  co_await ramp();
  if (!over() && !nobody_subscribed()) {
    co_await publish_and_measure();
    co_await drain();
  }
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
  make_plan(endpoint);
  observer_.watch({.address = endpoint.address,
                   .pid = child_ ? std::optional(child_->pid()) : std::nullopt,
                   .clients = client_net_});
  timeline_.cell_start = time_.now();
  observer_.begin(timeline_.cell_start);
  for (std::uint32_t i = 0; i < plan_->workers; ++i) {
    workers_.push_back(std::make_unique<Worker>(*plan_, i));
  }
  publisher_ = std::make_unique<Publisher>(*plan_);
  publisher_->launch();
  for (auto& worker : workers_) {
    worker->launch(timeline_.cell_start);
  }
  return true;
}

void CellRunner::make_plan(const transport::Endpoint& endpoint) {
  auto cpus = options_.pin ? allowed_cpus() : std::vector<int>();
  if (child_ && cpus.size() >= 2) {
    pin_process(child_->pid(), {cpus.front()});
    cpus.erase(cpus.begin());
  }
  const auto available = static_cast<std::uint32_t>(std::max<std::size_t>(1, cpus.size()));
  const std::uint32_t automatic =
      options_.pin ? available : std::max(1U, machine_.cores - (child_ ? 1U : 0U));
  plan_.emplace(CellPlan{.scenario = scenario_,
                         .cell = cell_,
                         .endpoint = endpoint,
                         .dialect = *transport::find_dialect(options_.dialect),
                         .limits = {},
                         .sources = {},
                         .run_tag = wire::random_mask() & wire::kMaxRunTag,
                         .topic_prefix = "t",
                         .workers = options_.workers != 0 ? options_.workers : automatic,
                         .cpus = cpus});
  plan_->workers = std::min(plan_->workers, scenario_.clients);
  result_.generator.workers = plan_->workers;
  // A stream may be silent for as long as nothing is published, and not every encoding has a
  // heartbeat.
  plan_->limits.silence_timeout =
      std::max(plan_->limits.silence_timeout, 2 * scenario_.cell_time(cell_));
  if (!child_) {
    plan_->topic_prefix = fmt::format("pb{:06x}-", plan_->run_tag);
  }
  if (endpoint.address.address().is_loopback() && endpoint.address.address().is_v4()) {
    client_net_ = loopback_net(plan_->run_tag + place_.number);
    plan_->sources = loopback_sources(*client_net_, needs_of(scenario_, cell_, machine_).sources);
  }
}

// Nothing more to measure: the user ended it, or the server has been gone long enough for the
// clients to notice.
bool CellRunner::over() const {
  return interrupted_ || (server_ended_ && time_.now() >= server_ended_at_ + kAfterDeath);
}

asio::awaitable<void> CellRunner::ramp() {
  const TimePoint bound = timeline_.cell_start + scenario_.phases.ramp + kRampGrace;
  const TimePoint hopeless = timeline_.cell_start + scenario_.phases.ramp + kNobodyGrace;
  while (!over() && time_.now() < bound) {
    const auto subscribed = live().subscribed;
    const bool all = subscribed >= scenario_.subscriptions() && publisher_->connected();
    if (all || (subscribed == 0 && time_.now() >= hopeless)) {
      break;
    }
    co_await observe_until(std::min(bound, time_.now() + CellObserver::kEvery));
  }
  observer_.connected(live().sockets_open);
  const auto subscribed = live().subscribed;
  if (subscribed < scenario_.subscriptions() && !interrupted_ && !server_ended_) {
    caveats_.push_back(
        {.id = "not-all-subscribed",
         .severity = result::Verdict::kInvalid,
         .cell = result_.label(),
         .text = fmt::format("only {} of {} subscriptions were up when publishing began",
                             human_count(static_cast<double>(subscribed)),
                             human_count(static_cast<double>(scenario_.subscriptions()))),
         .remedy = "use fewer clients or a longer ramp, and look at the faults of the sockets"});
  }
}

bool CellRunner::nobody_subscribed() {
  return live().subscribed == 0;
}

asio::awaitable<void> CellRunner::publish_and_measure() {
  planned_deliveries_ = expected_of(scenario_, kWholePlan).deliveries;
  timeline_.publish_start = time_.now() + kLead;
  timeline_.warmup = scenario_.phases.warmup;
  timeline_.measure = scenario_.phases.measure;
  timeline_.started = true;
  for (auto& worker : workers_) {
    worker->begin(timeline_);
  }
  publisher_->begin(timeline_);
  phase_ = "warmup";
  const TimePoint opens = timeline_.publish_start + timeline_.warmup;
  co_await observe_until(opens);
  phase_ = "measure";
  observer_.window_opens(time_.now());
  co_await observe_until(opens + timeline_.measure);
  observer_.window_closes(time_.now());
}

// Until the last delivery, at the latest the scenario's bound. A run that the user ended drains
// too: what fell due until then is still on its way, and would else count as lost.
asio::awaitable<void> CellRunner::drain() {
  phase_ = "drain";
  const TimePoint bound = time_.now() + scenario_.drain_of(cell_);
  if (over()) {
    cut_short_ = true;
    publisher_->halt();
    while (!publisher_->all_due() && time_.now() < bound) {
      co_await sleeper_->until(time_.now() + std::chrono::milliseconds(5));
    }
    planned_deliveries_ = expected_of(scenario_, publisher_->done()).deliveries;
  }
  bool settled = false;
  while (!server_ended_ && !settled && time_.now() < bound) {
    settled = publisher_->finished() && live().delivered >= planned_deliveries_;
    observe();
    co_await sleeper_->until(
        std::min(bound, time_.now() + (settled ? kSettle : CellObserver::kEvery)));
  }
}

asio::awaitable<void> CellRunner::observe_until(TimePoint when) {
  while (!over()) {
    const TimePoint now = time_.now();
    observe();
    if (now >= when) {
      break;
    }
    co_await sleeper_->until(std::min(when, now + CellObserver::kEvery));
  }
}

void CellRunner::observe() {
  const TimePoint now = time_.now();
  watch_server();
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

// The end of a cell: threads joined, figures merged, accounts closed.
void CellRunner::finish() {
  for (auto& worker : workers_) {
    worker->stop();
  }
  publisher_->stop();
  for (auto& worker : workers_) {
    worker->join();
  }
  publisher_->join();
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
  std::vector<SecondPoint> seconds;
  std::vector<std::uint64_t> published;
  for (const auto& worker : workers_) {
    worker->recorder().merge_into(result_, seconds);
    result_.generator.worker_cpu_ns += worker->window_cost().cpu_ns;
    result_.generator.run_queue_wait_ns += worker->window_cost().wait_ns;
  }
  publisher_->merge_into(result_, published);
  // What fell due while nobody asked the publisher to end, and was not even offered, is unpublished
  // too.
  const Expectation due = expected_of(scenario_, publisher_->done());
  const Expectation owed =
      cut_short_ || !timeline_.started ? due : expected_of(scenario_, kWholePlan);
  result_.counters[Counter::kUnpublished] += owed.events - due.events;
  close_accounts(result_, owed);
  merge_series(result_.series, observer_.seconds(), result_.server.has_value(), seconds, published);
}

void CellRunner::say_why_nobody_subscribed() {
  if (server_ended_) {
    failure_ = could_not_run(
        fmt::format("{}: {}; {}", result_.name, caveats_.back().text, caveats_.back().remedy));
    return;
  }
  const auto worst = std::max_element(result_.faults.begin(), result_.faults.end());
  const auto attempts =
      result_.counters[Counter::kSocketsFailed] + result_.counters[Counter::kSocketsCut];
  const std::string why =
      attempts == 0 ? "nothing was answered"
                    : fmt::format("{} attempts failed, most of them: {}", attempts,
                                  fault_name(static_cast<Fault>(worst - result_.faults.begin())));
  failure_ = could_not_run(
      fmt::format("{}: none of {} clients could subscribe to {}; {}. Is it the right address, and "
                  "does the server speak the {} "
                  "dialect?",
                  result_.name, scenario_.clients, plan_->endpoint.host, why, options_.dialect));
}

CellRunner::Live CellRunner::live() const {
  Live sum;
  for (const auto& worker : workers_) {
    const LiveCounts& counts = worker->live();
    sum.subscribed += counts.subscribed.load(std::memory_order_relaxed);
    sum.sockets_open += counts.sockets_open.load(std::memory_order_relaxed);
    sum.received += counts.received.load(std::memory_order_relaxed);
    sum.delivered += counts.delivered.load(std::memory_order_relaxed);
    sum.failed += counts.failed.load(std::memory_order_relaxed);
  }
  return sum;
}

void CellRunner::report(bool done) {
  if (!options_.on_progress) {
    return;
  }
  const TimePoint now = time_.now();
  const Live counts = live();
  const double since = seconds_of(now - last_report_);
  Progress progress;
  progress.cell = place_.number;
  progress.cells = place_.cells;
  progress.name = result_.name;
  progress.phase = phase_;
  progress.elapsed = now - place_.run_start;
  const Nanos left = timeline_.cell_start + scenario_.cell_time(cell_) - now;
  progress.remaining = place_.later_cells + (done ? Nanos(0) : std::max(left, Nanos(0)));
  progress.subscribed = counts.subscribed;
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
