#include "servers/reference/pool.h"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace pushbench::servers {
namespace {

TEST(Pool, AddressesAreStableAndReused) {
  Pool<std::string, 4> pool;
  std::vector<std::string*> made;
  for (int i = 0; i < 10; ++i) {
    made.push_back(pool.make(std::to_string(i)));
  }
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(*made[static_cast<std::size_t>(i)], std::to_string(i));
  }
  EXPECT_EQ(std::set<std::string*>(made.begin(), made.end()).size(), 10U);
  std::string* const third = made[3];
  pool.release(third);
  EXPECT_EQ(pool.make("again"), third);
  EXPECT_EQ(pool.alive(), 10U);
  for (std::string* object : made) {
    pool.release(object);
  }
  EXPECT_EQ(pool.alive(), 0U);
}

struct Throws {
  explicit Throws(bool now) {
    if (now) {
      throw std::runtime_error("no");
    }
  }
};

TEST(Pool, AThrowingConstructorLosesNoPlace) {
  Pool<Throws, 2> pool;
  EXPECT_THROW(pool.make(true), std::runtime_error);
  Throws* const first = pool.make(false);
  Throws* const second = pool.make(false);
  EXPECT_EQ(pool.alive(), 2U);
  pool.release(first);
  pool.release(second);
}

}  // namespace
}  // namespace pushbench::servers
