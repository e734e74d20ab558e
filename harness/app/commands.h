// The subcommands: what each is given and the function that carries it out. Results go to `out`,
// progress and messages to `err`. Parsing of the command line is cli.cc's alone.
#pragma once

#include "harness/base/error.h"
#include "harness/plan/scenario.h"
#include "servers/reference/options.h"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pushbench::app {

struct Streams {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
};

using Action = std::function<int(const Streams&)>;  // what a command line asks for

struct RunArguments {
  std::vector<std::string> scenarios;  // paths or names of shipped ones
  bool quick = false;
  bool dry_run = false;
  std::string out;                    // run directory; empty: pushbench-out/<utc>-<scenario>
  bool force = false;                 // overwrite a result that is already there
  std::string server;                 // URL; empty: start our own
  std::string server_command;         // that starts it, by the shell; empty: ours
  std::vector<std::string> may_load;  // hosts other than loopback that the user vouches for
  std::optional<int> server_pid;      // of that server, on this host
  std::string server_metrics = {};    // URL of that server's metrics page; empty: none
  std::uint32_t workers = 0;
  bool pin = true;
  std::string audit = "on";  // "off": deliveries and bytes only
  std::string floor = "on";  // "off": not measured
  bool quiet = false;
  std::string live = {};  // "true" or a port: show the run on a page while it goes; empty: do not
  bool colour = true;
  bool strict = false;            // suspect exits 3 as well
  std::vector<int> exit_zero_on;  // exit codes to report as 0
  plan::Overrides overrides;
  std::string command_line;  // to do it again
};
int run_command(const RunArguments& arguments, const Streams& streams);

// `replays`: "TARGET=TOPIC:FILE" each, the head of an answer in FILE.
int serve_command(servers::ServerOptions options,
                  const std::vector<std::string>& replays,
                  const Streams& streams);

struct ReportArguments {
  std::vector<std::string> files;
  std::string format = "text";
  std::string out = {};  // file; empty or "-": stdout
  bool colour = true;
  bool force = false;
  bool full = false;                  // every topic, in the text
  bool check = false;                 // exit as the run did: 3 not valid, 99 a threshold crossed
  bool strict = false;                // with check: suspect is 3 as well
  std::vector<std::string> slo = {};  // of a capacity search: other bounds
};
int report_command(const ReportArguments& arguments, const Streams& streams);

struct ExportArguments {
  std::vector<std::string> files;  // results, or directories of runs
  std::string to = {};             // format
  std::string out = {};            // file or directory; empty or "-": stdout
  bool force = false;
  std::vector<std::string> metrics = {};  // only these
  std::string latency = {};               // what is called the time; empty: latency.p99
  bool even_invalid = false;
  bool check = false, strict = false;  // as for report
};
int export_command(const ExportArguments& arguments, const Streams& streams);

struct ScenariosArguments {
  std::string name;  // empty: list all
};
int scenarios_command(const ScenariosArguments& arguments, const Streams& streams);

struct PredictArguments {
  std::string scenario;       // path or name of a shipped one
  std::string delay = "0ms";  // one way between server and client
  plan::Overrides overrides = {};
};
int predict_command(const PredictArguments& arguments, const Streams& streams);

struct SelftestArguments {
  bool quick = false;
  std::string server_program = "/proc/self/exe";  // what is started with `serve`
};
int selftest_command(const SelftestArguments& arguments, const Streams& streams);

inline constexpr int kSignalExit = 128;  // plus the signal's number, as shells have it

int schema_command(const Streams& streams);
int doctor_command(const Streams& streams);

// Colours: when they are allowed, NO_COLOR (no-color.org) and CI are unset or empty, and `file` is
// a terminal that can show them.
bool wants_colour(bool allowed, std::FILE* file);

// "pushbench: TEXT" on err, and the code to exit with.
int fail(const Failure& failure, const Streams& streams);

// Path of a scenario given by path or by the name of a shipped one.
Result<std::string> find_scenario(const std::string& path_or_name);
std::string scenarios_directory();  // $PUSHBENCH_SCENARIOS or where the build found them

// Progress and messages: where nobody can read them any more (a closed pipe, a full disk), the run
// and its exit code are not the worse for it.
void say(std::FILE* file, std::string_view text) noexcept;

// Writes all of `text`; a full disk or a closed pipe is a failure, not silence.
Result<void> write_all(std::FILE* file, std::string_view text, std::string_view name);

}  // namespace pushbench::app
