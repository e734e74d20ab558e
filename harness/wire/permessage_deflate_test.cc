#include "harness/wire/permessage_deflate.h"

#include <gtest/gtest.h>

namespace pushbench::wire {
namespace {

TEST(PermessageDeflate, OffersThatAreTaken) {
  for (const auto* offer : {
           "permessage-deflate",
           "permessage-deflate; client_max_window_bits",  // Chromium
           "permessage-deflate; client_max_window_bits=10",
           "permessage-deflate; client_max_window_bits=\"10\"",
           "permessage-deflate;server_no_context_takeover;client_no_context_takeover",
           "x-webkit-deflate-frame, permessage-deflate",
           "other; a=b; c=\"d\" , permessage-deflate ; client_max_window_bits",
           "permessage-deflate; unknown, permessage-deflate",
           "permessage-deflate; server_max_window_bits=9, permessage-deflate",
       }) {
    const auto answer = answer_to_deflate_offer(offer);
    ASSERT_TRUE(answer.has_value()) << offer;
    EXPECT_EQ(*answer, kDeflateOffer) << offer;
    EXPECT_EQ(read_deflate_answer(*answer), DeflateAnswer::kAgreed) << offer;
  }
  const auto answer = answer_to_deflate_offer("permessage-deflate; server_max_window_bits=15");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(*answer, std::string(kDeflateOffer) + "; server_max_window_bits=15");
  EXPECT_EQ(read_deflate_answer(*answer), DeflateAnswer::kAgreed);
}

TEST(PermessageDeflate, OffersThatAreDeclined) {
  for (const auto* offer : {
           "",
           "permessage-bzip2",
           "permessage-deflate; unknown",
           "permessage-deflate; server_no_context_takeover=1",
           "permessage-deflate; client_no_context_takeover=\"\"",
           "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
           "permessage-deflate; client_max_window_bits=7",
           "permessage-deflate; client_max_window_bits=16",
           "permessage-deflate; client_max_window_bits=08",
           "permessage-deflate; client_max_window_bits; client_max_window_bits",
           "permessage-deflate; server_max_window_bits",
           "permessage-deflate; server_max_window_bits=14",
           "permessage-deflate; server_max_window_bits=16",
           "permessage-deflate;",
           "permessage-deflate; client_max_window_bits=",
           "permessage-deflate; client_max_window_bits=\"10",
           "permessage-deflate client_max_window_bits",
           "permessage-deflate, ,",
           ";permessage-deflate",
       }) {
    EXPECT_FALSE(answer_to_deflate_offer(offer).has_value()) << offer;
  }
}

TEST(PermessageDeflate, Answers) {
  EXPECT_EQ(read_deflate_answer(""), DeflateAnswer::kDeclined);
  for (const auto* answer : {
           "permessage-deflate; server_no_context_takeover",
           "permessage-deflate; server_no_context_takeover; server_max_window_bits=8",
           "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
       }) {
    EXPECT_EQ(read_deflate_answer(answer), DeflateAnswer::kAgreed) << answer;
  }
  for (const auto* answer : {
           "permessage-deflate",  // would remember
           "permessage-deflate; server_no_context_takeover; client_max_window_bits=15",  // not
                                                                                         // offered
           "permessage-deflate; server_no_context_takeover; x",
           "other",
           "permessage-deflate; server_no_context_takeover, permessage-deflate",
       }) {
    EXPECT_EQ(read_deflate_answer(answer), DeflateAnswer::kInvalid) << answer;
  }
}

}  // namespace
}  // namespace pushbench::wire
