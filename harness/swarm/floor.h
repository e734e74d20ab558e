// What the tool itself adds to a latency on this machine, and what a delivery costs it: a real
// Worker with WebSocket clients, recorder and audit, fed by a peer in this process that only waits
// for the due instant and writes the ready frame to each socket. In it: the lateness of a timer,
// the kernel's loopback, the wake-up of a worker, parsing, audit, recording. Not in it: a publisher
// and its request, a server's parsing, log and fan-out, another process. So a measured latency
// minus the floor is the server's and the network's. The machine decides the figure, so it is
// measured anew in every run. Blocks for about 0.4 s, at the latest 1.5 s a try.
#pragma once

#include "harness/result/run_result.h"

#include <cstdint>
#include <optional>

namespace pushbench::swarm {

// As many events as a p99 needs (299), and deliveries enough for a mean of the cost.
inline constexpr std::uint32_t kFloorClients = 10;
inline constexpr double kFloorRate = 1000;  // events per second
// A host that takes the processor away for half a second says nothing of the machine.
inline constexpr int kFloorTries = 3;

// `pin`: peer and worker on the processors where a run would have server and worker. nullopt when
// it could not be measured: no socket, or the machine was too slow, in all tries, to deliver
// everything in time.
std::optional<result::Floor> measure_floor(bool pin);

}  // namespace pushbench::swarm
