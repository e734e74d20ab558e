#include "servers/reference/topic.h"

#include "harness/base/check.h"

#include <algorithm>

namespace pushbench::servers {

std::uint64_t EventLog::append(std::string_view text, const LogBounds& bounds) {
  const std::size_t cost = text.size() + kEventOverhead;
  while (!events_.empty() && (events_.size() >= bounds.events || bytes_ + cost > bounds.bytes)) {
    bytes_ -= events_.front().size() + kEventOverhead;
    events_.pop_front();
  }
  events_.emplace_back(text);
  bytes_ += cost;
  return ++newest_;
}

std::string_view EventLog::at(std::uint64_t seq) const {
  PUSHBENCH_CHECK(!events_.empty() && seq >= oldest() && seq <= newest_);
  return events_[seq - oldest()];
}

bool EventLog::follows(std::uint64_t after) const noexcept {
  return after <= newest_ && after + 1 >= oldest();
}

void Topic::add(Subscriber& subscriber, std::size_t strategy) {
  PUSHBENCH_CHECK(!subscriber.listed);
  std::vector<Subscriber*>& list = lists_[strategy];
  subscriber.topic = this;
  subscriber.row = static_cast<std::uint8_t>(strategy);
  subscriber.position = static_cast<std::uint32_t>(list.size());
  subscriber.listed = true;
  list.push_back(&subscriber);
}

void Topic::remove(Subscriber& subscriber) noexcept {
  PUSHBENCH_CHECK(subscriber.listed && subscriber.topic == this);
  std::vector<Subscriber*>& list = lists_[subscriber.row];
  list[subscriber.position] = list.back();
  list[subscriber.position]->position = subscriber.position;
  list.pop_back();
  subscriber.listed = false;
}

bool Topic::unused() const noexcept {
  return pins_ == 0 && log_.newest() == 0 &&
         std::all_of(lists_.begin(), lists_.end(), [](const auto& list) { return list.empty(); });
}

Topic* Topics::find(std::string_view name) noexcept {
  const auto found = topics_.find(name);
  return found == topics_.end() ? nullptr : found->second.get();
}

Topic* Topics::open(std::string_view name) {
  if (Topic* const known = find(name)) {
    return known;
  }
  return topics_.size() >= max_topics_ ? nullptr : &open_unbounded(name);
}

Topic& Topics::open_unbounded(std::string_view name) {
  if (Topic* const known = find(name)) {
    return *known;
  }
  auto topic = std::make_unique<Topic>(std::string(name));
  Topic* const opened = topic.get();
  topics_.emplace(opened->name(), std::move(topic));
  return *opened;
}

bool Topics::has_room(const Topic& topic, std::string_view text) const noexcept {
  return bytes_ - topic.log().bytes() + text.size() + kEventOverhead <= total_bytes_;
}

std::uint64_t Topics::append(Topic& topic, std::string_view text) {
  return has_room(topic, text) ? append_unbounded(topic, text) : 0;
}

// Of its own log no more stays than there is room for.
std::uint64_t Topics::append_unbounded(Topic& topic, std::string_view text) {
  EventLog& log = topic.log();
  const std::size_t others = bytes_ - log.bytes();
  const std::size_t room = total_bytes_ - std::min(total_bytes_, others);
  const LogBounds bounds{bounds_.events, std::min(bounds_.bytes, room)};
  const std::uint64_t seq = log.append(text, bounds);
  bytes_ = others + log.bytes();
  return seq;
}

void Topics::forget_if_unused(Topic& topic) {
  if (!topic.unused()) {
    return;
  }
  const auto found = topics_.find(std::string_view(topic.name()));
  PUSHBENCH_CHECK(found != topics_.end());
  topics_.erase(found);
}

}  // namespace pushbench::servers
