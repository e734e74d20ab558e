#include "servers/reference/polling.h"

#include "harness/base/check.h"
#include "harness/wire/event_line.h"
#include "servers/reference/compression.h"
#include "servers/reference/injector.h"
#include "servers/reference/loop.h"

namespace pushbench::servers {
namespace {

void answer_gap(Connection& connection, const EventLog& log) {
  connection.loop().metrics.count(Trouble::kGap);
  std::string& body = connection.loop().body;
  body.clear();
  wire::append_gap_line(body, log.oldest(), log.size() == 0 ? 0 : log.newest());
  Head head;
  head.status = 410;
  head.content_type = kNdjson;
  head.no_store = true;
  head.etag = log.newest();
  connection.answer(head, body);
}

// Where the middle of the `line`-th event line (from 1) of `body` is.
std::size_t middle_of_line(std::string_view body, std::uint64_t line) {
  std::size_t start = 0;
  while (--line > 0) {
    start = body.find('\n', start) + 1;
  }
  return (start + body.find('\n', start)) / 2;
}

// The event lines of loop.body, from behind `after` to `last`.
struct EventsAnswer {
  const EventLog& log;
  std::uint64_t after = 0;
  std::uint64_t last = 0;
  bool gzip = false;
};

// As far as it goes it is what comes uncompressed.
void answer_gzip_in_part(Connection& connection, const Head& head, std::string_view text) {
  std::string body(wire::kGzipHead);
  body += connection.loop().deflater.block(text);
  const std::size_t sent = body.size();
  body += wire::kLastBlock;
  connection.answer_in_part(head, body, sent);
}

// False: nothing is injected here.
bool cut_as_injected(Connection& connection, const Head& head, const EventsAnswer& answer) {
  Loop& loop = connection.loop();
  if (loop.injector() == nullptr || connection.head_only()) {
    return false;
  }
  loop.injector()->before_delivery(answer.last - answer.after);
  const auto within = loop.injector()->cut_in(answer.log, answer.after, answer.last);
  if (!within) {
    return false;
  }
  const std::size_t part = middle_of_line(loop.body, *within - answer.after);
  if (answer.gzip) {
    answer_gzip_in_part(connection, head, std::string_view(loop.body).substr(0, part));
  } else {
    connection.answer_in_part(head, loop.body, part);
  }
  return true;
}

// The answer that was just given, which the loop's scratch still holds.
void remember_answer(Connection& connection,
                     const Request& request,
                     std::size_t row,
                     int status,
                     std::uint64_t events) {
  Loop& loop = connection.loop();
  Topic* const topic = loop.topics.find(request.topic);
  if (can_repeat(connection) && topic != nullptr) {
    loop.repeats.keep({.request = std::string(request.text),
                       .topic = topic,
                       .newest = topic->log().newest(),
                       .second = loop.date.second(),
                       .answer = loop.scratch,
                       .status = status,
                       .events = static_cast<std::uint32_t>(events),
                       .row = static_cast<std::uint8_t>(row),
                       .endpoint = static_cast<std::uint8_t>(row_of(kPollingRow.name))});
  }
}

}  // namespace

bool can_repeat(Connection& connection) {
  return connection.keep_alive() && !connection.head_only() &&
         connection.loop().injector() == nullptr;
}

const EventLog& log_of(Connection& connection, std::string_view topic) {
  static const EventLog kEmpty;
  const Topic* const known = connection.loop().topics.find(topic);
  return known == nullptr ? kEmpty : known->log();
}

std::optional<Query> take_query(Connection& connection, const Request& request, bool takes_hold) {
  auto query = parse_query(request.query, takes_hold, connection.loop().limits().hold_max);
  if (query.has_value()) {
    return *query;
  }
  connection.loop().metrics.count(Trouble::kBadRequest);
  connection.refuse({400, query.error().text, ""});
  return std::nullopt;
}

void refuse_topic(Connection& connection) {
  connection.loop().metrics.count(Trouble::kTopics);
  connection.refuse({507, "There are as many topics as this server keeps.", ""});
}

void append_gap_object(std::string& out, const EventLog& log) {
  out += "{\"oldest\":";
  append_decimal(out, log.oldest());
  out += ",\"newest\":";
  append_decimal(out, log.size() == 0 ? 0 : log.newest());
  out += '}';
}

std::size_t row_of(std::string_view strategy) noexcept {
  const auto rows = strategies();
  std::size_t row = 0;
  while (row < rows.size() && rows[row].name != strategy) {
    ++row;
  }
  PUSHBENCH_CHECK(row < rows.size());
  return row;
}

void answer_nothing(Connection& connection, int status, std::uint64_t newest) {
  Head head;
  head.status = status;
  head.no_store = true;
  head.etag = newest;
  connection.answer(head, {});
}

std::optional<std::uint64_t> answer_events(Connection& connection,
                                           const EventLog& log,
                                           std::uint64_t after,
                                           std::size_t strategy) {
  if (!log.follows(after)) {
    answer_gap(connection, log);
    return std::nullopt;
  }
  if (after == log.newest()) {
    answer_nothing(connection, 204, log.newest());
    return 0;
  }
  Loop& loop = connection.loop();
  loop.body.clear();
  std::size_t text_bytes = 0;
  std::uint64_t seq = after;
  while (seq < log.newest()) {
    const std::string_view text = log.at(seq + 1);
    if (seq > after && text_bytes + text.size() > loop.limits().answer_bytes) {
      break;
    }
    ++seq;
    text_bytes += text.size();
    wire::append_event_line(loop.body, seq, text);
  }
  Head head;
  head.content_type = kNdjson;
  head.no_store = true;
  head.etag = seq;
  const bool gzip = strategies()[strategy].compressed;
  head.extra = gzip ? kGzipFields : std::string_view();
  if (cut_as_injected(connection, head, {.log = log, .after = after, .last = seq, .gzip = gzip})) {
    return seq - after;
  }
  const std::string_view body = gzip ? loop.deflater.gzip(loop.body) : std::string_view(loop.body);
  if (connection.answer(head, body) && !connection.head_only()) {
    loop.metrics.deliveries[strategy] += seq - after;
  }
  return seq - after;
}

void begin_polling(Connection& connection, const Request& request) {
  static const std::size_t kPlain = row_of(kPollingRow.name);
  static const std::size_t kGzip = row_of(kPollingGzipRow.name);
  const std::size_t row = wants_gzip(connection.loop(), request.head) ? kGzip : kPlain;
  const auto query = take_query(connection, request, false);
  if (!query) {
    return;
  }
  const EventLog& log = log_of(connection, request.topic);
  int status = 204;
  std::uint64_t events = 0;
  if (wire::etag_seq(request.head.if_none_match) == log.newest()) {
    status = 304;
    answer_nothing(connection, status, log.newest());
  } else if (query->latest) {
    answer_nothing(connection, status, log.newest());
  } else {
    const std::uint64_t from_oldest = log.size() == 0 ? log.newest() : log.oldest() - 1;
    const auto told = answer_events(connection, log, query->after.value_or(from_oldest), row);
    if (!told) {
      return;
    }
    events = *told;
    status = events == 0 ? 204 : 200;
  }
  remember_answer(connection, request, row, status, events);
}

}  // namespace pushbench::servers
