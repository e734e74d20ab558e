// The noise floor of a machine: how far two sides of the same build differ there by chance. Learned
// from A/A runs by splitting them at random into two halves many times (a permutation distribution:
// Fisher 1935, "The Design of Experiments", chapter 3) and taking the ratio that 99 of 100 splits
// do not reach. Kept beside a baseline as noise.json, schema "pushbench.noise/1"; a comparison
// takes it as part of the least effect. Seeded; pure but for load_noise().
#pragma once

#include "harness/gate/facts.h"

#include <map>
#include <string>
#include <string_view>

namespace pushbench::gate {

inline constexpr std::string_view kNoiseSchema = "pushbench.noise/1";
inline constexpr std::string_view kNoiseFile = "noise.json";
inline constexpr double kNoiseQuantile = 0.99;
inline constexpr std::uint32_t kNoiseSplits = 1000;
inline constexpr std::size_t kLeastNoiseRuns = 10;  // of both halves together
inline constexpr std::size_t kMostNoiseBytes = std::size_t{4} * 1024 * 1024;

struct NoiseFloor {
  double floor = 0;    // share: 0.03 when halves differ by up to 3 %
  double scatter = 0;  // of single runs: standard deviation of the logarithms
  std::uint32_t runs = 0;
};

struct Noise {
  std::string origin;  // the file, for messages
  std::string scenario, scenario_hash;
  std::map<std::string, std::string> environment;
  std::map<std::string, std::map<std::string, NoiseFloor, std::less<>>, std::less<>> cells;

  double floor_of(std::string_view cell, std::string_view metric) const;  // 0: not known
};

// Of every metric that one side can have more of than another. A failure when the runs are too few,
// not valid, or not alike.
Result<Noise> learn_noise(const Arm& arm);

std::string noise_json(const Noise& noise);
Result<Noise> read_noise(std::string_view text, const std::string& origin);
Result<Noise> load_noise(const std::string& path);

// What keeps the floor from being applied to these runs: another machine or workload. Empty:
// nothing.
std::string noise_misfit(const Noise& noise, const RunFacts& run);

}  // namespace pushbench::gate
