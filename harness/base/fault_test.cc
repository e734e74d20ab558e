#include "harness/base/fault.h"

#include <boost/asio/error.hpp>
#include <gtest/gtest.h>

#include <cerrno>
#include <set>

namespace pushbench {
namespace {

error_code system_error(int value) {
  return {value, boost::system::system_category()};
}

TEST(Fault, EveryClassHasAName) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    const auto name = fault_name(static_cast<Fault>(i));
    EXPECT_FALSE(name.empty());
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(Fault, EveryClassReadsAsWordsInASentence) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < kFaultCount; ++i) {
    const auto words = fault_words(static_cast<Fault>(i));
    EXPECT_NE(words.find(' '), std::string_view::npos) << words;
    EXPECT_TRUE(seen.insert(words).second) << words;
  }
}

TEST(Fault, NamesWhatTheKernelSays) {
  EXPECT_EQ(fault_of(system_error(ECONNREFUSED)), Fault::kRefused);
  EXPECT_EQ(fault_of(system_error(EPIPE)), Fault::kReset);
  EXPECT_EQ(fault_of(system_error(EADDRNOTAVAIL)), Fault::kNoPorts);
  EXPECT_EQ(fault_of(system_error(EMFILE)), Fault::kNoDescriptors);
  EXPECT_EQ(fault_of(boost::asio::error::eof), Fault::kClosed);
}

TEST(Fault, NamesWhatThePeerDidWrong) {
  EXPECT_EQ(fault_of(Errc::kBadStatus), Fault::kHttpStatus);
  EXPECT_EQ(fault_of(Errc::kBadChunk), Fault::kBadHead);
  EXPECT_EQ(fault_of(Errc::kBadText), Fault::kBadFrame);
  EXPECT_EQ(fault_of(Errc::kTruncated), Fault::kClosed);
  EXPECT_EQ(fault_of(Errc::kTimeout), Fault::kTimeout);
}

}  // namespace
}  // namespace pushbench
