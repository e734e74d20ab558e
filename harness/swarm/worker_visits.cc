// The clients of a worker while they come and go: who there is, when each joins and leaves, and
// what they send meanwhile.
#include "harness/plan/event_plan.h"
#include "harness/swarm/worker_client.h"
#include "harness/wire/stamp.h"

#include <algorithm>
#include <utility>

namespace pushbench::swarm {

Worker::Client::Client(const transport::Shared& shared,
                       Recorder& recorder,
                       std::uint32_t topic,
                       std::string topic_name,
                       const asio::ip::address* source,
                       std::uint64_t seed,
                       std::uint64_t id_in,
                       const plan::Owed* owed)
    : sink(recorder, topic, owed),
      subscription(shared, sink, std::move(topic_name), source, seed, id_in),
      id(id_in) {}

transport::HttpUpstream* Worker::Client::http_upstream() const {
  return upstream ? upstream->http.get() : nullptr;
}

// Subscriptions stand in the order in which their visits begin, those of a client side by side.
void Worker::make_clients() {
  static_assert(sizeof(Client) <= 496);  // a large swarm is made of little else
  const plan::Scenario& scenario = plan_.scenario;
  const auto visits =
      plan_.visits.empty() ? scenario.clients : static_cast<std::uint32_t>(plan_.visits.size());
  for (std::uint32_t client = index_; client < visits; client += plan_.workers) {
    for (std::uint32_t j = 0; j < scenario.topics_per_client; ++j) {
      const std::uint64_t id = std::uint64_t{client} * scenario.topics_per_client + j;
      const auto topic = scenario.topic_of(client, j);
      const auto* source =
          plan_.sources.empty() ? nullptr : &plan_.sources[id % plan_.sources.size()];
      const auto* owed = plan_.owed.empty() ? nullptr : &plan_.owed[id];
      clients_.emplace_back(shared_, recorder_, topic, plan_.topic_name(topic), source,
                            scenario.seed, id, owed);
    }
    at_start_ = visit_of(clients_.back()).from == Nanos::min() ? clients_.size() : at_start_;
  }
}

plan::Visit Worker::visit_of(const Client& client) const {
  return plan_.visits.empty() ? plan::Visit()
                              : plan_.visits[client.id / plan_.scenario.topics_per_client];
}

// Connects that are under way; one that ended without a word is no longer.
bool Worker::many_connecting() const {
  const LiveCounts& live = recorder_.live();
  return launched_ > kMaxConnecting + live.subscribed + live.failed + left_unsubscribed_;
}

Task<void> Worker::come_and_go() {
  std::size_t next = at_start_;
  std::size_t leaving = 0;
  while (!stopping_) {
    const Nanos comes = next < clients_.size() ? visit_of(clients_[next]).from : Nanos::max();
    const Nanos goes = leaving < clients_.size() ? visit_of(clients_[leaving]).until : Nanos::max();
    const Nanos due = std::min(comes, goes);
    if (due == Nanos::max()) {
      co_return;
    }
    if (timeline_.publish_start + due > time_.now()) {
      co_await visit_sleeper_->until(timeline_.publish_start + due);
    }
    if (goes <= comes) {
      leave(clients_[leaving++]);
      continue;
    }
    while (!stopping_ && many_connecting()) {
      co_await visit_sleeper_->until(time_.now() + kConnectPause);
    }
    if (!stopping_) {
      Client& client = clients_[next++];
      ++launched_;
      subscribe(client);
      begin_upstream(client);
    }
  }
}

void Worker::leave(Client& client) {
  if (stopping_) {
    return;
  }
  client.left = true;
  if (client.sink.first_subscribed() == TimePoint() && client.subscription.began != TimePoint()) {
    ++left_unsubscribed_;
  }
  client.sink.on_left();
  end_client(client);
}

void Worker::end_client(Client& client) {
  client.subscription.stop();
  if (client.backoff_sleeper) {
    client.backoff_sleeper->wake();
  }
  if (client.upstream) {
    client.upstream->sleeper->wake();
  }
  if (auto* const upstream = client.http_upstream()) {
    upstream->stop();
  }
}

void Worker::begin_upstream(Client& client) {
  const bool first_of_its_client = client.id % plan_.scenario.topics_per_client == 0;
  if (plan_.scenario.upstream && first_of_its_client && !client.left) {
    spawn(drive_upstream(&client));
  }
}

Task<void> Worker::drive_upstream(Client* client) {
  const plan::UpstreamSpec& spec = *plan_.scenario.upstream;
  plan::Schedule schedule(
      plan::upstream_spec(plan_.scenario, client->id / plan_.scenario.topics_per_client));
  client->upstream = std::make_unique<Client::Upstream>();
  Client::Upstream& upstream = *client->upstream;
  upstream.sleeper = time_.make_sleeper();
  if (!transport_.upstream_on_stream) {
    upstream.http = std::make_unique<transport::HttpUpstream>(client->subscription);
  }
  plan::PayloadSpec payload;
  payload.size = spec.payload;
  plan::PlannedEvent event;
  event.size = spec.payload;
  std::string bytes;
  while (!stopping_ && !client->left) {
    const auto due = schedule.next();
    if (!due) {
      break;
    }
    if (*due < visit_of(*client).from) {
      continue;
    }
    const TimePoint at = timeline_.publish_start + *due;
    co_await upstream.sleeper->until(at);
    if (stopping_ || client->left) {
      break;
    }
    event.index = client->id & wire::kMaxEventIndex;
    plan::write_payload(payload, event, plan_.run_tag, bytes);
    error_code ec;
    if (upstream.http) {
      ec = co_await upstream.http->send(bytes, at);
    } else {
      ec = co_await transport_.upstream(client->subscription, bytes, at);
    }
    if (ec) {
      client->sink.on_upstream_unsent();
    }
  }
}

}  // namespace pushbench::swarm
