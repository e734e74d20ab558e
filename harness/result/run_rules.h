// Rules about a run as a whole and about the machine that it ran on. What the kernel was set to is
// a note; only what spoils a figure is a doubt. Pure.
#pragma once

#include "harness/result/rule.h"

#include <span>
#include <string_view>

namespace pushbench::result {

// What the sockets of both ends are set to. With bbr and no fq queue discipline the kernel paces
// each socket with a timer of its own, and what is measured would be those timers.
inline constexpr std::string_view kCongestionControl = "cubic";

std::span<const RunRule> run_rules() noexcept;

}  // namespace pushbench::result
