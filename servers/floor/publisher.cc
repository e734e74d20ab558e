#include "servers/floor/publisher.h"

#include "servers/floor/http.h"
#include "servers/floor/scanner.h"

#include <fmt/format.h>

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace pushbench::servers::floor {
namespace {

constexpr int kPatienceMs = 2000;

bool wait_for(int descriptor, short events) {
  pollfd waited{descriptor, events, 0};
  return ::poll(&waited, 1, kPatienceMs) == 1;
}

}  // namespace

Publisher::Publisher(const ClientOptions& options, std::uint32_t run_tag, Descriptor socket)
    : socket_(std::move(socket)),
      run_tag_(run_tag),
      request_(fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
                           "Content-Length: {}\r\n\r\n",
                           options.publish,
                           kEventSize)),
      head_size_(request_.size()) {
  request_.resize(head_size_ + kEventSize);
}

Result<Publisher> Publisher::open(const ClientOptions& options, std::uint32_t run_tag) {
  Descriptor socket = connect_to(options.port, 0);
  int error = socket ? 0 : errno;
  if (socket && !wait_for(socket.get(), POLLOUT)) {
    error = ETIMEDOUT;
  } else if (socket) {
    error = connect_error(socket.get());
  }
  if (error != 0) {
    return could_not_run(fmt::format("cannot connect to 127.0.0.1:{}: {}; start the server first",
                                     options.port, std::strerror(error)));
  }
  return Publisher(options, run_tag, std::move(socket));
}

Result<void> Publisher::seed() {
  std::array<char, 4096> bytes;
  ssize_t got = -1;
  if (post(steady_now()) && wait_for(socket_.get(), POLLIN)) {
    got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  }
  const std::string_view text(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(0, got)));
  const auto answer = first_answer(text);
  if (!answer || !is_success(answer->status)) {
    return could_not_run(fmt::format(
        "the server did not take an event at {}: {}", request_.substr(0, request_.find(" HTTP")),
        answer ? fmt::format("status {}", answer->status) : "no answer within 2 s"));
  }
  return {};
}

bool Publisher::post(TimePoint due) {
  const bool accepted = take_answers();
  const EventText text = event_text(run_tag_, due);
  std::copy(text.begin(), text.end(), request_.begin() + static_cast<std::ptrdiff_t>(head_size_));
  return write_whole(socket_.get(), request_) && accepted;
}

// Looks at the first of the answers that have come; they are all alike.
bool Publisher::take_answers() {
  std::array<char, 4096> bytes;
  const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) {
    return errno == EAGAIN;
  }
  constexpr std::string_view kGood = "HTTP/1.1 2";
  const std::string_view text(bytes.data(), static_cast<std::size_t>(got));
  // A full buffer was cut somewhere, and so the next one begins anywhere.
  const bool aligned = text.size() < bytes.size() && text.starts_with("HTTP/1.1 ");
  return got > 0 && (!aligned || text.starts_with(kGood));
}

}  // namespace pushbench::servers::floor
