// Loads that ask and are answered on kept connections: polling, and WebSocket echo. Closed loop:
// each client asks again as soon as it was answered; open loop: clients ask in turn at fixed
// instants, and one that is still waiting is left out and counted as lost. One thread.
#pragma once

#include "servers/floor/load.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pushbench::servers::floor {

class Requesters : public Load {
 public:
  using Load::Load;
  void start(TimePoint now) override;
  TimePoint act(TimePoint now) override;

 protected:
  // Sends one question that fell due at `due`.
  virtual void ask(std::uint32_t id, TimePoint due) = 0;
  void answered(std::uint32_t id, TimePoint due, TimePoint now);

 private:
  // A connection whose mark is this waits for no answer.
  static constexpr TimePoint kResting{};

  TimePoint next_;
  std::uint32_t turn_ = 0;
};

class Polls final : public Requesters {
 public:
  using Requesters::Requesters;
  void on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) override;

 private:
  void ask(std::uint32_t id, TimePoint due) override;
};

class Echoes final : public Requesters {
 public:
  Echoes(const ClientOptions& options, std::uint32_t run_tag);
  void on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) override;

 private:
  void ask(std::uint32_t id, TimePoint due) override;

  std::uint32_t mask_;
  std::string frame_;
};

}  // namespace pushbench::servers::floor
