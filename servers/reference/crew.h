// The loops of a server with several threads, and what they tell each other. Every loop holds all
// topics and all events, and a part of the clients. An event gets its number and goes into the
// mailbox of every loop in one step, under one lock, so that all loops see one order of each topic,
// and whoever has seen an event finds it, or its mail, on any other loop. Nothing on the way from a
// loop to its clients is shared: a publish takes the lock once, and a loop once for all the mail
// that has come. Threads: each function says who may call it.
#pragma once

#include "harness/base/time.h"
#include "servers/reference/metrics.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pushbench::servers {

class Loop;

struct Mail {
  std::string topic;
  std::uint64_t number;  // in the topic, from 1
  std::string text;
};
using Mails = std::vector<std::shared_ptr<const Mail>>;

class Crew {
 public:
  // Bytes of events in one mailbox; beyond it no loop takes another event (507).
  static constexpr std::size_t kMaxMail = std::size_t{64} * 1024 * 1024;

  void join(Loop& loop);  // before any of them runs

  // The thread of the loop `from` or `own`:
  // Puts the event into every mailbox and wakes the other loops. 0: a mailbox is full.
  std::uint64_t publish(const Loop& from, const std::string& topic, std::string_view text);
  Mails collect(const Loop& own);  // what its mailbox holds
  // The figures of a loop as they are now, and those of all: the others' as they last were shown.
  void show(const Loop& own, const Metrics& figures);
  Metrics sum(const Loop& own, const Metrics& figures);

  // Any thread:
  // Counts a connection of any loop, unless `most` are open.
  bool admit(std::size_t most) noexcept;
  void closed() noexcept { --open_; }

 private:
  struct Member {
    Loop* loop;
    std::atomic<bool> has_mail{false};  // so that a loop without any takes no lock
    Mails mails;                        // from here on guarded by mutex_
    std::size_t bytes = 0;
    Metrics shown;
  };
  Member& member_of(const Loop& loop) noexcept;

  std::vector<std::unique_ptr<Member>> members_;
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;
  std::unordered_map<std::string, std::uint64_t> numbers_;  // the newest of each topic
};

}  // namespace pushbench::servers
