#include "harness/app/commands.h"
#include "servers/reference/serve.h"

namespace pushbench::app {

int serve_command(const servers::ServerOptions& options, const Streams& streams) {
  return static_cast<int>(servers::serve(options, streams.out, streams.err));
}

}  // namespace pushbench::app
