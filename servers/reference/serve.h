// The server as a process: what `pushbench serve` does after its options are read.
#pragma once

#include "servers/reference/options.h"

#include <cstdio>

namespace pushbench::servers {

// Raises the descriptor limit, prints "pushbench serve: listening on http://127.0.0.1:8080" as the
// only line to `out` once connections are accepted, and serves until SIGTERM or SIGINT: the first
// stops it gracefully, a second ends the process at once with 128+n. Trouble goes to `err`.
ExitCode serve(const ServerOptions& options, std::FILE* out, std::FILE* err);

}  // namespace pushbench::servers
