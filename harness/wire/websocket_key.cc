#include "harness/wire/websocket_key.h"

#include "harness/base/check.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/random.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>

namespace pushbench::wire {
namespace {

void fill_random(std::span<unsigned char> out) noexcept {
  while (!out.empty()) {
    const auto got = ::getrandom(out.data(), out.size(), 0);
    PUSHBENCH_CHECK(got > 0 || errno == EINTR);
    out = out.subspan(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
}

std::string base64(std::span<const unsigned char> bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // EVP writes a NUL behind it
  const auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                    static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

// SHA1() looks the algorithm up and makes a context at every call: several times the digest's cost.
class Sha1 {
 public:
  using Digest = std::array<unsigned char, SHA_DIGEST_LENGTH>;

  static Digest of(std::string_view text) {
    thread_local const Sha1 kOwn;
    Digest digest;
    PUSHBENCH_CHECK(EVP_DigestInit_ex2(kOwn.context_.get(), kOwn.algorithm_.get(), nullptr) == 1 &&
                    EVP_DigestUpdate(kOwn.context_.get(), text.data(), text.size()) == 1 &&
                    EVP_DigestFinal_ex(kOwn.context_.get(), digest.data(), nullptr) == 1);
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD* algorithm) const noexcept { EVP_MD_free(algorithm); }
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };

  std::unique_ptr<EVP_MD, Free> algorithm_{EVP_MD_fetch(nullptr, "SHA1", nullptr)};
  std::unique_ptr<EVP_MD_CTX, Free> context_{EVP_MD_CTX_new()};
};

}  // namespace

std::string websocket_accept(std::string_view key) {
  std::string text(key);
  text.append("258EAFA5-E914-47DA-95CA-C5AB0DC85B11");  // RFC 6455 section 1.3
  return base64(Sha1::of(text));
}

std::string random_websocket_key() {
  std::array<unsigned char, 16> bytes;
  fill_random(bytes);
  return base64(bytes);
}

std::uint32_t random_mask() noexcept {
  // One system call for 64 masks. A thread's own, so there is nothing to lock.
  constexpr std::size_t kBatch = 64;
  thread_local std::array<std::uint32_t, kBatch> masks;
  thread_local std::size_t left = 0;
  if (left == 0) {
    fill_random(std::span(reinterpret_cast<unsigned char*>(masks.data()), sizeof masks));
    left = kBatch;
  }
  return masks[--left];
}

}  // namespace pushbench::wire
