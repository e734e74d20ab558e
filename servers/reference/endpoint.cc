#include "servers/reference/endpoint.h"

#include "harness/wire/event_line.h"
#include "servers/reference/http.h"
#include "servers/reference/loop.h"
#include "servers/reference/polling.h"
#include "servers/reference/websocket.h"

#include <array>

namespace pushbench::servers {
namespace {

constexpr std::string_view kListing =
    "pushbench reference server\n"
    "GET  /poll/{topic}?after=SEQ\n"
    "GET  /long-poll/{topic}?after=SEQ&hold=25s\n"
    "GET  /stream/{topic}?after=SEQ\n"
    "GET  /sse/{topic}?after=SEQ\n"
    "GET  /ws/{topic}?after=SEQ\n"
    "POST /publish/{topic}\n"
    "POST /upstream/{topic}\n"
    "GET  /metrics\n"
    "GET  /healthz\n";

void get_root(Connection& connection, const Request&) {
  const std::string& page = connection.loop().options().page;
  Head head;
  head.content_type = page.empty() ? kPlainText : kHtml;
  head.no_store = !page.empty();
  connection.answer(head, page.empty() ? kListing : page);
}

void post_root(Connection& connection, std::string_view, std::string_view) {
  Head head;
  head.status = 204;
  connection.answer(head, {});
}

void get_health(Connection& connection, const Request&) {
  Head head;
  head.content_type = kPlainText;
  head.no_store = true;
  connection.answer(head, "ok\n");
}

void get_metrics(Connection& connection, const Request&) {
  const Metrics figures = connection.loop().figures();
  Head head;
  head.content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
  head.no_store = true;
  const std::string text = render_metrics(figures, endpoint_names(), strategies().size());
  connection.answer(head, text);
}

bool refuse_text(Connection& connection, std::string_view body) {
  if (wire::is_event_text(body)) {
    return false;
  }
  connection.loop().metrics.count(Trouble::kBadRequest);
  connection.refuse({400, "An event is well-formed UTF-8 text without carriage returns.", ""});
  return true;
}

void post_publish(Connection& connection, std::string_view name, std::string_view body) {
  if (refuse_text(connection, body)) {
    return;
  }
  Loop& loop = connection.loop();
  Topic* const topic = loop.topics.open(name);
  if (topic == nullptr) {
    refuse_topic(connection);
    return;
  }
  const std::uint64_t seq = loop.publish(*topic, body);
  if (seq == 0) {
    loop.metrics.count(Trouble::kLogBytes);
    loop.topics.forget_if_unused(*topic);  // it may have been opened for this event
    connection.refuse({507, "The logs of all topics together are full.", ""});
    return;
  }
  Head head;
  head.status = 204;
  head.etag = seq;
  connection.answer(head, {});
}

void post_upstream(Connection& connection, std::string_view, std::string_view body) {
  if (refuse_text(connection, body)) {
    return;
  }
  ++connection.loop().metrics.upstream_events;
  connection.loop().metrics.upstream_bytes += body.size();
  Head head;
  head.status = 204;
  connection.answer(head, {});
}

constexpr std::array kTable{
    Endpoint{.name = "publish", .path = "/publish/", .takes_topic = true, .post = post_publish},
    Endpoint{.name = "upstream", .path = "/upstream/", .takes_topic = true, .post = post_upstream},
    Endpoint{.name = "metrics", .path = "/metrics", .get = get_metrics},
    Endpoint{.name = "healthz", .path = "/healthz", .get = get_health},
    Endpoint{.name = "echo", .path = "/echo", .only_echo = true, .get = begin_echo},
    Endpoint{
        .name = "root", .path = "/", .discards_body = true, .get = get_root, .post = post_root},
};

}  // namespace

std::span<const Endpoint> endpoints() noexcept {
  return kTable;
}

}  // namespace pushbench::servers
