#include "harness/app/destination.h"

#include "harness/base/text.h"
#include "harness/wire/http_head.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace pushbench::app {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxNamesakes = 1000;  // runs of one scenario that begin within one second

// pushbench-out/<utc time>-<scenario>, with -2, -3 … behind it when another run has just taken the
// name: creating a directory succeeds for one of them only.
Result<fs::path> claim_default(const std::string& scenario) {
  const fs::path parent = "pushbench-out";
  const std::string name = utc_now_compact() + "-" + scenario;
  std::error_code ec;
  fs::create_directories(parent, ec);
  for (int i = 1; !ec && i <= kMaxNamesakes; ++i) {
    const auto path = parent / (i == 1 ? name : fmt::format("{}-{}", name, i));
    if (fs::create_directory(path, ec)) {
      return path;
    }
  }
  return could_not_run(
      fmt::format("cannot create {}: {}; name a directory that you can write to by --out",
                  (parent / name).string(), ec ? ec.message() : "there are too many of that name"));
}

// Which option a URL was given to, and what one looks like.
struct UrlOption {
  std::string_view name, example;
};
constexpr UrlOption kServerUrl{"--server", "http://127.0.0.1:8080"};
constexpr UrlOption kMetricsUrl{"--server-metrics", "http://127.0.0.1:8080/metrics"};

Failure bad_url(const UrlOption& option, const std::string& url, std::string_view why) {
  return usage(fmt::format("{}: expected a URL such as {}, got '{}': {}", option.name,
                           option.example, printable(url), why));
}

Result<asio::ip::tcp::endpoint> resolve(const UrlOption& option,
                                        const std::string& host,
                                        const std::string& port) {
  asio::io_context context;
  asio::ip::tcp::resolver resolver(context);
  error_code ec;
  const auto found = resolver.resolve(host, port, ec);
  if (ec || found.empty()) {
    return could_not_run(
        fmt::format("{}: cannot resolve '{}': {}", option.name, printable(host), ec.message()));
  }
  for (const auto& entry : found) {  // IPv4 first: its loopback has source addresses to spare
    if (entry.endpoint().address().is_v4()) {
      return entry.endpoint();
    }
  }
  return found.begin()->endpoint();
}

// errno of a connect that took at most the bound; ETIMEDOUT past it.
int connect_errno(const asio::ip::tcp::endpoint& to) {
  const int descriptor =
      socket(to.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    return errno;
  }
  int error = connect(descriptor, to.data(), static_cast<socklen_t>(to.size())) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
    const auto bound = std::chrono::duration_cast<std::chrono::milliseconds>(kProbeBound).count();
    socklen_t size = sizeof error;
    error = ETIMEDOUT;
    if (poll(&waiting, 1, static_cast<int>(bound)) == 1) {
      getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
    }
  }
  close(descriptor);
  return error;
}

Result<boost::urls::url_view> parse_http_url(const UrlOption& option, const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) {
    return bad_url(option, url, "it is not a URL");
  }
  if (parsed->scheme() != "http") {
    return bad_url(option, url, "only http:// is supported");
  }
  if (parsed->host().empty() || parsed->has_fragment() || parsed->has_userinfo()) {
    return bad_url(option, url, "it must have a host, and no user or fragment");
  }
  constexpr std::uint64_t kMostPort = 65'535;
  const auto port = parsed->has_port() ? wire::parse_decimal(parsed->port()) : 80;
  if (!port || *port == 0 || *port > kMostPort) {
    return bad_url(option, url, "its port must be from 1 to 65535");
  }
  return *parsed;
}

std::string port_of(const boost::urls::url_view& url) {
  return url.has_port() ? std::string(url.port()) : "80";
}

std::string host_header(const boost::urls::url_view& url) {
  return std::string(url.encoded_host()) + ":" + port_of(url);
}

}  // namespace

Result<swarm::MetricsSource> parse_metrics_url(const std::string& url) {
  const auto parsed = parse_http_url(kMetricsUrl, url);
  if (!parsed) {
    return parsed.error();
  }
  const auto address = resolve(kMetricsUrl, parsed->host_address(), port_of(*parsed));
  if (!address) {
    return address.error();
  }
  swarm::MetricsSource source;
  source.endpoint.address = *address;
  source.endpoint.host = host_header(*parsed);
  const std::string_view path = parsed->encoded_path();
  source.target = path.empty() || path == "/" ? "/metrics" : std::string(path);
  if (parsed->has_query()) {
    source.target += "?" + std::string(parsed->encoded_query());
  }
  source.url = "http://" + source.endpoint.host + source.target;
  return source;
}

Result<transport::Endpoint> parse_server_url(const std::string& url,
                                             const std::vector<std::string>& may_load) {
  const auto parsed = parse_http_url(kServerUrl, url);
  if (!parsed) {
    return parsed.error();
  }
  if (parsed->has_query()) {
    return bad_url(kServerUrl, url, "it must have no query");
  }
  transport::Endpoint endpoint;
  const std::string host = parsed->host_address();
  endpoint.host = host_header(*parsed);
  endpoint.prefix = std::string(parsed->encoded_path());
  while (endpoint.prefix.ends_with('/')) {
    endpoint.prefix.pop_back();
  }
  const auto address = resolve(kServerUrl, host, port_of(*parsed));
  if (!address) {
    return address.error();
  }
  endpoint.address = *address;
  const bool vouched = std::find(may_load.begin(), may_load.end(), host) != may_load.end();
  if (!endpoint.address.address().is_loopback() && !vouched) {
    return usage(
        fmt::format("--server: {} is not this machine; a run puts load on it, so say that you may: "
                    "--i-may-load {}",
                    host, host));
  }
  return endpoint;
}

Result<void> probe(const transport::Endpoint& endpoint) {
  const int error = connect_errno(endpoint.address);
  if (error == 0) {
    return {};
  }
  return could_not_run(
      fmt::format("cannot connect to {}: {}; start the server or check the address", endpoint.host,
                  std::strerror(error)));
}

Result<std::string> make_run_directory(const std::string& out,
                                       const std::string& scenario,
                                       bool force) {
  const auto free = out.empty() ? claim_default(scenario) : Result<fs::path>(fs::path(out));
  if (!free) {
    return free.error();
  }
  const fs::path& path = *free;
  std::error_code ec;
  if (fs::exists(path / "result.json", ec) && !force) {
    return usage(
        fmt::format("--out: {} holds a result already; choose another directory or add --force",
                    path.string()));
  }
  fs::create_directories(path, ec);
  if (ec) {
    return could_not_run(
        fmt::format("--out: cannot create {}: {}; choose a directory that you can write to",
                    path.string(), ec.message()));
  }
  const fs::path trial = path / ".pushbench-write-test";
  const int descriptor = open(trial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) {
    return could_not_run(
        fmt::format("--out: cannot write to {}: {}; choose a directory that you can write to",
                    path.string(), std::strerror(errno)));
  }
  close(descriptor);
  fs::remove(trial, ec);
  return path.string();
}

}  // namespace pushbench::app
