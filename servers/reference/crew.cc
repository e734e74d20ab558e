#include "servers/reference/crew.h"

#include "harness/base/check.h"
#include "servers/reference/loop.h"

#include <algorithm>
#include <utility>

namespace pushbench::servers {

void Crew::join(Loop& loop) {
  members_.push_back(std::make_unique<Member>());
  members_.back()->loop = &loop;
}

Crew::Member& Crew::member_of(const Loop& loop) noexcept {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const auto& member) { return member->loop == &loop; });
  PUSHBENCH_CHECK(found != members_.end());
  return **found;
}

std::uint64_t Crew::publish(const Loop& from, const std::string& topic, std::string_view text) {
  auto made = std::make_shared<Mail>(Mail{topic, 0, std::string(text)});
  const std::size_t cost = text.size() + kEventOverhead;
  std::vector<Loop*> asleep;
  {
    const std::scoped_lock lock(mutex_);
    const bool full = std::any_of(members_.begin(), members_.end(), [&](const auto& member) {
      return member->bytes + cost > kMaxMail;
    });
    if (full) {
      return 0;
    }
    made->number = ++numbers_[topic];
    const std::shared_ptr<const Mail> mail = made;
    for (const auto& member : members_) {
      if (member->mails.empty() && member->loop != &from) {
        asleep.push_back(member->loop);
      }
      member->mails.push_back(mail);
      member->bytes += cost;
      member->has_mail = true;
    }
  }
  for (Loop* const loop : asleep) {
    loop->reactor().post([loop] { loop->take_mail(); });
  }
  return made->number;
}

Mails Crew::collect(const Loop& own) {
  Member& member = member_of(own);
  if (!member.has_mail) {
    return {};
  }
  const std::scoped_lock lock(mutex_);
  member.has_mail = false;
  member.bytes = 0;
  return std::exchange(member.mails, {});
}

void Crew::show(const Loop& own, const Metrics& figures) {
  Member& member = member_of(own);
  const std::scoped_lock lock(mutex_);
  member.shown = figures;
}

Metrics Crew::sum(const Loop& own, const Metrics& figures) {
  Metrics all = figures;
  const std::scoped_lock lock(mutex_);
  for (const auto& member : members_) {
    if (member->loop != &own) {
      all.add(member->shown);
    }
  }
  return all;
}

bool Crew::admit(std::size_t most) noexcept {
  if (open_++ < most) {
    return true;
  }
  --open_;
  return false;
}

}  // namespace pushbench::servers
