#include "servers/reference/http.h"

#include "harness/base/text.h"
#include "harness/wire/event_line.h"
#include "servers/reference/endpoint.h"
#include "servers/reference/loop.h"
#include "servers/reference/replay.h"
#include "servers/reference/target.h"
#include "servers/reference/websocket.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pushbench::servers {
namespace {

struct Route {
  const Strategy* strategy = nullptr;
  const Endpoint* endpoint = nullptr;
  std::uint8_t row = kOtherEndpoint;
  bool takes_topic = false;
  std::string_view topic;

  bool found() const noexcept { return row != kOtherEndpoint; }
  bool takes_get() const noexcept { return strategy != nullptr || endpoint->get != nullptr; }
  bool takes_head() const noexcept {
    return strategy != nullptr ? strategy->takes_head
                               : endpoint->get != nullptr && !endpoint->only_echo;
  }
  bool takes_post() const noexcept { return endpoint != nullptr && endpoint->post != nullptr; }
};

Route find_route(const ServerOptions& options, std::string_view path) {
  std::uint8_t row = 0;
  for (const Strategy& strategy : routes()) {
    if (path.starts_with(strategy.path)) {
      return {&strategy, nullptr, row, true, path.substr(strategy.path.size())};
    }
    ++row;
  }
  row = static_cast<std::uint8_t>(strategies().size());
  for (const Endpoint& endpoint : endpoints()) {
    const bool hit = endpoint.takes_topic ? path.starts_with(endpoint.path) : path == endpoint.path;
    if (hit && (options.echo || !endpoint.only_echo)) {
      return {nullptr, &endpoint, row, endpoint.takes_topic, path.substr(endpoint.path.size())};
    }
    ++row;
  }
  return {};
}

// Literals, since an answer's extra lines are views.
std::string_view allow(const Route& route) {
  if (route.takes_get() && route.takes_post()) {
    return "Allow: GET, HEAD, POST, OPTIONS\r\n";
  }
  if (route.takes_post()) {
    return "Allow: POST, OPTIONS\r\n";
  }
  return route.takes_head() ? "Allow: GET, HEAD, OPTIONS\r\n" : "Allow: GET, OPTIONS\r\n";
}

bool has_body(const wire::RequestHead& head) {
  return head.body.chunked || head.body.length.value_or(0) > 0;
}

class Step {
 public:
  Step(Connection& connection, std::span<char> input)
      : connection_(connection), loop_(connection.loop()), input_(input) {}

  std::size_t take_head();
  std::size_t take_body();

 private:
  std::string_view text() const { return {input_.data(), input_.size()}; }
  std::size_t repeat();
  void refuse(Trouble trouble, const Refusal& refusal);
  void refuse(const Refusal& refusal);
  bool refused_size(std::size_t size, std::string_view line);
  void refuse_head();
  bool refused_host(const Target& target);
  bool refused_method(const Route& route);
  bool refused_access(const Route& route, const Target& target);
  void options_answer(const Route& route, const Target& target);
  void dispatch();
  std::size_t post(const Route& route);
  bool collect(Upload& upload, std::string_view piece);

  Connection& connection_;
  Loop& loop_;
  std::span<char> input_;
  wire::RequestHead head_;
  std::size_t used_ = 0;
};

void Step::refuse(const Refusal& refusal) {
  if (has_body(head_)) {
    connection_.refuse_and_close(refusal);
  } else {
    connection_.refuse(refusal);
  }
}

void Step::refuse(Trouble trouble, const Refusal& refusal) {
  loop_.metrics.count(trouble);
  refuse(refusal);
}

void Step::refuse_head() {
  const bool size = head_.refuse_status == 431 || head_.refuse_status == 414;
  loop_.metrics.count(size ? Trouble::kHeadSize : Trouble::kBadRequest);
  connection_.begin_request({.endpoint = kOtherEndpoint});
  connection_.refuse_and_close(
      {head_.refuse_status, fmt::format("Request refused: {}.", head_.refuse_reason), ""});
}

// Bounds of ours that are narrower than the parser's.
bool Step::refused_size(std::size_t size, std::string_view line) {
  const Limits& limits = loop_.limits();
  const std::size_t line_size = std::min(line.find("\r\n"), line.size());
  if (size <= limits.max_head && line_size <= limits.max_request_line) {
    return false;
  }
  const bool by_line = line_size > limits.max_request_line;
  head_.refuse_status = by_line ? 414 : 431;
  head_.refuse_reason = by_line ? "the request line is too long" : "the head is too long";
  refuse_head();
  return true;
}

// Returns the bytes used of the input; 0: this is nothing that is known.
std::size_t Step::repeat() {
  const Repeat* const known =
      loop_.stopping() ? nullptr : loop_.repeats.find(text(), std::time(nullptr));
  if (known == nullptr) {
    return 0;
  }
  connection_.begin_request({.endpoint = known->endpoint, .keep_alive = true});
  const std::size_t size = known->request.size();
  if (known->answer.empty()) {
    connection_.hold(*known->topic, known->row, known->hold);
  } else if (connection_.answer(known->answer, known->status)) {
    loop_.metrics.deliveries[known->row] += known->events;
  }
  return size;
}

std::size_t Step::take_head() {
  loop_.take_mail();
  if (const std::size_t size = repeat(); size > 0) {
    return size;
  }
  std::string_view rest = text();
  const wire::Parsed parsed = wire::parse_request_head(rest, head_);
  if (parsed == wire::Parsed::kError) {
    refuse_head();
    return input_.size();
  }
  const bool whole = parsed == wire::Parsed::kItem;
  const std::size_t size = whole ? input_.size() - rest.size() : input_.size();
  const bool near_bounds =
      size > std::min(loop_.limits().max_head, loop_.limits().max_request_line);
  if (near_bounds && refused_size(size, text().substr(0, size))) {
    return input_.size();
  }
  if (!whole) {
    return 0;
  }
  used_ = size;
  dispatch();
  return used_;
}

void Step::dispatch() {
  const Target target = split_target(head_.target);
  const Route route = find_route(loop_.options(), target.path);
  // HTTP/1.0 has no persistent connections but by an answer that says keep-alive, and a client that
  // is not told so reads until the end.
  connection_.begin_request({.endpoint = route.row,
                             .keep_alive = head_.keep_alive && !head_.http10 && !loop_.stopping(),
                             .head_only = head_.method == "HEAD",
                             .asked_to_close = !head_.keep_alive});
  if (refused_host(target)) {
    return;
  }
  if (const Replay* replay = find_replay(loop_.options(), head_.target);
      replay != nullptr && head_.method == "GET" && !has_body(head_)) {
    return answer_replay(connection_, *replay);
  }
  if (head_.method == "OPTIONS") {
    return options_answer(route, target);
  }
  if (refused_method(route) || refused_access(route, target)) {
    return;
  }
  if (head_.method == "POST") {
    used_ = post(route);
    return;
  }
  const Request request{text().substr(0, used_), head_, route.topic, target.query};
  if (route.strategy != nullptr) {
    route.strategy->begin(connection_, request);
  } else {
    route.endpoint->get(connection_, request);
  }
}

bool Step::refused_host(const Target& target) {
  const std::string_view host = target.authority.empty() ? head_.host : target.authority;
  const bool absent = host.empty() && head_.http10;
  if (absent || host_allowed(loop_.options(), loop_.loopback(), host)) {
    return false;
  }
  refuse(Trouble::kHost, {421,
                          fmt::format("This server does not answer for the host {}.",
                                      printable(host.substr(0, 60))),
                          ""});
  return true;
}

void Step::options_answer(const Route& route, const Target& target) {
  if (!route.found() && target.path != "*") {
    refuse({404, "No such endpoint; GET / lists them.", ""});
    return;
  }
  if (has_body(head_)) {
    refuse(Trouble::kBadRequest, {400, "OPTIONS takes no body here.", ""});
    return;
  }
  Head head;
  head.status = 204;
  head.extra = route.found() ? allow(route) : "Allow: GET, HEAD, POST, OPTIONS\r\n";
  connection_.answer(head, {});
}

bool Step::refused_method(const Route& route) {
  if (!route.found()) {
    refuse({404,
            "No such endpoint. There are /poll/, /long-poll/, /stream/, /sse/, /ws/, /publish/ and "
            "/upstream/ with a topic behind, /metrics and /healthz.",
            ""});
    return true;
  }
  const bool taken = (head_.method == "GET" && route.takes_get()) ||
                     (head_.method == "HEAD" && route.takes_head()) ||
                     (head_.method == "POST" && route.takes_post());
  if (taken) {
    return false;
  }
  refuse({405, "This endpoint does not take that method.", allow(route)});
  return true;
}

bool Step::refused_access(const Route& route, const Target& target) {
  const std::string_view host = target.authority.empty() ? head_.host : target.authority;
  const bool guarded = route.takes_topic || head_.upgrade_websocket;
  if (guarded && head_.has_origin && !origin_allowed(loop_.options(), host, head_.origin)) {
    refuse(Trouble::kOrigin, {403, "Requests from pages of this origin are not allowed.", ""});
    return true;
  }
  if (head_.method == "GET" && head_.upgrade_websocket && head_.websocket_version != "13") {
    refuse(Trouble::kBadRequest,
           {426, "WebSocket version 13 is the one that is spoken here.", kUpgradeFields});
    return true;
  }
  if (route.takes_topic && !is_topic_name(route.topic, loop_.limits().topic_name)) {
    refuse(Trouble::kBadRequest,
           {400,
            fmt::format("A topic name is 1 to {} of the characters A-Z a-z 0-9 . _ ~ -.",
                        loop_.limits().topic_name),
            ""});
    return true;
  }
  const bool post = head_.method == "POST";
  if (!post && has_body(head_)) {
    refuse(Trouble::kBadRequest, {400, "A request of this method takes no body here.", ""});
    return true;
  }
  if (route.strategy == nullptr && !target.query.empty()) {
    refuse(Trouble::kBadRequest, {400, "This endpoint takes no query.", ""});
    return true;
  }
  return false;
}

// Returns the bytes used of the input, head included.
std::size_t Step::post(const Route& route) {
  const Limits& limits = loop_.limits();
  const Endpoint& endpoint = *route.endpoint;
  const std::uint64_t length = head_.body.length.value_or(0);
  if (!endpoint.discards_body && length > limits.max_event) {
    refuse(Trouble::kBodySize,
           {413, fmt::format("An event is at most {} bytes.", limits.max_event), ""});
    return used_;
  }
  if (!head_.body.chunked && length <= input_.size() - used_) {
    const auto size = static_cast<std::size_t>(length);
    const std::size_t end = used_ + size;
    endpoint.post(connection_, route.topic, text().substr(used_, size));
    return end;
  }
  auto upload = std::make_unique<Upload>();
  upload->reader = wire::BodyReader(head_.body);
  upload->endpoint = &endpoint;
  upload->topic = route.topic;
  connection_.expect_body(std::move(upload));
  if (head_.expect_continue && input_.size() == used_) {
    connection_.send("HTTP/1.1 100 Continue\r\n\r\n");
  }
  return used_;
}

bool Step::collect(Upload& upload, std::string_view piece) {
  if (upload.endpoint->discards_body) {
    return true;
  }
  if (upload.text.size() + piece.size() > loop_.limits().max_event) {
    loop_.metrics.count(Trouble::kBodySize);
    connection_.refuse_and_close(
        {413, fmt::format("An event is at most {} bytes.", loop_.limits().max_event), ""});
    return false;
  }
  upload.text += piece;
  return true;
}

std::size_t Step::take_body() {
  Upload& upload = *connection_.upload();
  std::string_view rest = text();
  std::string_view piece;
  for (;;) {
    switch (upload.reader.next(rest, piece)) {
      case wire::Parsed::kItem:
        if (!collect(upload, piece)) {
          return input_.size();
        }
        break;
      case wire::Parsed::kNeedMore: return input_.size();
      case wire::Parsed::kError:
        loop_.metrics.count(Trouble::kBadRequest);
        connection_.refuse_and_close({400, "The chunked body is malformed.", ""});
        return input_.size();
      case wire::Parsed::kEnd: {
        const std::unique_ptr<Upload> done = connection_.take_upload();
        done->endpoint->post(connection_, done->topic, done->text);
        return input_.size() - rest.size();
      }
    }
  }
}

constexpr std::size_t kNames = kMaxEndpoints;

std::array<std::string_view, kNames> make_names() {
  std::array<std::string_view, kNames> names;
  names.fill("other");
  std::size_t row = 0;
  for (const Strategy& strategy : strategies()) {
    names[row++] = strategy.name;
  }
  for (const Endpoint& endpoint : endpoints()) {
    names[row++] = endpoint.name;
  }
  PUSHBENCH_CHECK(row <= kOtherEndpoint);
  return names;
}

}  // namespace

std::span<const std::string_view> endpoint_names() noexcept {
  static const std::array<std::string_view, kNames> kMade = make_names();
  return kMade;
}

std::size_t http_step(Connection& connection, std::span<char> input) {
  Step step(connection, input);
  return connection.phase() == Connection::Phase::kBody ? step.take_body() : step.take_head();
}

}  // namespace pushbench::servers
