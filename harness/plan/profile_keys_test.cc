#include "harness/plan/profile_keys.h"

#include <gtest/gtest.h>

#include <string>

namespace pushbench::plan {
namespace {

// Rates and numbers of clients have the same shapes: the same names, in the same order.
TEST(ProfileKeys, AreTheSameForBothQuantities) {
  const auto rates = rate_profile_keys();
  const auto clients = clients_profile_keys();
  ASSERT_EQ(rates.size(), clients.size());
  for (std::size_t i = 0; i < rates.size(); ++i) {
    std::string name(rates[i].path.substr(std::string_view("events.rate.").size()));
    if (name == "steps[].rate") {
      name = "steps[].clients";
    }
    EXPECT_EQ("clients." + name, clients[i].path);
    EXPECT_EQ(rates[i].required, clients[i].required) << name;
    EXPECT_EQ(find_key(rates[i].path)->about, rates[i].about);
  }
}

TEST(ProfileKeys, FillTheProfileOfTheirQuantity) {
  Draft draft;
  for (const auto& [path, text] :
       {std::pair("events.rate.daily.low", "2/s"), std::pair("events.rate.daily.high", "120/min"),
        std::pair("clients.ramp.to", "1k")}) {
    const Key* key = find_key(path);
    ASSERT_NE(key, nullptr) << path;
    key->set(draft, *read_value(*key, text));
  }
  EXPECT_DOUBLE_EQ(draft.rate->low, 2);
  EXPECT_DOUBLE_EQ(draft.rate->high, 2);
  EXPECT_DOUBLE_EQ(draft.clients->to, 1000);
}

}  // namespace
}  // namespace pushbench::plan
