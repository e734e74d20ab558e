#include "servers/floor/calls.h"

#include "harness/base/descriptors.h"
#include "harness/base/time.h"
#include "servers/floor/sockets.h"

#include <fmt/format.h>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace pushbench::servers::floor {
namespace {

constexpr std::size_t kMessage = 132;  // an event of 128 bytes in a WebSocket frame
constexpr std::size_t kTogether = 16;  // messages in one coalesced write
constexpr std::size_t kPlainCalls = 200'000;

class Stopwatch {
 public:
  void start() { began_ = steady_now(); }
  void stop(std::size_t calls) {
    sum_ += steady_now() - began_;
    calls_ += calls;
  }
  CallCost cost(std::string_view call) const {
    return {call,
            calls_ == 0 ? 0 : static_cast<double>(sum_.count()) / static_cast<double>(calls_)};
  }

 private:
  TimePoint began_;
  Nanos sum_{};
  std::size_t calls_ = 0;
};

struct Pair {
  Descriptor sender, receiver;
};

class Bench {
 public:
  explicit Bench(const CallsOptions& options) : options_(options) {}

  Result<std::vector<CallCost>> run() {
    if (const auto ready = connect(); !ready) {
      return ready.error();
    }
    plain_calls();
    messages(1, "write of 132 bytes", "read of 132 bytes");
    messages(kTogether, "write of 16 × 132 bytes", "read of 16 × 132 bytes");
    waits();
    return costs_;
  }

 private:
  Result<void> connect() {
    const std::uint64_t limit = raise_descriptor_limit();
    if (limit < 2 * std::uint64_t{options_.pairs} + kReservedDescriptors) {
      return could_not_run(fmt::format(
          "{} pairs need {} descriptors and this process may have {}; take fewer by --pairs",
          options_.pairs, 2 * options_.pairs + kReservedDescriptors, limit));
    }
    const auto listener = listen_on(0);
    if (!listener) {
      return listener.error();
    }
    Stopwatch watch;
    const std::uint16_t port = port_of(listener->get());
    watch.start();
    for (std::uint32_t i = 0; i < options_.pairs; ++i) {
      Pair pair;
      pair.receiver = connect_to(port, 0);
      pair.sender = Descriptor(::accept4(listener->get(), nullptr, nullptr, SOCK_NONBLOCK));
      if (!pair.sender || !pair.receiver) {
        return could_not_run("a loopback connection could not be made");
      }
      pairs_.push_back(std::move(pair));
    }
    watch.stop(options_.pairs);
    costs_.push_back(watch.cost("socket, connect and accept of one connection"));
    return {};
  }

  void plain_calls() {
    Stopwatch watch;
    watch.start();
    for (std::size_t i = 0; i < kPlainCalls; ++i) {
      static_cast<void>(::syscall(SYS_getppid));
    }
    watch.stop(kPlainCalls);
    costs_.push_back(watch.cost("empty call (getppid)"));
    Stopwatch reads;
    reads.start();
    for (std::size_t i = 0; i < kPlainCalls; ++i) {
      read_from(pairs_[i % pairs_.size()]);
    }
    reads.stop(kPlainCalls);
    costs_.push_back(reads.cost("read that finds nothing"));
  }

  void messages(std::size_t together, std::string_view write_name, std::string_view read_name) {
    const std::string message(kMessage * together, 'x');
    Stopwatch writes;
    Stopwatch reads;
    for (std::uint32_t round = 0; round < options_.rounds; ++round) {
      writes.start();
      for (const Pair& pair : pairs_) {
        write_whole(pair.sender.get(), message);
      }
      writes.stop(pairs_.size());
      reads.start();
      for (const Pair& pair : pairs_) {
        read_from(pair);
      }
      reads.stop(pairs_.size());
    }
    costs_.push_back(writes.cost(write_name));
    costs_.push_back(reads.cost(read_name));
  }

  // As a client meets them: the receivers are in one epoll set, and all of them have something.
  void waits() {
    Epoll epoll;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      epoll.add(pairs_[i].receiver.get(), EPOLLIN, static_cast<std::uint32_t>(i));
    }
    const std::string message(kMessage, 'x');
    Stopwatch waiting;
    Stopwatch reading;
    for (std::uint32_t round = 0; round < options_.rounds; ++round) {
      for (const Pair& pair : pairs_) {
        write_whole(pair.sender.get(), message);
      }
      for (;;) {
        waiting.start();
        const auto events = epoll.wait(0);
        waiting.stop(events.size());
        if (events.empty()) {
          break;
        }
        reading.start();
        for (const epoll_event& event : events) {
          read_from(pairs_[event.data.u32]);
        }
        reading.stop(events.size());
      }
    }
    costs_.push_back(waiting.cost("epoll_wait, per event"));
    costs_.push_back(reading.cost("read of 132 bytes behind epoll_wait"));
  }

  void read_from(const Pair& pair) {
    static_cast<void>(::recv(pair.receiver.get(), buffer_.data(), buffer_.size(), 0));
  }

  const CallsOptions& options_;
  std::vector<Pair> pairs_;
  std::vector<CallCost> costs_;
  std::array<char, 4096> buffer_;
};

}  // namespace

Result<std::vector<CallCost>> measure_calls(const CallsOptions& options) {
  return Bench(options).run();
}

std::string calls_table(const std::vector<CallCost>& costs) {
  std::string out = fmt::format("{:<46}{:>10}\n", "call", "ns");
  for (const CallCost& cost : costs) {
    // Counted by characters: fmt takes UTF-8 for what it is.
    out += fmt::format("{:<46}{:>10.0f}\n", cost.call, cost.ns);
  }
  return out;
}

}  // namespace pushbench::servers::floor
