#include "harness/swarm/census.h"

#include <netinet/tcp.h>

#include <algorithm>
#include <span>

namespace pushbench::swarm {

using transport::End;

namespace {

constexpr std::size_t kV4At = 12;  // of a mapped address

DiagAddress mapped(const boost::asio::ip::address& address) {
  namespace ip = boost::asio::ip;
  return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes()
                         : address.to_v6().to_bytes();
}

bool in_net(const DiagAddress& address, const Census::Net& net) {
  return is_mapped_v4(address) && address[kV4At] == net.first && address[kV4At + 1] == net.second;
}

class Counting {
 public:
  Counting(const Census::Subject& subject, CensusCount& count)
      : subject_(subject), server_(mapped(subject.server.address())), count_(count) {}

  void operator()(const DiagSocket& socket) {
    const std::uint16_t port = subject_.server.port();
    if (socket.remote_port == port && socket.remote == server_ &&
        is_client(socket.local, socket.local_port)) {
      add(socket, count_.clients, End::kConnecting);
    } else if (socket.local_port == port && socket.local == server_ &&
               is_client(socket.remote, socket.remote_port)) {
      add(socket, count_.server, End::kAccepting);
    }
  }

 private:
  bool is_client(const DiagAddress& address, std::uint16_t port) const {
    const auto& foreign = subject_.foreign_ports;
    return subject_.clients ? in_net(address, *subject_.clients)
                            : std::find(foreign.begin(), foreign.end(), port) == foreign.end();
  }

  void add(const DiagSocket& socket, CensusEnd& end, End which) {
    ++end.sockets;
    end.established += socket.state == TCP_ESTABLISHED ? 1U : 0U;
    end.time_wait += socket.state == TCP_TIME_WAIT ? 1U : 0U;
    end.close_wait += socket.state == TCP_CLOSE_WAIT ? 1U : 0U;
    end.queue_bytes += socket.queue_bytes;
    count_.memory_bytes += socket.memory_bytes;
    // Sockets that are not set up yet, or that have no owner any more, are not the window's: of
    // ours the counts were taken as they closed.
    if (socket.state != TCP_ESTABLISHED && socket.state != TCP_CLOSE_WAIT) {
      return;
    }
    if (!socket.congestion_control.empty()) {
      end.congestion_control.emplace(socket.congestion_control);
    }
    if (const auto info = transport::parse_tcp_info(socket.tcp_info)) {
      end.traffic += transport::traffic_of(*info, which, !is_mapped_v4(socket.remote));
      end.data_per_segment.insert(info->data_per_segment);
    } else {
      end.traffic_known = false;
    }
  }

  const Census::Subject& subject_;
  DiagAddress server_;
  CensusCount& count_;
};

}  // namespace

std::optional<CensusCount> Census::take(const Subject& subject, bool detailed) {
  CensusCount count;
  Counting counting(subject, count);
  const bool whole = diag_.dump(subject.server.port(), detailed,
                                [&](const DiagSocket& socket) { counting(socket); });
  return whole ? std::optional(std::move(count)) : std::nullopt;
}

bool Census::available() {
  constexpr std::uint16_t kNobodys = 1;
  SockDiag diag;
  return diag.dump(kNobodys, false, [](const DiagSocket&) {});
}

}  // namespace pushbench::swarm
