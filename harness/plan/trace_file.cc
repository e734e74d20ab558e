#include "harness/plan/trace_file.h"

#include "harness/base/text.h"
#include "harness/plan/payload_file.h"
#include "harness/plan/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace pushbench::plan {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::size_t kMaxLineShown = 40;  // of a line, in a message
constexpr std::string_view kExpected =
    "expected seconds from the start such as 12.25, or an instant such as 2026-11-21T18:30:00.25Z";

// Takes pieces off the front of a line; once one does not fit, nothing fits any more.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool fits() const { return fits_; }
  bool done() const { return rest_.empty(); }
  bool next_is(char c) const { return !rest_.empty() && rest_.front() == c; }

  void character(char c) {
    fits_ = fits_ && next_is(c);
    rest_.remove_prefix(fits_ ? 1 : 0);
  }

  std::int64_t digits(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    while (size < rest_.size() && size < most && rest_[size] >= '0' && rest_[size] <= '9') {
      ++size;
    }
    fits_ = fits_ && size >= least;
    std::int64_t value = 0;
    if (fits_) {
      std::from_chars(rest_.data(), rest_.data() + size, value);
      rest_.remove_prefix(size);
    }
    return value;
  }

  // ".25" as nanoseconds; 0 when there is no point.
  std::int64_t fraction() {
    if (!fits_ || !next_is('.')) {
      return 0;
    }
    character('.');
    const std::size_t before = rest_.size();
    std::int64_t value = digits(1, 9);
    for (std::size_t shown = before - rest_.size(); fits_ && shown < 9; ++shown) {
      value *= 10;
    }
    return value;
  }

 private:
  std::string_view rest_;
  bool fits_ = true;
};

std::optional<Nanos> seconds_of(std::string_view text) {
  Reader reader(text);
  const std::int64_t whole = reader.digits(1, 9);
  const std::int64_t part = reader.fraction();
  if (!reader.fits() || !reader.done()) {
    return std::nullopt;
  }
  return Nanos(whole * kSecond + part);
}

// What stands behind the time: "Z", "+01:00", "-05:30".
std::chrono::minutes offset_of(Reader& reader) {
  if (reader.next_is('Z')) {
    reader.character('Z');
    return {};
  }
  const bool west = reader.next_is('-');
  reader.character(west ? '-' : '+');
  const auto hours = reader.digits(2, 2);
  reader.character(':');
  const auto minutes = reader.digits(2, 2);
  const auto all = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return hours > 23 || minutes > 59 ? std::chrono::minutes::max() : (west ? -all : all);
}

// RFC 3339, section 5.6, without leap seconds.
std::optional<Nanos> instant_of(std::string_view text) {
  Reader reader(text);
  const auto year = static_cast<int>(reader.digits(4, 4));
  reader.character('-');
  const auto month = static_cast<unsigned>(reader.digits(2, 2));
  reader.character('-');
  const auto day = static_cast<unsigned>(reader.digits(2, 2));
  reader.character('T');
  const auto hour = reader.digits(2, 2);
  reader.character(':');
  const auto minute = reader.digits(2, 2);
  reader.character(':');
  const auto second = reader.digits(2, 2);
  const auto part = reader.fraction();
  const auto offset = offset_of(reader);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  const bool in_a_day = hour <= 23 && minute <= 59 && second <= 59;
  // Within these years nanoseconds fit into 64 bits.
  if (!reader.fits() || !reader.done() || !date.ok() || !in_a_day || year < 1970 || year > 2200 ||
      offset == std::chrono::minutes::max()) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) + Nanos(part) - offset;
}

std::string_view without_blanks(std::string_view line) {
  constexpr std::string_view kSpace = " \t\r";
  line = line.substr(0, line.find('#'));
  const auto from = line.find_first_not_of(kSpace);
  return from == std::string_view::npos
             ? std::string_view()
             : line.substr(from, line.find_last_not_of(kSpace) - from + 1);
}

std::string shown(std::string_view line) {
  return "'" + printable(line.substr(0, kMaxLineShown)) +
         (line.size() > kMaxLineShown ? "…'" : "'");
}

// Fills a trace line by line; the empty text is consent.
class Lines {
 public:
  std::string take(std::string_view line) {
    const bool instant = line.find('T') != std::string_view::npos;
    const auto at = instant ? instant_of(line) : seconds_of(line);
    if (!at) {
      return fmt::format("{}, got {}", kExpected, shown(line));
    }
    if (due_.empty()) {
      instants_ = instant;
      zero_ = instant ? *at : Nanos(0);
    }
    if (instant != instants_) {
      return "mixes seconds and instants; use one of them in a file";
    }
    if (!due_.empty() && *at - zero_ < due_.back()) {
      return fmt::format("{} is before the line above it; sort the file", shown(line));
    }
    if (*at - zero_ > kMaxTraceLength) {
      return fmt::format("{} is more than 31 days after the start", shown(line));
    }
    if (due_.size() == kMaxTraceEvents) {
      return fmt::format("is one event more than the {} that a trace may have",
                         human_count(static_cast<double>(kMaxTraceEvents)));
    }
    due_.push_back(*at - zero_);
    return "";
  }
  std::vector<Nanos> take_due() { return std::move(due_); }

 private:
  std::vector<Nanos> due_;
  Nanos zero_{};
  bool instants_ = false;
};

// FNV-1a, 64 bits, over the instants in nanoseconds, as Scenario::hash().
std::string digest_of(const std::vector<Nanos>& due) {
  std::uint64_t state = 0xcbf29ce484222325ULL;
  for (const Nanos at : due) {
    auto value = static_cast<std::uint64_t>(at.count());
    for (std::size_t i = 0; i < sizeof value; ++i) {
      state = (state ^ (value & 0xffU)) * 0x100000001b3ULL;
      value >>= 8U;
    }
  }
  return fmt::format("{:016x}", state);
}

}  // namespace

Result<Trace> parse_trace(std::string_view text, const std::string& file) {
  Lines lines;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = without_blanks(text.substr(0, end));
    const auto complaint = line.empty() ? std::string() : lines.take(line);
    if (!complaint.empty()) {
      return usage(fmt::format("{}:{}: {}", printable(file), number, complaint));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  Trace trace;
  trace.file = file;
  trace.due = lines.take_due();
  trace.events = trace.due.size();
  if (trace.events < 2 || trace.due.front() == trace.due.back()) {
    return usage(fmt::format("{}: has {}; a rate needs two instants that differ", printable(file),
                             trace.events == 0   ? "no instant"
                             : trace.events == 1 ? "one instant"
                                                 : "instants that are all the same"));
  }
  const auto gaps = static_cast<Nanos::rep>(trace.events - 1);
  trace.period =
      trace.due.back() + std::max(Nanos(1), (trace.due.back() - trace.due.front()) / gaps);
  trace.digest = digest_of(trace.due);
  return trace;
}

Result<Trace> load_trace(const std::string& file, const std::string& directory) {
  const auto path = path_below(file, directory);
  if (!path) {
    return path.error();
  }
  const auto text = read_small_file(*path, kMaxTraceFileBytes);
  return text ? parse_trace(*text, file) : Result<Trace>(text.error());
}

double rate_of(const Trace& trace) {
  return static_cast<double>(trace.events) / seconds_of(trace.period);
}

std::uint64_t most_within(const Trace& trace, Nanos length) {
  const auto rounds = static_cast<std::uint64_t>(length / trace.period);
  const Nanos rest = length % trace.period;
  const std::size_t n = trace.due.size();
  const auto at = [&](std::size_t i) {
    return i < n ? trace.due[i] : trace.due[i - n] + trace.period;
  };
  std::size_t most = 0;
  std::size_t end = 0;
  for (std::size_t begin = 0; begin < n; ++begin) {
    end = std::max(end, begin);
    while (end < 2 * n && at(end) <= at(begin) + rest) {
      ++end;
    }
    most = std::max(most, std::min(end - begin, n));
  }
  return rounds * trace.events + most;
}

}  // namespace pushbench::plan
