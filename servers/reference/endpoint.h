// The endpoints that push nothing: publishing, health, metrics. One row each in endpoint.cc.
#pragma once

#include "harness/wire/http_head.h"
#include "servers/reference/strategy.h"

#include <span>
#include <string>
#include <string_view>

namespace pushbench::servers {

struct Endpoint {
  std::string_view name;
  std::string_view path;
  bool takes_topic = false;    // the path ends in "/" and the topic follows
  bool only_echo = false;      // exists with the option echo
  bool discards_body = false;  // a body is read but not kept
  void (*get)(Connection& connection, const Request& request) = nullptr;  // HEAD comes here too
  void (*post)(Connection& connection, std::string_view topic, std::string_view body) = nullptr;
};

std::span<const Endpoint> endpoints() noexcept;

// The body of a POST that did not come whole with its head: what has arrived, and what its head
// said. Allocated for as long as the body is incomplete, no longer.
struct Upload {
  wire::BodyReader reader;
  const Endpoint* endpoint = nullptr;
  std::string topic;
  std::string text;
};

}  // namespace pushbench::servers
