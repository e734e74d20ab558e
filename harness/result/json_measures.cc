#include "harness/result/json_measures.h"

#include <array>
#include <string>

namespace pushbench::result {
namespace {

constexpr std::size_t kMaxTenths = 10;

template <class Owner>
struct Whole {
  std::string_view key;
  std::uint64_t Owner::*member;
};

constexpr auto kServer = std::to_array<Whole<ServerCost>>({
    {"cpu_ns", &ServerCost::cpu_ns},
    {"memory_base_bytes", &ServerCost::memory_base_bytes},
    {"memory_bytes", &ServerCost::memory_bytes},
    {"connections", &ServerCost::connections},
    {"user_ticks", &ServerCost::user_ticks},
    {"system_ticks", &ServerCost::system_ticks},
    {"voluntary_switches", &ServerCost::voluntary_switches},
    {"involuntary_switches", &ServerCost::involuntary_switches},
    {"kernel_base_bytes", &ServerCost::kernel_base_bytes},
    {"kernel_bytes", &ServerCost::kernel_bytes},
    {"publish_cpu_ns", &ServerCost::publish_cpu_ns},
    {"quiet_cpu_ps_per_delivery", &ServerCost::quiet_cpu_ps_per_delivery},
});

constexpr auto kKernel = std::to_array<Whole<KernelTraffic>>({
    {"segments_out", &KernelTraffic::segments_out},
    {"segments_in", &KernelTraffic::segments_in},
    {"out_bytes", &KernelTraffic::bytes_out},
    {"in_bytes", &KernelTraffic::bytes_in},
    {"ip_out_bytes", &KernelTraffic::ip_out_bytes},
    {"ip_in_bytes", &KernelTraffic::ip_in_bytes},
    {"retransmitted", &KernelTraffic::retransmitted},
    {"rtt_mean_ns", &KernelTraffic::rtt_mean_ns},
});

struct Mark {
  std::string_view key;
  std::optional<double> PhaseMarks::*member;
};
constexpr auto kMarks = std::to_array<Mark>({
    {"warmup_s", &PhaseMarks::warmup_s},
    {"measure_s", &PhaseMarks::measure_s},
    {"drain_s", &PhaseMarks::drain_s},
    {"end_s", &PhaseMarks::end_s},
});

template <class Owner, std::size_t Size>
void write_wholes(JsonWriter& json,
                  std::string_view key,
                  const std::optional<Owner>& owner,
                  const std::array<Whole<Owner>, Size>& fields) {
  if (!owner) {
    return;
  }
  json.key(key);
  json.begin_object();
  for (const auto& field : fields) {
    json.field(field.key, (*owner).*(field.member));
  }
  json.end_object();
}

// A field that an older program of this schema did not write is 0.
template <class Owner, std::size_t Size>
std::optional<Owner> read_wholes(const JsonView& json,
                                 std::string_view key,
                                 const std::array<Whole<Owner>, Size>& fields) {
  const auto object = json.find(key);
  if (!object) {
    return std::nullopt;
  }
  Owner owner;
  for (const auto& field : fields) {
    if (const auto found = object->find(field.key)) {
      owner.*(field.member) = found->whole();
    }
  }
  return owner;
}

void write_generator(JsonWriter& json, const GeneratorCost& generator) {
  json.key("generator");
  json.begin_object();
  json.field("workers", generator.workers);
  json.field("worker_cpu_ns", generator.worker_cpu_ns);
  json.field("publisher_cpu_ns", generator.publisher_cpu_ns);
  json.field("run_queue_wait_ns", generator.run_queue_wait_ns);
  json.field("steal_share", generator.steal_share);
  json.end_object();
}

GeneratorCost read_generator(const JsonView& json) {
  GeneratorCost generator{.workers = json.at("workers").whole32(),
                          .worker_cpu_ns = json.at("worker_cpu_ns").whole(),
                          .publisher_cpu_ns = json.at("publisher_cpu_ns").whole(),
                          .run_queue_wait_ns = json.at("run_queue_wait_ns").whole(),
                          .steal_share = std::nullopt};
  if (const auto steal = json.find("steal_share")) {
    generator.steal_share = steal->number();
  }
  return generator;
}

void write_phases(JsonWriter& json, const PhaseMarks& phases) {
  json.key("phases");
  json.begin_object();
  for (const auto& [key, member] : kMarks) {
    json.field(key, phases.*member);
  }
  json.end_object();
}

PhaseMarks read_phases(const JsonView& json) {
  PhaseMarks phases;
  for (const auto& [key, member] : kMarks) {
    if (const auto found = json.find(key)) {
      phases.*member = found->number();
    }
  }
  return phases;
}

void write_connect_order(JsonWriter& json, const std::vector<ConnectTenth>& tenths) {
  if (tenths.empty()) {
    return;
  }
  json.key("connect_order");
  json.begin_array();
  for (const auto& tenth : tenths) {
    json.begin_object();
    json.field("clients", tenth.clients);
    json.field("mean_ns", tenth.mean_ns);
    json.end_object();
  }
  json.end_array();
}

void write_predicted(JsonWriter& json, const CellResult& cell) {
  if (cell.predicted.empty()) {
    return;
  }
  json.key("predicted");
  json.begin_object();
  for (const auto& [metric, value] : cell.predicted) {
    json.key(metric);
    json.begin_object();
    json.field("mean", value.mean);
    json.field("low", value.low);
    json.field("high", value.high);
    json.end_object();
  }
  json.end_object();
}

void write_exact(JsonWriter& json, const CellResult& cell) {
  if (cell.exact.empty()) {
    return;
  }
  json.key("exact");
  json.begin_object();
  for (const auto& [key, value] : cell.exact) {
    json.field(key, value);
  }
  json.end_object();
}

void read_maps(const JsonView& json, CellResult& cell) {
  if (const auto predicted = json.find("predicted")) {
    for (const auto& [metric, value] : predicted->members()) {
      cell.predicted[metric] = {.mean = value.at("mean").number(),
                                .low = value.at("low").number(),
                                .high = value.at("high").number()};
    }
  }
  if (const auto exact = json.find("exact")) {
    for (const auto& [key, value] : exact->members()) {
      cell.exact[key] = value.whole();
    }
  }
}

}  // namespace

void write_measures(JsonWriter& json, const CellResult& cell) {
  write_phases(json, cell.phases);
  write_connect_order(json, cell.connect_order);
  write_wholes(json, "server", cell.server, kServer);
  write_wholes(json, "kernel_clients", cell.kernel_clients, kKernel);
  write_wholes(json, "kernel_server", cell.kernel_server, kKernel);
  write_generator(json, cell.generator);
  write_predicted(json, cell);
  json.field("unexplained_bytes", cell.unexplained_bytes);
  write_exact(json, cell);
}

void read_measures(const JsonView& json, CellResult& cell) {
  cell.phases = read_phases(json.at("phases"));
  if (const auto order = json.find("connect_order")) {
    for (const auto& item : order->items(kMaxTenths)) {
      cell.connect_order.push_back(
          {.clients = item.at("clients").whole(), .mean_ns = item.at("mean_ns").number()});
    }
  }
  cell.server = read_wholes(json, "server", kServer);
  cell.kernel_clients = read_wholes(json, "kernel_clients", kKernel);
  cell.kernel_server = read_wholes(json, "kernel_server", kKernel);
  cell.generator = read_generator(json.at("generator"));
  if (const auto unexplained = json.find("unexplained_bytes")) {
    cell.unexplained_bytes = unexplained->whole();
  }
  read_maps(json, cell);
}

}  // namespace pushbench::result
