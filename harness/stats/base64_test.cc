#include "harness/stats/base64.h"

#include "harness/base/random.h"

#include <gtest/gtest.h>

namespace pushbench::stats {
namespace {

TEST(Base64, KnowsTheVectorsOfTheRfc) {  // RFC 4648 section 10
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
  EXPECT_EQ(to_base64("\xfb\xff\xfe"), "+//+");
}

TEST(Base64, RoundTripsAnyBytes) {
  Random random(1);
  for (std::size_t size = 0; size < 300; ++size) {
    std::string bytes(size, '\0');
    for (auto& byte : bytes) {
      byte = static_cast<char>(random.below(256));
    }
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  }
}

TEST(Base64, RefusesWhatIsNotBase64) {
  for (const std::string_view text : {"Z", "Zg", "Zg=", "Zg===", "=", "==", "====", "Z===",
                                      "Zg==Zg==", "Zm9=v", "Zm 9", "Zm9v\n", "Zm9-", "Zm9_",
                                      "Zh==",  // unused bits set
                                      "Zm9=", "Zm9\xff"}) {
    EXPECT_FALSE(from_base64(text).has_value()) << text;
  }
  EXPECT_FALSE(from_base64(std::string_view("Zm9\0", 4)).has_value());
}

}  // namespace
}  // namespace pushbench::stats
