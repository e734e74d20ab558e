// A sink for tests that writes down what it is told. Threads: the test's.
#pragma once

#include "harness/transport/delivery_sink.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pushbench::transport {

class CollectingSink final : public DeliverySink {
 public:
  void on_open() override { ++opened; }
  void on_connect_failed(const error_code& ec) override { connect_failures.push_back(ec); }
  void on_close(const error_code& ec) override { closes.push_back(ec); }
  void on_socket_traffic(const SocketTraffic& whole_life) override { traffic += whole_life; }
  void on_subscribed(Nanos took, TimePoint) override { subscribed.push_back(took); }
  void on_event(std::string_view event, TimePoint at) override {
    events.emplace_back(event);
    received.push_back(at);
    if (when_event) {
      when_event();
    }
  }
  void on_gap() override { ++gaps; }
  void on_traffic(const wire::Traffic& delta) override {
    up += delta.up;
    down += delta.down;
    ++reports;
  }
  void on_spelling(const Spelling& delta) override {
    spelling.event_digits += delta.event_digits;
    spelling.event_escapes += delta.event_escapes;
    spelling.chunks += delta.chunks;
    spelling.chunk_digits += delta.chunk_digits;
    spelling.heartbeats += delta.heartbeats;
    spelling.heartbeat_bytes += delta.heartbeat_bytes;
    spelling.event_text += delta.event_text;
    spelling.uncompressed += delta.uncompressed;
  }
  void on_ask() override { ++asked; }
  void on_request(std::uint32_t cursor_digits) override {
    ++requests;
    request_digits.push_back(cursor_digits);
  }
  void on_answer(const Answer& answer) override {
    answers.push_back(answer.events);
    answered.push_back(answer);
  }
  void on_stream_head(std::uint32_t cursor_digits) override {
    stream_heads.push_back(cursor_digits);
  }
  void on_request_failed(const error_code& ec) override { request_failures.push_back(ec); }
  void on_skipped_poll() override { ++skipped; }
  void on_upstream_sent(const wire::ByteTally& bytes) override {
    upstream_sent.push_back(bytes.total());
    upstream_payload += bytes.payload;
  }
  void on_upstream_acked(Nanos took, const wire::ByteTally& bytes) override {
    upstream_took.push_back(took);
    upstream_down += bytes.total();
  }

  std::size_t opened = 0;
  std::vector<error_code> connect_failures;
  std::vector<error_code> closes;
  SocketTraffic traffic;
  std::vector<Nanos> subscribed;
  std::vector<std::string> events;
  std::vector<TimePoint> received;
  std::function<void()> when_event;
  int gaps = 0;
  wire::ByteTally up;
  wire::ByteTally down;
  int reports = 0;
  Spelling spelling;
  std::size_t asked = 0;
  std::size_t requests = 0;
  std::vector<std::uint32_t> request_digits;
  std::vector<Answer> answered;
  std::vector<std::uint32_t> stream_heads;
  std::vector<error_code> request_failures;
  std::vector<std::size_t> answers;
  int skipped = 0;
  std::vector<std::uint64_t> upstream_sent;
  std::uint64_t upstream_payload = 0;
  std::vector<Nanos> upstream_took;
  std::uint64_t upstream_down = 0;
};

}  // namespace pushbench::transport
