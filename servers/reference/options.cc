#include "servers/reference/options.h"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <array>

namespace pushbench::servers {
namespace {

bool same(std::string_view a, std::string_view b) noexcept {
  return a == b || boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

std::string_view without_port(std::string_view host) noexcept {
  if (host.starts_with('[')) {
    return host.substr(0, host.find(']') + 1);
  }
  return host.substr(0, host.find(':'));
}

}  // namespace

bool is_loopback(std::string_view address) noexcept {
  boost::system::error_code ec;
  const auto parsed = boost::asio::ip::make_address(address, ec);
  return !ec && parsed.is_loopback();
}

bool host_allowed(const ServerOptions& options, bool loopback, std::string_view host) noexcept {
  if (!loopback && options.allow_hosts.empty()) {
    return true;
  }
  static constexpr std::array<std::string_view, 3> kOwn{"127.0.0.1", "localhost", "[::1]"};
  const std::string_view name = without_port(host);
  const auto is_name = [name](std::string_view own) { return same(own, name); };
  return std::any_of(kOwn.begin(), kOwn.end(), is_name) || same(name, options.address) ||
         std::any_of(options.allow_hosts.begin(), options.allow_hosts.end(),
                     [&](const std::string& own) { return same(own, name) || same(own, host); });
}

bool origin_allowed(const ServerOptions& options,
                    std::string_view host,
                    std::string_view origin) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.size() > scheme.size() && same(origin.substr(0, scheme.size()), scheme) &&
        same(origin.substr(scheme.size()), host)) {
      return true;
    }
  }
  return std::any_of(options.allow_origins.begin(), options.allow_origins.end(),
                     [&](const std::string& allowed) { return same(allowed, origin); });
}

}  // namespace pushbench::servers
