// Loads whose every request has a connection of its own: polls with Connection: close, and
// WebSocket accepts. As many connections as there are clients are on their way at any time; latency
// counts from the connect. One thread.
#pragma once

#include "servers/floor/load.h"

#include <cstdint>
#include <string_view>

namespace pushbench::servers::floor {

class Churn : public Load {
 public:
  using Load::Load;
  std::string_view on_opened(std::uint32_t id,
                             std::string_view bytes,
                             TimePoint now,
                             bool& live) final;
  void on_bytes(std::uint32_t, std::string_view, TimePoint) final {}

 private:
  virtual bool is_good(const Answer& answer) const noexcept = 0;
  virtual void answered(std::uint32_t id) = 0;
};

// Ends with the server's end of stream, so that TIME_WAIT is the server's as RFC 9112 section 9.6
// has it.
class NewPolls final : public Churn {
 public:
  using Churn::Churn;
  bool on_end(std::uint32_t id, TimePoint now) override;

 private:
  bool is_good(const Answer& answer) const noexcept override { return is_success(answer.status); }
  void answered(std::uint32_t id) override;
};

// Ends with a reset once the server has switched protocols: a closing handshake would be counted
// with the accept.
class Accepts final : public Churn {
 public:
  using Churn::Churn;
  bool on_end(std::uint32_t id, TimePoint now) override;

 private:
  bool is_good(const Answer& answer) const noexcept override {
    return answer.status == kStatusSwitching;
  }
  void answered(std::uint32_t id) override;
};

}  // namespace pushbench::servers::floor
