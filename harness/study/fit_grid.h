// The small grid that costs are fitted from: corners and middles of clients × rate, polls at two
// intervals, with hold-out points among the others; and two numbers of clients that only wait,
// since from busy ones nobody can tell what that costs. Every point runs every strategy of the
// scenario. Pure.
#pragma once

#include "harness/plan/scenario.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace pushbench::study {

struct GridPoint {
  double clients = 1, rate = 1;  // of what the scenario has
  double interval = 1;           // of polls
  bool held_out = false;
  bool idle() const { return rate == 0; }
};

// Seven busy points to fit, two to hold out and two idle ones.
inline constexpr std::array<GridPoint, 11> kFitGrid{{{1, 1, 1, false},
                                                     {0.25, 0.25, 2, false},
                                                     {0.5, 0.5, 1, true},
                                                     {1, 0, 1, false},
                                                     {0.25, 1, 1, false},
                                                     {1, 0.25, 1, false},
                                                     {0.5, 1, 2, false},
                                                     {0.25, 0, 1, false},
                                                     {0.75, 0.75, 2, true},
                                                     {1, 0.5, 2, false},
                                                     {0.5, 0.25, 1, false}}};
inline constexpr plan::Nanos kIdleWarmup{std::chrono::milliseconds(200)};  // at least

struct GridCell {
  GridPoint point;
  std::size_t strategy = 0;  // of the scenario's
};
// All cells of a pass over the grid, in an order of its own: what the cell before leaves behind (a
// kernel's memory, sockets in TIME_WAIT, a warm host) and what drifts on the machine then meets
// each load by chance.
std::vector<GridCell> cells_of_pass(std::size_t strategies, std::uint64_t seed, std::uint32_t pass);

// What replaces the scenario's own numbers at a point. In unicast every client keeps a topic of its
// own, and its rate. An idle point keeps the rate, which a scenario cannot be without: see
// make_idle().
plan::Overrides overrides_at(const plan::Scenario& scenario,
                             const GridPoint& point,
                             const plan::Overrides& given);
void stretch_polls(plan::Scenario& scenario, double interval);

// One event, due as the warmup begins; every client polls once, when it comes. Then nothing happens
// for as long as it is measured. What a server does more seldom than that (signs of life after 15 s
// of silence) is not in it.
void make_idle(plan::Scenario& scenario);

// "12.5/s", "36/h": read back as the same to nine digits, and written without an exponent.
std::string rate_text(double per_second);

}  // namespace pushbench::study
