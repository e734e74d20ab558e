#include "harness/transport/transport.h"

#include "harness/base/check.h"
#include "harness/base/prefetch.h"
#include "harness/transport/link_hub.h"
#include "harness/transport/strategies.h"
#include "harness/transport/websocket.h"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace pushbench::transport {
namespace {

constexpr std::array kTransports{
    Transport{"polling", subscribe_polling, false, nullptr},
    Transport{"long-polling", subscribe_long_polling, false, nullptr},
    Transport{"streaming", subscribe_streaming, false, nullptr},
    Transport{"websocket", subscribe_websocket, true, send_over_websocket},
};

constexpr Nanos kFirstBackoff = std::chrono::milliseconds(100);
constexpr Nanos kLongestBackoff = std::chrono::seconds(5);

}  // namespace

Link::Link(const Shared& shared_in, DeliverySink& sink_in, LinkAccess* access)
    : shared(shared_in), sink(sink_in), stream(shared_in.context, access, shared_in.reactor) {}

Task<error_code> Link::open(asio::ip::address source) {
  began = shared.time.now();
  set_deadline(began + shared.limits.connect_timeout);
  error_code ec = co_await stream.connect(shared.endpoint, source);
  if (stopping) {
    ec = asio::error::operation_aborted;
  }
  if (ec) {
    stream.close();
    set_deadline(TimePoint::max());
    sink.on_connect_failed(ec);
    co_return stopping ? error_code() : ec;
  }
  told_open_ = true;
  sink.on_open();
  co_return error_code();
}

void Link::set_deadline(TimePoint when) noexcept {
  deadline = when;
  stream.arm();
}

error_code Link::finish(const error_code& why) {
  const error_code ec = stopping ? error_code() : why;
  settle({}, true);
  if (!stopping && std::exchange(asked, false)) {  // what stop() ended stays unanswered
    sink.on_request_failed(ec);
  }
  hang_up();
  set_deadline(TimePoint::max());
  if (std::exchange(told_open_, false)) {
    sink.on_close(ec);
  }
  return ec;
}

void Link::hang_up() {
  if (told_open_) {
    tell_traffic();
  }
  stream.close();
}

void Link::tell_traffic() {
  const auto info = stream.is_open() ? read_tcp_info(stream.descriptor()) : std::nullopt;
  if (info) {
    sink.on_socket_traffic(traffic_until_closed(*info, shared.endpoint.address.address().is_v6()));
  }
}

bool Link::reusable() {
  if (!stream.is_open()) {
    return false;
  }
  const error_code ec = stream.quiet();
  if (ec) {
    finish(ec == asio::error::eof ? make_error_code(Errc::kGoingAway) : ec);
  }
  return !ec;
}

Task<error_code> Link::send_scratch(std::size_t payload) {
  const std::string_view bytes = shared.scratch;
  const std::uint64_t head = bytes.size() - payload;
  const std::uint64_t before = stream.written();
  error_code ec;
  const std::size_t sent = stream.write_some(bytes, ec);
  if (sent < bytes.size() && (!ec || ec == asio::error::would_block)) {
    const std::string rest(bytes.substr(sent));
    ec = co_await stream.write(rest);
  }
  const std::uint64_t crossed = stream.written() - before;
  wire::Traffic traffic;
  traffic.up.head = std::min(crossed, head);
  traffic.up.payload = crossed - traffic.up.head;
  sink.on_traffic(traffic);
  co_return ec;
}

namespace {

constexpr std::size_t kSinkBytes = 192;  // of the swarm's recorder of a subscription

}  // namespace

// What the bytes of an event will touch is fetched while the kernel copies them, where the reactor
// did not foresee whose turn it is; the sink it never knows.
std::span<char> Link::read(error_code& ec) {
  prefetch(&sink, kSinkBytes);
  prefetch(this, sizeof *this);
  const std::size_t size = stream.read_some(shared.read_buffer, ec);
  if (!ec) {
    received = stream.link() != nullptr ? stream.link()->released() : shared.time.now();
  }
  unsettled_ += size;
  return shared.read_buffer.first(size);
}

void Link::settle(Found found, bool between_events) {
  wire::ByteTally& bytes = found.bytes;
  PUSHBENCH_CHECK(bytes.total() <= unsettled_);
  unsettled_ -= bytes.total();
  if (between_events) {
    bytes.framing += std::exchange(unsettled_, 0);
  }
  if (bytes.total() > 0) {
    wire::Traffic traffic;
    traffic.down = bytes;
    sink.on_traffic(traffic);
  }
  const Spelling& spelling = found.spelling;
  if (spelling.chunks + spelling.event_digits + spelling.heartbeats + spelling.uncompressed > 0) {
    sink.on_spelling(spelling);
  }
}

Subscription::Subscription(const Shared& shared_in,
                           DeliverySink& sink_in,
                           std::string topic_in,
                           const asio::ip::address* source_in,
                           std::uint64_t seed,
                           std::uint64_t id)
    : Link(shared_in,
           sink_in,
           shared_in.links != nullptr ? &shared_in.links->access_of(id) : nullptr),
      topic(std::move(topic_in)),
      source_(source_in) {
  stream.belongs_to(*this);
  const plan::StrategySpec& strategy = shared_in.strategy;
  if (strategy.strategy == "polling") {
    polls =
        std::make_unique<Polls>(Polls{.schedule = {strategy.interval, strategy.jitter, seed, id},
                                      .sleeper = {},
                                      .last_replayed = {}});
  }
}

Subscription::~Subscription() = default;

void Subscription::tell_subscribed() {
  if (!std::exchange(subscribed, true)) {
    sink.on_subscribed(received - began, received);
  }
}

void Subscription::take_stream_head(std::optional<std::uint64_t> start) {
  if (start) {
    cursor.seq = start;
  }
  asked = false;
  sink.on_stream_head(start ? decimal_digits(*start) : 0);
  tell_subscribed();
}

void Subscription::stop() {
  if (std::exchange(stopping, true)) {
    return;
  }
  if (ready) {
    say_goodbye(*this);
  }
  if (polls && polls->sleeper) {
    polls->sleeper->wake();
  }
  hang_up();
}

std::span<const Transport> transports() noexcept {
  return kTransports;
}

const Transport* find_transport(std::string_view strategy) noexcept {
  for (const Transport& transport : kTransports) {
    if (transport.strategy == strategy) {
      return &transport;
    }
  }
  return nullptr;
}

Nanos backoff(std::uint32_t attempt, Random& random) noexcept {
  constexpr std::uint32_t kDoublings = 6;  // 100 ms × 2^6 > 5 s
  const Nanos full =
      std::min(kLongestBackoff, kFirstBackoff * (1U << std::min(attempt, kDoublings)));
  const auto half = static_cast<std::uint64_t>(full.count()) / 2;
  return full - Nanos(random.below(half + 1));
}

}  // namespace pushbench::transport
