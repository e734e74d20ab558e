#include "harness/swarm/server_metrics.h"

#include "harness/base/text.h"
#include "harness/transport/exchange.h"
#include "harness/wire/metrics_text.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <exception>

namespace pushbench::swarm {
namespace {

constexpr std::string_view kCpu = "process_cpu_seconds_total";
constexpr std::string_view kResident = "process_resident_memory_bytes";
constexpr std::string_view kDescriptors = "process_open_fds";
constexpr std::string_view kStarted = "process_start_time_seconds";
constexpr double kMostSeconds = 1e9;  // 30 years of a processor
constexpr double kMostBytes = 1e15;
constexpr double kMostDescriptors = 1e9;
constexpr double kLatestStart = 1e11;  // the year 5138

struct Found {
  std::string_view name;
  double most;
  double value = 0;
  int samples = 0;
};

Failure clause(std::string text) {
  return could_not_run(std::move(text));
}

// How a metric that is there, and that only one process can mean, is not a figure.
std::string trouble_of(const Found& found) {
  if (found.samples > 1) {
    return fmt::format("has {} samples of {}; expected the page of one process", found.samples,
                       found.name);
  }
  const bool sound = std::isfinite(found.value) && found.value >= 0 && found.value <= found.most;
  return found.samples == 0 || sound
             ? std::string()
             : fmt::format("says that {} is {}; expected a number from 0 to {:g}", found.name,
                           found.value, found.most);
}

}  // namespace

Result<MetricsReading> reading_of_page(std::string_view page) {
  std::array<Found, 4> found{Found{kCpu, kMostSeconds}, Found{kResident, kMostBytes},
                             Found{kDescriptors, kMostDescriptors}, Found{kStarted, kLatestStart}};
  wire::MetricsText text(page);
  wire::MetricSample sample;
  wire::Parsed parsed = wire::Parsed::kItem;
  while ((parsed = text.next(sample)) == wire::Parsed::kItem) {
    for (auto& one : found) {
      if (one.name == sample.name) {
        one.value = sample.value;
        ++one.samples;
      }
    }
  }
  if (parsed == wire::Parsed::kError) {
    return clause(
        fmt::format("is not OpenMetrics or Prometheus text: line {}: {}", text.line(), text.why()));
  }
  for (const auto& one : found) {
    if (auto trouble = trouble_of(one); !trouble.empty()) {
      return clause(std::move(trouble));
    }
  }
  const auto& [cpu, resident, descriptors, started] = found;
  for (const auto* needed : {&cpu, &resident}) {
    if (needed->samples == 0) {
      return clause(
          fmt::format("has no {}; expected the metrics that client libraries of Prometheus have of "
                      "the server's own process",
                      needed->name));
    }
  }
  MetricsReading reading{.cpu_s = cpu.value,
                         .resident_bytes = static_cast<std::uint64_t>(resident.value),
                         .descriptors = {},
                         .started_s = {}};
  if (descriptors.samples == 1) {
    reading.descriptors = static_cast<std::uint64_t>(descriptors.value);
  }
  if (started.samples == 1) {
    reading.started_s = started.value;
  }
  return reading;
}

MetricsReader::MetricsReader(asio::io_context& context, const MetricsSource& source)
    : source_(source),
      line_(std::make_shared<Line>(context)),
      timer_(context),
      request_(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nAccept: application/openmetrics-text; "
                           "version=1.0.0, text/plain; version=0.0.4; q=0.5\r\n\r\n",
                           source.target,
                           source.endpoint.host)),
      buffer_(kBuffer) {}

MetricsReader::~MetricsReader() {
  line_->stream.close();
}

void MetricsReader::stop() noexcept {
  line_->stream.expire();
}

std::uint16_t MetricsReader::local_port() const noexcept {
  return line_->stream.local_port();
}

Failure MetricsReader::unreadable(std::string_view why) const {
  return could_not_run(fmt::format("--server-metrics: {} {}", printable(source_.url), why));
}

std::string MetricsReader::reason(const error_code& ec) const {
  if (ec == Errc::kTimeout) {
    return fmt::format("did not answer within {}", human_duration(kBound));
  }
  if (ec == Errc::kLimit) {
    return fmt::format("is longer than {}", human_bytes(static_cast<double>(kMaxPage)));
  }
  if (ec == asio::error::eof || ec == Errc::kTruncated) {
    return "ended in the middle of its answer";
  }
  return "cannot be read: " + ec.message();
}

Task<Result<MetricsReading>> MetricsReader::read() {
  line_->stream.arm();
  timer_.expires_after(kBound);
  timer_.async_wait([line = line_, reading = ++line_->readings](const error_code& ec) {
    if (!ec && reading == line->readings) {
      line->stream.expire();
    }
  });
  auto reading = co_await read_bounded();
  ++line_->readings;
  timer_.cancel();
  co_return reading;
}

Task<Result<MetricsReading>> MetricsReader::read_bounded() {
  Page page;
  const TimePoint asked = steady_now();
  error_code ec = Errc::kTruncated;
  if (line_->stream.is_open() && !line_->stream.quiet()) {
    ec = co_await ask(page);
  }
  // A connection that the server closed meanwhile says nothing of the server.
  if (ec && ec != Errc::kTimeout && ec != Errc::kLimit) {
    line_->stream.close();
    page = {};
    ec = co_await line_->stream.connect(source_.endpoint, asio::ip::address());
    if (!ec) {
      ec = co_await ask(page);
    }
  }
  const TimePoint answered = steady_now();
  if (ec || !page.keep_alive) {
    line_->stream.close();
  }
  if (ec) {
    co_return unreadable(reason(ec));
  }
  if (page.status != 200) {
    co_return unreadable(
        fmt::format("answers with status {}; expected 200 and a page of metrics", page.status));
  }
  if (page.open_metrics && page.text.find("# EOF") == std::string::npos) {
    co_return unreadable("is cut: it does not end in '# EOF'");
  }
  auto reading = reading_of_page(page.text);
  if (!reading) {
    co_return unreadable(reading.error().text);
  }
  reading->asked = asked;
  reading->answered = answered;
  co_return *reading;
}

Task<error_code> MetricsReader::ask(Page& page) {
  error_code ec = co_await line_->stream.write(request_);
  if (!ec) {
    ec = co_await receive(page);
  }
  co_return ec;
}

Task<error_code> MetricsReader::receive(Page& page) {
  transport::HeadReader heads;
  wire::BodyReader body;
  for (;;) {
    error_code ec = co_await line_->stream.readable();
    const std::size_t size = ec ? 0 : line_->stream.read_some(buffer_, ec);
    if (ec == asio::error::would_block) {
      continue;
    }
    if (ec) {
      const bool ends_well = ec == asio::error::eof && page.status != 0 && body.closed_well();
      co_return ends_well ? error_code() : ec;
    }
    std::string_view input(buffer_.data(), size);
    wire::ResponseHead head;
    std::uint64_t bytes = 0;
    if (page.status == 0) {
      if (heads.next(input, head, bytes) != wire::Parsed::kItem) {
        if (heads.error()) {
          co_return heads.error();
        }
        continue;
      }
      page.status = head.status;
      page.open_metrics = head.content_type.starts_with("application/openmetrics-text");
      page.keep_alive = head.keep_alive && !head.body.until_close;
      body = wire::BodyReader(head.body);
    }
    wire::Parsed parsed = wire::Parsed::kItem;
    for (std::string_view piece; (parsed = body.next(input, piece)) == wire::Parsed::kItem;) {
      if (page.text.size() + piece.size() > kMaxPage) {
        co_return Errc::kLimit;
      }
      page.text += piece;
    }
    if (parsed != wire::Parsed::kNeedMore) {
      co_return parsed == wire::Parsed::kEnd ? error_code() : make_error_code(Errc::kBadChunk);
    }
  }
}

Result<MetricsReading> read_metrics_once(const MetricsSource& source) {
  asio::io_context context(1);
  MetricsReader reader(context, source);
  std::optional<Result<MetricsReading>> reading;
  asio::co_spawn(context, reader.read(),
                 [&](const std::exception_ptr& thrown, Result<MetricsReading> got) {
                   if (thrown) {
                     std::rethrow_exception(thrown);
                   }
                   reading = std::move(got);
                 });
  while (!reading) {
    context.run_one();
  }
  return *reading;
}

}  // namespace pushbench::swarm
