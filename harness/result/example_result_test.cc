#include <gtest/gtest.h>
TEST(Xexample_result, Y) {}
