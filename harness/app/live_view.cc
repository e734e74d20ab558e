#include "harness/app/live_view.h"

#include "harness/base/descriptors.h"
#include "harness/base/text.h"
#include "harness/result/json_writer.h"
#include "harness/result/metrics.h"
#include "reports/format.h"
#include "reports/html.h"
#include "reports/page_data.h"
#include "servers/reference/server.h"

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <charconv>
#include <csignal>
#include <future>
#include <thread>

namespace pushbench::app {
namespace {

using result::JsonWriter;

constexpr std::string_view kLiveTopic = "live";
constexpr std::string_view kCellsTopic = "cells";
constexpr servers::Millis kStopGrace{300};  // a browser that does not read does not hold up the end

servers::ServerOptions live_options(std::uint16_t port) {
  servers::ServerOptions options;
  options.port = port;
  options.page = reports::html_page("live", reports::report_data({}));
  options.limits.max_connections = LiveView::kMostClients;
  options.limits.max_topics = 2;
  options.limits.log_events = LiveView::kLogEvents;
  options.limits.stop_grace = kStopGrace;
  options.compression_level =
      0;  // browsers ask for it, and it would cost the process that measures
  return options;
}

double seconds(Nanos time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

struct LiveView::Parts {
  asio::io_context context{1};
  Reactor reactor{context};  // made before the thread has a table of its own: others wake it
  servers::Server* server = nullptr;
  std::promise<Result<std::uint16_t>> bound;
  std::thread thread;

  void run(std::uint16_t port);
};

// The threads of the swarm take tables of descriptors with copies of what the process has open. A
// copy of a browser's connection would keep it from closing, so those are opened in a table that
// only this thread has.
void LiveView::Parts::run(std::uint16_t port) {
  static_cast<void>(own_descriptor_table());
  servers::Server own(reactor, live_options(port));
  server = &own;
  const auto listening = own.listen();
  bound.set_value(listening);
  if (listening) {
    reactor.run();
  }
}

LiveView::LiveView() = default;

Result<std::unique_ptr<LiveView>> LiveView::start(std::uint16_t port) {
  std::unique_ptr<LiveView> view(new LiveView);
  view->parts_ = std::make_unique<Parts>();
  auto bound = view->parts_->bound.get_future();
  // Signals are for the run; the thread takes none.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  view->parts_->thread = std::thread([&parts = *view->parts_, port] { parts.run(port); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  const auto port_or_failure = bound.get();
  if (!port_or_failure) {
    return Failure("--live: " + port_or_failure.error().text, port_or_failure.error().code);
  }
  view->port_ = *port_or_failure;
  return view;
}

LiveView::~LiveView() {
  if (port_ != 0) {
    parts_->reactor.post([&server = *parts_->server] { server.stop(); });
  }
  parts_->thread.join();
}

std::string LiveView::url() const {
  return fmt::format("http://127.0.0.1:{}/", port_);
}

void LiveView::publish(std::string_view topic, std::string text) {
  parts_->reactor.post(
      [&server = *parts_->server, topic, text = std::move(text)] { server.publish(topic, text); });
}

void LiveView::begin(const plan::Scenario& scenario) {
  publish(kCellsTopic, begin_json(scenario));
}

void LiveView::update(const swarm::Progress& progress) {
  const TimePoint now = steady_now();
  if (progress.cell_done && progress.result != nullptr) {
    publish(kCellsTopic, cell_json(*progress.result));
  } else if (!last_ || now - *last_ >= kLeastGap) {
    last_ = now;
    publish(kLiveTopic, progress_json(progress));
  }
}

void LiveView::end(const result::RunResult& run, const std::string& directory) {
  publish(kCellsTopic, end_json(run, directory));
}

std::string LiveView::begin_json(const plan::Scenario& scenario) {
  JsonWriter json;
  json.begin_object();
  json.field("kind", "begin");
  json.field("scenario", scenario.name);
  json.field("about", scenario.about);
  json.field("clients", scenario.clients);
  json.key("cells");
  json.begin_array();
  for (const auto& cell : scenario.strategies) {
    json.value(cell.cell_name());
  }
  json.end_array();
  json.end_object();
  return json.take();
}

std::string LiveView::progress_json(const swarm::Progress& progress) {
  JsonWriter json;
  json.begin_object();
  json.field("cell", progress.cell);
  json.field("cells", progress.cells);
  json.field("name", progress.name);
  json.field("phase", progress.phase);
  json.field("elapsed_s", seconds(progress.elapsed));
  json.field("remaining_s", seconds(progress.remaining));
  json.field("subscribed", progress.subscribed);
  json.field("subscriptions", progress.subscriptions);
  json.field("sockets_open", progress.sockets_open);
  json.field("failed", progress.failed);
  json.field("received_per_s", progress.received_per_s);
  json.end_object();
  return json.take();
}

std::string LiveView::cell_json(const result::CellResult& cell) {
  JsonWriter json;
  json.begin_object();
  json.field("kind", "cell");
  json.field("name", cell.name);
  json.field("label", cell.label());
  json.field("strategy", cell.strategy.strategy);
  json.key("metrics");
  json.begin_object();
  for (const auto& metric : result::metrics()) {
    json.field(metric.name, metric.read(cell));
  }
  json.end_object();
  json.end_object();
  return json.take();
}

std::string LiveView::end_json(const result::RunResult& run, const std::string& directory) {
  JsonWriter json;
  json.begin_object();
  json.field("kind", "end");
  json.field("verdict", result::verdict_name(run.verdict));
  json.field("answer", reports::answer_sentence(run));
  json.field("report", directory + "/report.html");
  json.end_object();
  return json.take();
}

Result<std::uint16_t> live_port(std::string_view word) {
  if (word == "true") {
    return std::uint16_t{0};
  }
  std::uint16_t port = 0;
  const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), port);
  if (ec != std::errc() || end != word.data() + word.size() || port == 0) {
    return usage(fmt::format("--live: '{}' is no port; expected --live or --live=PORT, 1 to 65535",
                             printable(word)));
  }
  return port;
}

}  // namespace pushbench::app
