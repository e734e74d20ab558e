#include "harness/plan/files.h"

#include "harness/plan/keys.h"
#include "harness/plan/payload_file.h"
#include "harness/plan/threshold.h"
#include "harness/plan/trace_file.h"
#include "harness/wire/http_head.h"
#include "harness/wire/verbatim_head.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace pushbench::plan {
namespace {

using wire::VerbatimHead;

Failure at(const Bound& bound, const std::string& path, const Failure& failure) {
  return usage(fmt::format("{}: {}", bound.places.where(path), failure.text));
}

Result<void> read_payload(Bound& bound, const std::string& directory) {
  PayloadSpec& payload = bound.scenario.events.payload;
  if (payload.kind != PayloadSpec::Kind::kFile) {
    return {};
  }
  auto lines = load_payload_lines(payload.file, directory);
  if (!lines) {
    return at(bound, "events.payload.file", lines.error());
  }
  payload.lines = std::move(*lines);
  return {};
}

Result<void> read_trace(Bound& bound, const std::string& directory) {
  const auto fail = [&bound](const std::string& path, const char* text) {
    return at(bound, path, usage(text));
  };
  EventSpec& events = bound.scenario.events;
  if (events.arrival != Arrival::kTrace) {
    return events.trace
               ? fail("events.trace", "only with arrival: trace; add it, or remove the file")
               : Result<void>();
  }
  if (!events.trace) {
    return fail("events.arrival", "a trace needs its file: add trace: FILE beside it");
  }
  if (bound.places.given("events.rate")) {
    return fail("events.rate", "the instants of the trace make the rate; leave it out");
  }
  auto trace = load_trace(events.trace->file, directory);
  if (!trace) {
    return at(bound, "events.trace", trace.error());
  }
  events.rate_per_s = rate_of(*trace);
  events.trace = std::make_shared<const Trace>(std::move(*trace));
  return {};
}

Result<VerbatimHead> read_head(const std::string& path,
                               Result<VerbatimHead> (*read)(std::string_view)) {
  const auto text = read_small_file(path, wire::kMaxHead);
  if (!text) {
    return text.error();
  }
  auto head = read(*text);
  return head ? std::move(head)
              : Result<VerbatimHead>(
                    usage(fmt::format("{} {}", in_quotes(path), head.error().text)));
}

Result<void> read_heads(Bound& bound, const std::string& directory) {
  if (bound.request_file.empty()) {
    return {};
  }
  const auto request_path = path_below(bound.request_file, directory);
  const auto request = request_path ? read_head(*request_path, wire::verbatim_request)
                                    : Result<VerbatimHead>(request_path.error());
  if (!request) {
    return at(bound, "headers.request", request.error());
  }
  const auto response_path = path_below(bound.response_file, directory);
  const auto response = response_path ? read_head(*response_path, wire::verbatim_response)
                                      : Result<VerbatimHead>(response_path.error());
  if (!response) {
    return at(bound, "headers.response", response.error());
  }
  for (auto& cell : bound.scenario.strategies) {
    if (cell.strategy == "polling") {
      cell.request_head = request->bytes;
      cell.response_head = response->bytes;
      cell.response_file = *response_path;
      cell.response_length = response->length;
    }
  }
  return {};
}

Result<void> read_figures(Bound& bound) {
  auto& figures = bound.scenario.published;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    auto says = parse_threshold(figures[i].says.text);
    if (!says) {
      return at(bound, fmt::format("published[{}].says", i), says.error());
    }
    says->line = figures[i].says.line;
    figures[i].says = std::move(*says);
  }
  return {};
}

}  // namespace

Result<void> read_files(Bound& bound, const std::string& directory) {
  auto done = read_payload(bound, directory);
  if (done) {
    done = read_trace(bound, directory);
  }
  if (done) {
    done = read_heads(bound, directory);
  }
  return done ? read_figures(bound) : done;
}

}  // namespace pushbench::plan
