#include "servers/floor/figures.h"

#include <fmt/format.h>

namespace pushbench::servers::floor {
namespace {

std::string per_second(std::uint64_t count, std::optional<Nanos> time) {
  return time && time->count() > 0
             ? fmt::format("{:.0f}", static_cast<double>(count) / seconds_of(*time))
             : "null";
}

std::string micros(Nanos value) {
  return fmt::format("{:.1f}", static_cast<double>(value.count()) / 1e3);
}

}  // namespace

std::string json_line(const Figures& f) {
  std::string out = fmt::format(
      R"({{"mode":"{}","clients":{},"live":{},"seconds":{:.3f},"deliveries":{},"published":{},)",
      f.mode, f.clients, f.live, seconds_of(f.window), f.deliveries, f.published);
  out += fmt::format(R"("rate":{},"server_cpu_s":{},"client_cpu_s":{:.6f},)",
                     per_second(f.deliveries, f.window),
                     f.server_cpu ? fmt::format("{:.6f}", seconds_of(*f.server_cpu)) : "null",
                     seconds_of(f.client_cpu));
  out +=
      fmt::format(R"("per_server_cpu":{},"per_client_cpu":{},)",
                  per_second(f.deliveries, f.server_cpu), per_second(f.deliveries, f.client_cpu));
  out += fmt::format(R"("p50_us":{},"p99_us":{},"max_us":{},"errors":{},"lost":{},)", micros(f.p50),
                     micros(f.p99), micros(f.max), f.errors, f.lost);
  out += fmt::format(
      R"("connect_s":{:.3f},"server_rss_bytes_per_connection":{},"client_rss_bytes":{}}})",
      seconds_of(f.connect),
      f.server_rss_bytes ? fmt::format("{:.1f}", *f.server_rss_bytes) : "null", f.client_rss_bytes);
  return out;
}

}  // namespace pushbench::servers::floor
