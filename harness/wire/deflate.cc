#include "harness/wire/deflate.h"

#include "harness/base/check.h"

#include <zlib.h>

#include <algorithm>
#include <utility>

namespace pushbench::wire {
namespace {

constexpr int kRaw = -MAX_WBITS;  // a window of 32 KiB, no wrapping
constexpr int kGzipOnly = MAX_WBITS + 16;
constexpr int kMemory = 8;              // zlib's own default
constexpr std::size_t kFlushRoom = 16;  // the tail of a block, and bits before it
constexpr std::size_t kFirstRoom = 4096;

// zlib never writes through next_in; its type is older than const.
Bytef* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

ZStream make_stream(bool inflates) {
  return {new z_stream(), EndStream{inflates}};
}

// Of the data type that inflate() leaves behind: it stands between blocks; behind the last one.
constexpr int kBetweenBlocks = 128;
constexpr int kInLastBlock = 64;

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) {
    out += static_cast<char>(value & 0xFFU);
    value >>= 8U;
  }
}

}  // namespace

void EndStream::operator()(z_stream_s* stream) const noexcept {
  inflates ? ::inflateEnd(stream) : ::deflateEnd(stream);
  delete stream;
}

void Deflater::append(std::string_view text, int flush) {
  if (!stream_) {
    stream_ = make_stream(false);
    PUSHBENCH_CHECK(::deflateInit2(stream_.get(), level_, Z_DEFLATED, kRaw, kMemory,
                                   Z_DEFAULT_STRATEGY) == Z_OK);
  }
  z_stream& z = *stream_;
  PUSHBENCH_CHECK(::deflateReset(&z) == Z_OK);
  const std::size_t before = out_.size();
  out_.resize(before + ::deflateBound(&z, text.size()) + kFlushRoom);
  z.next_in = bytes_of(text);
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out_.data() + before);
  z.avail_out = static_cast<uInt>(out_.size() - before);
  const int done = ::deflate(&z, flush);
  PUSHBENCH_CHECK(done == (flush == Z_FINISH ? Z_STREAM_END : Z_OK) && z.avail_out > 0);
  out_.resize(out_.size() - z.avail_out);
}

std::string_view Deflater::block(std::string_view text) {
  out_.clear();
  append(text, Z_SYNC_FLUSH);
  return out_;
}

std::string_view Deflater::message(std::string_view text) {
  std::string_view data = block(text);
  data.remove_suffix(kBlockTail.size());
  return data;
}

std::string_view Deflater::gzip(std::string_view text) {
  out_ = kGzipHead;
  append(text, Z_FINISH);
  const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
  append_little_endian(out_, static_cast<std::uint32_t>(::crc32_z(0, bytes, text.size())));
  append_little_endian(out_, static_cast<std::uint32_t>(text.size()));
  return out_;
}

Inflater::Outcome Inflater::message(std::string_view data,
                                    std::size_t most,
                                    std::string_view& text) {
  if (!stream_) {
    stream_ = make_stream(true);
    PUSHBENCH_CHECK(::inflateInit2(stream_.get(), kRaw) == Z_OK);
  }
  PUSHBENCH_CHECK(::inflateReset(stream_.get()) == Z_OK);
  size_ = 0;
  Outcome outcome = feed(data, most);
  if (outcome == Outcome::kWhole) {
    outcome = feed(kBlockTail, most);
  }
  const bool ended = (stream_->data_type & kBetweenBlocks) != 0;
  outcome = outcome == Outcome::kWhole && !ended ? Outcome::kBroken : outcome;
  text = std::string_view(out_).substr(0, size_);
  return outcome;
}

Inflater::Outcome Inflater::feed(std::string_view data, std::size_t most) {
  z_stream& z = *stream_;
  z.next_in = bytes_of(data);
  z.avail_in = static_cast<uInt>(data.size());
  for (;;) {
    if (size_ == out_.size()) {  // a byte more than allowed shows that there are more
      out_.resize(std::min(std::max(kFirstRoom, 2 * size_), most + 1));
    }
    z.next_out = reinterpret_cast<Bytef*>(out_.data() + size_);
    z.avail_out = static_cast<uInt>(out_.size() - size_);
    const int done = ::inflate(&z, Z_SYNC_FLUSH);
    size_ = out_.size() - z.avail_out;
    if (size_ > most) {
      return Outcome::kTooLarge;
    }
    if (done == Z_STREAM_END) {  // a last block, behind which others may come (section 7.2.3.5)
      PUSHBENCH_CHECK(::inflateReset(&z) == Z_OK);
    } else if (done != Z_OK && done != Z_BUF_ERROR) {
      return Outcome::kBroken;
    }
    if (z.avail_in == 0 && z.avail_out > 0) {
      return Outcome::kWhole;
    }
  }
}

GzipReader::GzipReader() : stream_(make_stream(true)) {
  PUSHBENCH_CHECK(::inflateInit2(stream_.get(), kGzipOnly) == Z_OK);
}

// Stops between blocks, since that alone tells where the head ends and the trailer begins.
Parsed GzipReader::next(std::string_view& input, std::string_view& text) {
  z_stream& z = *stream_;
  while (part_ != Part::kOver && (!input.empty() || more_)) {
    z.next_in = bytes_of(input);
    z.avail_in = static_cast<uInt>(input.size());
    z.next_out = reinterpret_cast<Bytef*>(piece_.data());
    z.avail_out = static_cast<uInt>(piece_.size());
    const int done = ::inflate(&z, Z_BLOCK);
    if (done != Z_OK && done != Z_STREAM_END && done != Z_BUF_ERROR) {
      return Parsed::kError;
    }
    const std::size_t used = input.size() - z.avail_in;
    input.remove_prefix(used);
    framing_ += part_ == Part::kBlocks ? 0 : used;
    if (done == Z_STREAM_END) {
      part_ = Part::kOver;
    } else if ((z.data_type & kBetweenBlocks) != 0) {
      part_ = (z.data_type & kInLastBlock) != 0 ? Part::kTrailer : Part::kBlocks;
    }
    more_ = z.avail_out == 0;
    if (z.avail_out < piece_.size()) {
      text = std::string_view(piece_.data(), piece_.size() - z.avail_out);
      return Parsed::kItem;
    }
  }
  return part_ == Part::kOver ? Parsed::kEnd : Parsed::kNeedMore;
}

std::uint64_t GzipReader::take_framing() noexcept {
  return std::exchange(framing_, 0);
}

}  // namespace pushbench::wire
