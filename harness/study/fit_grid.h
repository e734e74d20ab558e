// The small grid that costs are fitted from: corners and middles of clients × rate, polls at two
// intervals, with hold-out points between the others, so that what drifts on the machine meets them
// alike. Every point runs every strategy of the scenario. Pure.
#pragma once

#include "harness/plan/scenario.h"

#include <array>
#include <string>

namespace pushbench::study {

struct GridPoint {
  double clients = 1, rate = 1;  // of what the scenario has
  double interval = 1;           // of polls
  bool held_out = false;
};

// Seven points to fit and two to hold out, in the order of running.
inline constexpr std::array<GridPoint, 9> kFitGrid{{{1, 1, 1, false},
                                                    {0.25, 0.25, 2, false},
                                                    {0.5, 0.5, 1, true},
                                                    {0.25, 1, 1, false},
                                                    {1, 0.25, 1, false},
                                                    {0.5, 1, 2, false},
                                                    {0.75, 0.75, 2, true},
                                                    {1, 0.5, 2, false},
                                                    {0.5, 0.25, 1, false}}};

// What replaces the scenario's own numbers at a point. In unicast every client keeps a topic of its
// own, and its rate.
plan::Overrides overrides_at(const plan::Scenario& scenario,
                             const GridPoint& point,
                             const plan::Overrides& given);
void stretch_polls(plan::Scenario& scenario, double interval);

// "12.5/s", "36/h": read back as the same to nine digits, and written without an exponent.
std::string rate_text(double per_second);

}  // namespace pushbench::study
