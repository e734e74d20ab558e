// The V2 encoding of Histogram. Reading is strict: the text may come from a file that somebody
// else wrote, so every size is bounded before memory is taken for it.
#include "harness/base/check.h"
#include "harness/stats/base64.h"
#include "harness/stats/histogram.h"

#include <fmt/format.h>

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pushbench::stats {
namespace {

constexpr std::uint32_t kPlainCookie = 0x1c849303 | 0x10;
constexpr std::uint32_t kCompressedCookie = 0x1c849304 | 0x10;
constexpr std::size_t kWrapperBytes = 8;  // cookie, length of what follows
constexpr std::size_t kHeaderBytes = 40;  // of the plain encoding
constexpr std::size_t kMostCountBytes = 9;
constexpr std::size_t kMostCounters = (std::size_t{16} << 20) / sizeof(std::uint64_t);
constexpr std::size_t kMostPlainBytes = kHeaderBytes + kMostCounters * kMostCountBytes;
// Deflate can make incompressible bytes a little longer, base64 adds a third.
constexpr std::size_t kMostTextBytes = kMostPlainBytes / 2 * 3;
// Readers in JavaScript hold no larger whole numbers; a run could not record so many.
constexpr std::uint64_t kMostTotal = std::uint64_t{1} << 53;

constexpr std::uint64_t kRatioOne = std::bit_cast<std::uint64_t>(1.0);
// hdr-histogram-js writes the integer 1 where a double belongs, and with it an offset of 1 that it
// does not apply.
constexpr std::uint64_t kRatioPlaceholder = 1;

template <class T>
void append_big_endian(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>((value >> shift) & 0xff);
  }
}

// LEB128 as HdrHistogram varies it: at most nine bytes, the ninth holds eight bits.
void append_count(std::string& out, std::uint64_t zigzag) {
  for (std::size_t i = 0; i + 1 < kMostCountBytes && zigzag >= 0x80; ++i) {
    out += static_cast<char>((zigzag & 0x7f) | 0x80);
    zigzag >>= 7;
  }
  out += static_cast<char>(zigzag);
}

Failure bad(std::string_view what) {
  return usage(fmt::format(
      "encoded histogram: {}; expected the \"HISTFAAA…\" text of HdrHistogram's V2 encoding",
      what));
}

// Takes numbers off the front. REQUIRES of take(): sizeof(T) bytes left.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  bool done() const { return rest_.empty(); }

  template <class T>
  T take() {
    PUSHBENCH_CHECK(rest_.size() >= sizeof(T));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = value << 8 | static_cast<unsigned char>(rest_[i]);
    }
    rest_.remove_prefix(sizeof(T));
    return static_cast<T>(value);
  }

  std::optional<std::uint64_t> take_count() {
    std::uint64_t zigzag = 0;
    for (std::size_t i = 0; i < rest_.size() && i < kMostCountBytes; ++i) {
      const std::uint64_t byte = static_cast<unsigned char>(rest_[i]);
      const bool last = byte < 0x80 || i + 1 == kMostCountBytes;
      zigzag |= (i + 1 == kMostCountBytes ? byte : byte & 0x7f) << (7 * i);
      if (last) {
        rest_.remove_prefix(i + 1);
        return zigzag;
      }
    }
    return std::nullopt;
  }

 private:
  std::string_view rest_;
};

// Inflates in steps of known size, so that a small text cannot grow without bound.
class Inflater {
 public:
  explicit Inflater(std::string_view compressed) {
    PUSHBENCH_CHECK(inflateInit(&stream_) == Z_OK);
    // zlib never writes through next_in; its type is older than const.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
    stream_.avail_in = static_cast<uInt>(compressed.size());
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Exactly `size` bytes, or nothing.
  std::optional<std::string> next(std::size_t size) {
    std::string out(size, '\0');
    return inflate_into(out) == size ? std::optional(std::move(out)) : std::nullopt;
  }

  // True when the stream ends here, its checksum holds and nothing follows.
  bool ends() {
    std::string spare(1, '\0');
    return inflate_into(spare) == 0 && ended_ && stream_.avail_in == 0;
  }

 private:
  std::size_t inflate_into(std::string& out) {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    int status = Z_OK;
    while (!ended_ && status == Z_OK && stream_.avail_out > 0) {
      status = inflate(&stream_, Z_NO_FLUSH);
      ended_ = status == Z_STREAM_END;
    }
    return out.size() - stream_.avail_out;
  }

  z_stream stream_{};
  bool ended_ = false;
};

struct Header {
  HistogramShape shape;
  std::size_t payload_bytes = 0;
};

Result<Header> read_header(std::string_view bytes) {
  Reader reader(bytes);
  if (reader.take<std::uint32_t>() != kPlainCookie) {
    return bad("the compressed part does not begin with the cookie 0x1c849313");
  }
  Header header;
  header.payload_bytes = reader.take<std::uint32_t>();
  const auto offset = reader.take<std::uint32_t>();
  header.shape.digits = static_cast<int>(std::min(reader.take<std::uint32_t>(), 6U));
  header.shape.lowest = reader.take<std::int64_t>();
  header.shape.highest = reader.take<std::int64_t>();
  const auto ratio = reader.take<std::uint64_t>();
  if (ratio != kRatioOne && ratio != kRatioPlaceholder) {
    return bad("it scales its values, and only whole values can be read");
  }
  if (offset != 0 && !(offset == 1 && ratio == kRatioPlaceholder)) {
    return bad(fmt::format("its counts are shifted by {}, and only 0 can be read", offset));
  }
  return header;
}

std::optional<Failure> check_size(const Header& header) {
  const std::string fault = shape_fault(header.shape);
  if (!fault.empty()) {
    return bad(fault);
  }
  const std::size_t counters = BucketLayout(header.shape).counters();
  if (counters > kMostCounters) {
    return bad(
        fmt::format("it needs {} counters, more than the {} allowed", counters, kMostCounters));
  }
  if (header.payload_bytes > counters * kMostCountBytes) {
    return bad(fmt::format("it announces {} bytes of counts, more than its {} counters can fill",
                           header.payload_bytes, counters));
  }
  return std::nullopt;
}

// Odd numbers are runs of zeros, even ones are counts: zigzag of negative and positive.
std::optional<Failure> read_counts(std::string_view payload, std::vector<std::uint64_t>& counts) {
  Reader reader(payload);
  std::size_t index = 0;
  std::uint64_t total = 0;
  while (!reader.done()) {
    const auto zigzag = reader.take_count();
    if (!zigzag) {
      return bad("its last count is cut short");
    }
    const std::uint64_t half = *zigzag >> 1;
    const bool zeros = (*zigzag & 1) != 0;
    const std::uint64_t step = zeros ? half + 1 : 1;
    if (step > counts.size() - index) {
      return bad(fmt::format("it holds counts beyond its {} counters", counts.size()));
    }
    if (!zeros) {
      if (half > kMostTotal - total) {
        return bad("its counts add up to more than 2^53");
      }
      counts[index] = half;
      total += half;
    }
    index += static_cast<std::size_t>(step);
  }
  return std::nullopt;
}

Result<std::string> unwrap(std::string_view text) {
  if (text.size() > kMostTextBytes) {
    return bad(fmt::format("the text has {} bytes, more than the {} allowed", text.size(),
                           kMostTextBytes));
  }
  auto bytes = from_base64(text);
  if (!bytes) {
    return bad("the text is not base64");
  }
  if (bytes->size() < kWrapperBytes) {
    return bad(fmt::format("the text holds {} bytes, fewer than its head", bytes->size()));
  }
  Reader reader(*bytes);
  if (reader.take<std::uint32_t>() != kCompressedCookie) {
    return bad("it does not begin with the cookie 0x1c849314");
  }
  const std::size_t announced = reader.take<std::uint32_t>();
  if (announced != bytes->size() - kWrapperBytes) {
    return bad(fmt::format("it announces {} compressed bytes and holds {}", announced,
                           bytes->size() - kWrapperBytes));
  }
  // Spelt out: a string alone could stand for a Failure as well.
  return Result<std::string>(boost::system::in_place_value, *bytes, kWrapperBytes);
}

}  // namespace

std::string Histogram::encode_plain() const {
  // The first counter is always written, as in the other implementations.
  std::size_t used = counts_.size();
  while (used > 1 && counts_[used - 1] == 0) {
    --used;
  }
  std::string payload;
  for (std::size_t i = 0; i < used;) {
    std::size_t zeros = 0;
    while (i + zeros < used && counts_[i + zeros] == 0) {
      ++zeros;
    }
    // A single zero is written as the count 0, a run as its negative length.
    append_count(payload, zeros > 1 ? zeros * 2 - 1 : counts_[i] * 2);
    i += std::max<std::size_t>(zeros, 1);
  }
  std::string plain;
  append_big_endian(plain, kPlainCookie);
  append_big_endian(plain, static_cast<std::uint32_t>(payload.size()));
  append_big_endian(plain, std::uint32_t{0});  // normalizing index offset
  append_big_endian(plain, static_cast<std::uint32_t>(shape_.digits));
  append_big_endian(plain, static_cast<std::uint64_t>(shape_.lowest));
  append_big_endian(plain, static_cast<std::uint64_t>(shape_.highest));
  append_big_endian(plain, kRatioOne);
  return plain + payload;
}

std::string Histogram::encode() const {
  const std::string plain = encode_plain();
  uLongf size = compressBound(static_cast<uLong>(plain.size()));
  std::string compressed(size, '\0');
  const int status =
      compress(reinterpret_cast<Bytef*>(compressed.data()), &size,
               reinterpret_cast<const Bytef*>(plain.data()), static_cast<uLong>(plain.size()));
  PUSHBENCH_CHECK(status == Z_OK);
  compressed.resize(size);
  std::string out;
  append_big_endian(out, kCompressedCookie);
  append_big_endian(out, static_cast<std::uint32_t>(size));
  return to_base64(out + compressed);
}

Result<Histogram> Histogram::decode(std::string_view text) {
  const auto compressed = unwrap(text);
  if (!compressed) {
    return compressed.error();
  }
  Inflater inflater(*compressed);
  const auto head = inflater.next(kHeaderBytes);
  if (!head) {
    return bad("its compressed part is damaged or cut short");
  }
  const auto header = read_header(*head);
  if (!header) {
    return header.error();
  }
  if (auto failure = check_size(*header)) {
    return *failure;
  }
  const auto payload = inflater.next(header->payload_bytes);
  if (!payload || !inflater.ends()) {
    return bad("its compressed part is damaged or not as long as announced");
  }
  Histogram histogram(header->shape);
  if (auto failure = read_counts(*payload, histogram.counts_)) {
    return *failure;
  }
  histogram.derive_from_counts();
  return histogram;
}

}  // namespace pushbench::stats
