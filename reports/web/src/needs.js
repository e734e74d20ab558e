// What `pushbench advise` was asked, from its JSON, in seconds and bytes as advice.js takes it.
export function needsOf({ needs }) {
  return {
    clients: needs.clients,
    rate: needs.events_per_client_per_s,
    payload: needs.payload_bytes,
    fanOut: needs.fan_out,
    rtt: needs.rtt_ns / 1e9,
    staleness: needs.staleness_ns / 1e9,
    upstream: needs.upstream_per_client_per_s,
    upstreamPayload: needs.upstream_payload_bytes ?? 64,
    oldBrowsers: Boolean(needs.old_browsers),
    proxyBuffers: Boolean(needs.proxy_buffers),
    proxyNoUpgrade: Boolean(needs.proxy_no_upgrade),
    proxyIdle: needs.proxy_idle_ns === undefined ? null : needs.proxy_idle_ns / 1e9,
  };
}
