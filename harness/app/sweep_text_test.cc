#include "harness/app/sweep_text.h"

#include <gtest/gtest.h>

namespace pushbench::app {
namespace {

study::PointCell with_p99(const std::string& cell, double ms, bool sound = true) {
  return {cell, sound, {{"latency_p99_ns", ms * 1e6}}};
}

study::Sweep made_up(std::vector<study::Varied> varied) {
  study::Sweep sweep;
  sweep.scenario = "chat";
  sweep.varied = std::move(varied);
  sweep.points = *study::points_of(sweep.varied);
  return sweep;
}

std::string p99_text(const study::Sweep& sweep) {
  return sweep_text(sweep, {result::find_metric("latency_p99_ns")});
}

TEST(SweepText, OneKeyIsAListWithItsCrossover) {
  auto sweep = made_up({{"events.rate", {"1/s", "10/s", "100/s"}}});
  const double polls[] = {10, 20, 30};
  for (std::size_t i = 0; i < 3; ++i) {
    sweep.points[i].status = study::Point::Status::kDone;
    sweep.points[i].cells = {with_p99("long-polling", polls[i]), with_p99("websocket", 15)};
  }
  const std::string text = p99_text(sweep);
  EXPECT_NE(text.find("3 of 3 points"), std::string::npos) << text;
  EXPECT_NE(text.find("1.50x"), std::string::npos) << text;
  EXPECT_NE(text.find("From 1/s to 10/s: websocket overtakes long-polling."), std::string::npos)
      << text;
}

TEST(SweepText, TwoKeysAreAGrid) {
  auto sweep = made_up({{"payload", {"64B", "1kB"}}, {"link.rtt", {"0ms", "100ms"}}});
  for (auto& point : sweep.points) {
    point.status = study::Point::Status::kDone;
    point.cells = {with_p99("websocket", 10), with_p99("long-polling", 10.2)};
  }
  sweep.points[3].status = study::Point::Status::kImpossible;
  sweep.points[3].text = "too many descriptors";
  sweep.points[3].cells.clear();
  const std::string text = p99_text(sweep);
  EXPECT_NE(text.find("link.rtt"), std::string::npos) << text;
  EXPECT_NE(text.find("websocket tie"), std::string::npos) << text;
  EXPECT_NE(text.find("1kB, 100ms: too many descriptors."), std::string::npos) << text;
}

TEST(SweepText, WhatHasNotRunSaysSo) {
  auto sweep = made_up({{"clients", {"10", "20"}}});
  sweep.points[0].status = study::Point::Status::kDone;
  sweep.points[0].cells = {with_p99("websocket", 10, false)};
  const std::string text = p99_text(sweep);
  EXPECT_NE(text.find("no sound figure"), std::string::npos) << text;
  EXPECT_NE(text.find("not run yet"), std::string::npos) << text;
}

}  // namespace
}  // namespace pushbench::app
