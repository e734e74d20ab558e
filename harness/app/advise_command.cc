#include "harness/app/advise_command.h"

#include "harness/app/advise_questions.h"
#include "harness/app/advise_text.h"
#include "harness/app/model_text.h"
#include "harness/app/study_report.h"
#include "harness/app/study_values.h"
#include "harness/app/temporary_folder.h"
#include "harness/app/trial_runner.h"
#include "harness/base/descriptors.h"
#include "harness/result/metrics.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace pushbench::app {
namespace {

struct VerifyRow {
  std::string_view metric;
  std::string_view unit;
};
constexpr std::array<VerifyRow, 5> kVerified{{{"latency_mean_ns", "ns"},
                                              {"latency_p99_ns", "ns"},
                                              {"bytes_per_delivery", "bytes"},
                                              {"ip_bytes_per_delivery", "bytes"},
                                              {"requests_per_delivery", "requests"}}};

// Processor time a delivery, from the model's constants for this part of the workload.
void add_processor(AdviceView& view,
                   const study::Option& option,
                   const study::FamilyCost& cost,
                   const study::Part& part,
                   const result::CellResult& cell) {
  const study::Workload& w = part.workload;
  const study::Flow flow = study::flow_of(w, study::compressed(option.cell, part.compression));
  const double cores = cost.cores(
      {flow.connections, flow.requests_per_s, w.deliveries_per_s(), w.publishes_per_s()});
  const auto* metric = result::find_metric("server_cpu_ns_per_delivery");
  view.verified.push_back({option.family, "server CPU/delivery", cores / w.deliveries_per_s() * 1e9,
                           metric->read(cell), "ns"});
}

void add_verified(AdviceView& view,
                  const study::Option& option,
                  const study::CostModel& model,
                  const std::vector<result::CellResult>& runs) {
  const study::Part part = study::part_of(view.needs, option.cell);
  view.run_clients = std::max(view.run_clients, part.workload.clients);
  view.compression = part.compression;
  const result::CellResult& cell = study::middle_run(runs);
  for (const auto& row : kVerified) {
    const auto* metric = result::find_metric(row.metric);
    const auto predicted = cell.predicted.find(std::string(row.metric));
    if (predicted != cell.predicted.end()) {
      view.verified.push_back({option.family, std::string(metric->title), predicted->second.mean,
                               metric->read(cell), std::string(row.unit)});
    }
  }
  const auto* const cost = model.find(option.family);
  if (cost != nullptr) {
    add_processor(view, option, *cost, part, cell);
  }
  if (auto seen = study::measured_of(part, option, runs, model, view.needs, view.kind)) {
    view.measured.push_back(std::move(*seen));
  }
}

Result<int> verify(AdviceView& view,
                   const study::CostModel& model,
                   const AdviseArguments& arguments,
                   const Streams& streams) {
  raise_descriptor_limit();
  CellLines lines(streams.err, arguments.run.quiet);
  const auto folder = TemporaryFolder::make("advise");
  if (!folder) {
    return folder.error();
  }
  const std::string log = folder->path() + "/server.log";
  const auto& options = view.advice.options;
  std::vector<std::vector<result::CellResult>> runs(options.size());
  // In turn, so that what the machine does for some seconds meets no strategy alone.
  for (std::size_t done = 0; done < options.size() * study::kPartRounds; ++done) {
    const auto& option = options[done % options.size()];
    const auto scenario = study::scenario_of(study::part_of(view.needs, option.cell), option.cell);
    lines.begin(done, options.size() * study::kPartRounds, scenario.strategies.front().cell_name());
    const auto trial = run_trial(scenario, arguments.run, log, Trial::kCosts);
    if (!trial || trial->signal != 0 || trial->run.cells.empty()) {
      lines.end("ended");
      return trial ? Result<int>(trial->signal) : Result<int>(trial.error());
    }
    lines.end(std::string(result::verdict_name(trial->run.verdict)));
    runs[done % options.size()].push_back(trial->run.cells.front());
  }
  for (std::size_t i = 0; i < options.size(); ++i) {
    add_verified(view, options[i], model, runs[i]);
  }
  view.agreement = study::agreement_of(view.advice, view.measured, view.needs);
  return 0;
}

bool asks(const AdviseArguments& arguments) {
  const bool missing = arguments.events_per_client.empty() || arguments.staleness.empty();
  return missing && isatty(fileno(arguments.in)) == 1;
}

std::string shown_advice(const AdviceView& view, const std::string& format) {
  if (format == "text") {
    return advice_text(view);
  }
  return format == "html" ? study_page("advice", advice_json(view)) : advice_json(view);
}

}  // namespace

int advise_command(const AdviseArguments& arguments, const Streams& streams) {
  const auto answered = asks(arguments) ? ask_for(arguments, arguments.in, streams.err)
                                        : Result<AdviseArguments>(arguments);
  if (!answered) {
    return fail(answered.error(), streams);
  }
  if (answered->events_per_client.empty() || answered->staleness.empty()) {
    return fail(usage("advise: say what each client receives and how old it may be, such as "
                      "--events-per-client 0.2/s --staleness 2s; on a terminal it asks"),
                streams);
  }
  AdviceView view;
  const auto needs = read_needs(*answered);
  if (!needs) {
    return fail(needs.error(), streams);
  }
  view.needs = *needs;
  const auto model = read_model(arguments.model);
  if (!model) {
    return fail(model.error(), streams);
  }
  view.model = model_origin(*model);
  view.costs = *model;
  auto advice = study::advise(view.needs, *model, view.kind);
  if (!advice) {
    return fail(advice.error(), streams);
  }
  view.advice = std::move(*advice);
  if (arguments.verify) {
    const auto ended = verify(view, *model, *answered, streams);
    if (!ended) {
      return fail(ended.error(), streams);
    }
    if (*ended != 0) {
      return kSignalExit + *ended;
    }
  }
  const auto written =
      write_all(streams.out, shown_advice(view, arguments.format), "standard output");
  if (!written) {
    return fail(written.error(), streams);
  }
  return view.advice.best() != nullptr ? 0 : static_cast<int>(ExitCode::kThreshold);
}

}  // namespace pushbench::app
