// One subscription of a worker, for the files that the worker is made of.
#pragma once

#include "harness/swarm/worker.h"

namespace pushbench::swarm {

// One subscription of one client, with what drives it.
struct Worker::Client {
  Client(const transport::Shared& shared,
         Recorder& recorder,
         std::uint32_t topic,
         std::string topic_name,
         const asio::ip::address* source,
         std::uint64_t seed,
         std::uint64_t id_in,
         const plan::Owed* owed);

  // Null: it does not send, or on its stream.
  transport::HttpUpstream* http_upstream() const;

  // Of a client that sends.
  struct Upstream {
    std::unique_ptr<Sleeper> sleeper;
    std::unique_ptr<transport::HttpUpstream> http;  // null: it sends on its stream
  };

  SubscriptionRecorder sink;
  transport::Subscription subscription;
  std::uint64_t id;
  std::uint32_t attempt = 0;  // since it last was subscribed
  bool left = false;          // its visit is over
  std::unique_ptr<Sleeper> backoff_sleeper;
  std::unique_ptr<Upstream> upstream;
};

}  // namespace pushbench::swarm
