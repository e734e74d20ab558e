// Topics: a bounded log of events with sequence numbers from 1, and beside it, for every strategy,
// the dense list of those who wait for the next event. Owned by one loop, used from its thread
// only. Nothing here knows sockets: fan-out is a walk over Subscriber pointers that the caller
// sends to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pushbench::servers {

inline constexpr std::size_t kMaxStrategies =
    10;  // lists in a topic; table.cc asserts that it fits

// What an event costs beside its text: its string object, and the head and the rounding of its
// allocation.
inline constexpr std::size_t kEventOverhead = sizeof(std::string) + 32;

struct LogBounds {
  std::size_t events;
  std::size_t bytes;
};

class EventLog {
 public:
  // Drops the oldest events until the new one fits. Returns its number.
  std::uint64_t append(std::string_view text, const LogBounds& bounds);

  std::uint64_t newest() const noexcept { return newest_; }
  std::uint64_t oldest() const noexcept { return events_.empty() ? 0 : newest_ - size() + 1; }
  std::size_t size() const noexcept { return events_.size(); }
  // Of memory: texts, and kEventOverhead for each.
  std::size_t bytes() const noexcept { return bytes_; }
  // REQUIRES: oldest() <= seq <= newest(), and not empty.
  std::string_view at(std::uint64_t seq) const;
  // Whether a reader that has seen everything up to `after` can go on without a gap. A number newer
  // than the newest is a gap too: it comes from another life of the server.
  bool follows(std::uint64_t after) const noexcept;

 private:
  std::deque<std::string> events_;
  std::uint64_t newest_ = 0;
  std::size_t bytes_ = 0;
};

class Topic;

struct Subscriber {
  Topic* topic = nullptr;
  std::uint32_t position = 0;  // in its list
  std::uint8_t row = 0;
  bool listed = false;
};

// Frames of several events for each strategy, which are to leave in one write.
struct Gathered {
  std::array<std::string, kMaxStrategies> bytes;
  std::array<std::uint32_t, kMaxStrategies> events{};
};

class Topic {
 public:
  explicit Topic(std::string name) : name_(std::move(name)) {}

  const std::string& name() const noexcept { return name_; }
  EventLog& log() noexcept { return log_; }
  const EventLog& log() const noexcept { return log_; }
  std::vector<Subscriber*>& list(std::size_t strategy) noexcept { return lists_[strategy]; }

  void add(Subscriber& subscriber, std::size_t strategy);
  void remove(Subscriber& subscriber) noexcept;  // the last of the list takes its place
  // Readers that have this topic in hand but are not listed (a stream that catches up): they keep
  // the topic from being forgotten.
  void pin() noexcept { ++pins_; }
  void unpin() noexcept { --pins_; }
  bool unused() const noexcept;
  // What waits for those who are listed; null: nothing. It is theirs alone: who is to be listed
  // comes behind it.
  std::unique_ptr<Gathered> gathered;

 private:
  std::string name_;
  EventLog log_;
  std::array<std::vector<Subscriber*>, kMaxStrategies> lists_;
  std::size_t pins_ = 0;
};

class Topics {
 public:
  Topics(std::size_t max_topics, LogBounds per_topic, std::size_t total_bytes)
      : bounds_(per_topic), max_topics_(max_topics), total_bytes_(total_bytes) {}

  Topic* find(std::string_view name) noexcept;   // null when it was never used
  Topic* open(std::string_view name);            // null when there are max_topics already
  Topic& open_unbounded(std::string_view name);  // whoever let its event in has looked at the bound
  // False when the event would take all logs together over their bound.
  bool has_room(const Topic& topic, std::string_view text) const noexcept;
  // 0 when there is no room.
  std::uint64_t append(Topic& topic, std::string_view text);
  std::uint64_t append_unbounded(Topic& topic, std::string_view text);
  // A topic that nobody waits for and that never had an event holds nothing worth its place.
  void forget_if_unused(Topic& topic);

  std::size_t size() const noexcept { return topics_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::unordered_map<std::string, std::unique_ptr<Topic>, Hash, std::equal_to<>> topics_;
  LogBounds bounds_;
  std::size_t max_topics_;
  std::size_t total_bytes_;
  std::size_t bytes_ = 0;
};

}  // namespace pushbench::servers
