#include "servers/floor/requesters.h"

#include "harness/wire/websocket.h"
#include "servers/floor/connections.h"

namespace pushbench::servers::floor {

void Requesters::start(TimePoint now) {
  next_ = now;
  for (std::uint32_t id = 0; id < connections().size(); ++id) {
    connections().mark(id, kResting);
    if (interval_.count() == 0 && connections().is_live(id)) {
      const TimePoint due = steady_now();
      connections().mark(id, due);
      ask(id, due);
    }
  }
}

TimePoint Requesters::act(TimePoint now) {
  if (interval_.count() == 0) {
    return kNever;
  }
  while (next_ <= now) {
    const std::uint32_t id = turn_;
    turn_ = (turn_ + 1) % connections().size();
    ++counts_.published;
    if (!connections().is_live(id) || connections().began(id) != kResting) {
      ++counts_.lost;
    } else {
      connections().mark(id, next_);
      ask(id, next_);
    }
    next_ += interval_;
  }
  return next_;
}

void Requesters::answered(std::uint32_t id, TimePoint due, TimePoint now) {
  count_delivery(now - due);
  if (interval_.count() > 0) {
    connections().mark(id, kResting);
    return;
  }
  connections().mark(id, now);
  ask(id, now);
}

void Polls::ask(std::uint32_t id, TimePoint) {
  connections().send(id, opening());
}

void Polls::on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) {
  const auto answer = whole_answer(id, bytes);
  if (!answer) {
    return;
  }
  if (!is_success(answer->status)) {
    count_error();
  }
  answered(id, connections().began(id), now);
}

Echoes::Echoes(const ClientOptions& options, std::uint32_t run_tag)
    : Requesters(options, run_tag), mask_(wire::random_mask()) {}

void Echoes::ask(std::uint32_t id, TimePoint due) {
  const EventText text = event_text(run_tag_, due);
  frame_.clear();
  wire::append_frame(frame_, wire::Opcode::kText, {text.data(), text.size()}, mask_);
  connections().send(id, frame_);
}

// A stamp may end before its frame does; what is left of the frame is then no stamp.
void Echoes::on_bytes(std::uint32_t id, std::string_view bytes, TimePoint now) {
  scan(connections().carry(id), bytes, run_tag_,
       [this, id, now](TimePoint due) { answered(id, due, now); });
}

}  // namespace pushbench::servers::floor
