// What each strategy costs a server, as constants fitted from runs:
//
//   processor  cores = base + N idle + requests/s c_request + deliveries/s c_delivery
//                      + cold deliveries/s c_cold
//                      + publishes/s (c_publish + c_wake)
//
// N connections held. c_publish is not fitted: runs measure it apart, with nobody subscribed, and
// it is taken off first. Base and idle are measured apart too, in cells without an event; without
// such cells base is fitted with the others and idle is absent. c_wake is what an event that goes
// to somebody costs on top, however many they are. c_cold is what a delivery costs more after a
// pause, in which others used the caches: measured here half as much again with 250 events/s as
// with 3,000, to 20 clients each. They are cold by the share 1 / (1 + publishes/s kCoolingS), which
// is 1 for seldom events and falls as they come faster; the event itself is as much as kColdEvent
// of its deliveries (measured here with 50 events/s to 5, 20, 50, 100 and 200 clients each: 19, 11,
// 11, 9 and 9 µs a delivery). The form and both figures are a description of what was measured, not
// a law; without it a busy grid gives to idle clients what pauses cost. What else is fitted is
// counted in deliveries, not in published events, because a server writes (and the kernel sends)
// once for each client that an event goes to; events would give a constant that holds for one
// fan-out only. Long-polls answer each delivery with a request of its own until they batch, so the
// two often cannot be told apart; then the request stands for both. Least squares with weights that
// hold relative errors alike, since the scatter of processor time grows with it. The held-out cells
// are predicted and not fitted.
//
//   memory     resident = base + N each;  kernel = N each - at hand, both ends where both are on
//              the host. At hand is what the kernel keeps of sockets that were there before, so
//              that the first ones of a cell take nothing: about 1 MB was seen. It is no cost, but
//              without it few connections seem to take less each than many.
//   bandwidth  heads and framing per request, those of an answer apart for one without an event,
//              and per delivery; payload comes on top as it is
//
// (The form is that of Van de Vyvere et al. 2020: cost of a poll against cost of a push.) Pure.
#pragma once

#include "harness/base/error.h"
#include "harness/study/observation.h"
#include "harness/study/scaling_law.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::study {

inline constexpr std::size_t kMostHeldOut = 64;   // of a family, in a file
inline constexpr std::size_t kMostFamilies = 16;  // likewise
inline constexpr double kCoolingS = 1e-3;         // between events: half of c_cold is paid
inline constexpr double kColdEvent = 13;          // deliveries
// That pay c_cold, a second, with the events themselves.
inline double cold_deliveries(double deliveries_per_s, double publishes_per_s) {
  return (deliveries_per_s + kColdEvent * publishes_per_s) / (1 + publishes_per_s * kCoolingS);
}

struct Foretold {
  double measured = 0;
  double predicted = 0;
  double error() const { return predicted / measured - 1; }
};

// A load that was not fitted, predicted from what its scenario asks for. Measured is the mean of
// its repeats. Absent: not measured.
struct HeldOut {
  std::string cell;
  Foretold cores;
  std::optional<Foretold> memory_bytes;  // resident
  std::optional<Foretold> kernel_bytes;
  std::optional<Foretold> bytes_per_s;  // all above TCP, both directions
};

struct FamilyCost {
  std::string family;
  std::string evidence;  // where the constants come from, for people
  Estimate base_cores, idle_cores, request_cpu_s;
  Estimate delivery_cpu_s, cold_cpu_s, publish_cpu_s, wake_cpu_s;
  Estimate memory_base_bytes, memory_each_bytes, kernel_each_bytes, kernel_at_hand_bytes;
  Estimate request_up_bytes, request_down_bytes, delivery_up_bytes, delivery_down_bytes;
  Estimate empty_down_bytes;  // of an answer without an event, instead of request_down_bytes
  std::size_t points = 0;     // that were fitted; 0: given constants
  double clients_most = 0;    // with which it was measured
  double residual_median = 0, residual_worst = 0;  // relative, of the points
  std::vector<HeldOut> held_out;

  double cores(const Load& load) const;
  // A delivery as warm as such rates keep the server, with its part of what is cold of an event.
  double delivery_s(double deliveries_per_s, double publishes_per_s) const;
  // Processor time at the ends of the constants' intervals: cautious, since they are not
  // independent.
  double memory_bytes(const Load& load) const;
  double kernel_bytes(const Load& load) const;  // both ends
  double overhead_bytes_per_s(const Load& load) const;
  double cores_low(const Load& load) const;
  double cores_high(const Load& load) const;
};

struct CostModel {
  std::string source;   // "fitted from 6 runs", "reports/performance.md …"
  std::string machine;  // "AMD EPYC, 2 processors, Linux 6.18"
  std::string date;     // ISO 8601
  std::string commit;
  bool reference = false;  // shipped constants, not of this machine
  std::optional<ScalingLaw> scaling;
  std::vector<FamilyCost> families;

  const FamilyCost* find(std::string_view family) const;
};

// Families with too few points are left out, and `problems` says which and why. A failure: no
// family is left.
Result<CostModel> fit_costs(const std::vector<Observation>& observations,
                            std::vector<std::string>& problems);

}  // namespace pushbench::study
