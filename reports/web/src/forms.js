// The closed forms behind advice: what a workload of Poisson events of one size costs with a
// strategy, per second in a steady state, as flow_of() of harness/study/workload.h with
// harness/model has it; each function stands there under its name, with its source. study_test.mjs
// holds the figures against the program's over a grid of workloads.

const WARMUP = 60; // s; TIME_WAIT lasts as long
const WINDOW = 120;
const RAMP = 1;
const HOST = 15;
const DATE = 29;
const KEPT = 1e6; // a Poisson mean whose spread moves no digit count any more
const SEGMENT = 1448;
const HEADS = 52;
const SYN_HEADS = 60;
const DELAYED_ACK = 0.04;
const OFFLOAD = 45;
const SSE_SILENCE = 15;
const SOCKET_SILENCE = 30;
export const SILENCE = { 'streaming/sse': SSE_SILENCE, websocket: SOCKET_SILENCE };

// ln Γ(z) by Stirling's series (DLMF 5.11.1), shifted up where it is short of digits.
function logGamma(z) {
  let [shift, at] = [0, z];
  for (; at < 15; at += 1) {
    shift -= Math.log(at);
  }
  const square = 1 / (at * at);
  const series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / at;
  return shift + (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series;
}

// P(a, x): the series below a + 1 (DLMF 8.11.4), the continued fraction of 1 - P above (8.9.2).
function gammaP(a, x) {
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [sum, term] = [1 / a, 1 / a];
    for (let n = a + 1; term > sum * 1e-17; n += 1) {
      term *= x / n;
      sum += term;
    }
    return front * sum;
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 1e5; i += 1) {
    const step = -i * (i - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) {
      break;
    }
  }
  return 1 - front * fraction;
}

function digitsOf(n) {
  let digits = 1;
  for (let power = 10; power <= n; power *= 10) {
    digits += 1;
  }
  return digits;
}

function digitIntegral(x) {
  let sum = x;
  for (let power = 10; power < x; power *= 10) {
    sum += x - power;
  }
  return sum;
}

function poissonIntegral(x, first) {
  let sum = x;
  for (let power = 10; power <= KEPT && x > 0; power *= 10) {
    const least = power - first;
    sum += x * gammaP(least, x) - least * gammaP(least + 1, x);
  }
  return sum;
}

function meanDigits(from, to, first) {
  if (to > KEPT || to <= from) {
    return to > from
      ? (digitIntegral(to + first) - digitIntegral(from + first)) / (to - from)
      : digitsOf(Math.floor(from + first));
  }
  return (poissonIntegral(to, first) - poissonIntegral(from, first)) / (to - from);
}

// Sizes of answers that hold any event: [events, share].
function someOfPoisson(mean) {
  if (mean > KEPT) {
    const below = Math.floor(mean);
    const above = mean - below;
    return above === 0 ? [[mean, 1]] : [[below, 1 - above], [below + 1, above]];
  }
  if (mean < 1e-9) {
    return [[1, 1]];
  }
  const reach = 8 * Math.sqrt(mean) + 8;
  const first = Math.floor(Math.max(1, mean - reach));
  const last = Math.floor(mean + reach);
  const out = [];
  for (let k = first; k <= last; k += 1) {
    out.push([k, Math.exp(k * Math.log(mean) - mean - logGamma(k + 1))]);
  }
  const sum = out.reduce((all, [, share]) => all + share, 0);
  return out.map(([k, share]) => [k, share / sum]);
}

// {latency, requests (per second and client), empty, sizes, slow, pause}
function polling(cell, w) {
  const busy = (cell.fresh ? 4 : 2) * w.oneWay;
  const t = cell.interval * (Math.floor(busy / cell.interval) + 1);
  const d = w.oneWay;
  return {
    latency: { mean: t / 2 + d, p99: 0.99 * t + d, max: t + d },
    requests: 1 / t,
    empty: Math.exp(-w.rate * t),
    sizes: someOfPoisson(w.rate * t),
    slow: 0,
    pause: t,
  };
}

export function longPolling(hold, oneWay, turnaround, rate) {
  const gap = 2 * oneWay + turnaround;
  const quiet = Math.exp(-rate * gap);
  const answered = -Math.expm1(-rate * hold);
  const cycle = gap + (quiet * answered) / rate;
  const share = gap / cycle;
  const parked = quiet * answered;
  const atOnce = 1 - quiet;
  const some = someOfPoisson(rate * gap).map(([k, part]) => [
    k,
    (part * atOnce) / (parked + atOnce),
  ]);
  return {
    latency: {
      mean: oneWay + (share * gap) / 2,
      p99: share > 0 ? oneWay + gap * Math.max(0, (share - 0.01) / share) : oneWay,
      max: oneWay + (share > 0 ? gap : 0),
    },
    requests: 1 / cycle,
    empty: Math.exp(-rate * (gap + hold)),
    sizes: [...some, [1, parked / (parked + atOnce)]],
    slow: hold > DELAYED_ACK ? quiet * Math.exp(-rate * DELAYED_ACK) : 0,
    pause: gap,
  };
}

function pushed(w) {
  const latency = { mean: w.oneWay, p99: w.oneWay, max: w.oneWay };
  return { latency, requests: 0, empty: 0, sizes: [], slow: 0, pause: 0 };
}

// Signs of life of a connection in the window.
function sseSigns(rate) {
  const [begin, end] = [WARMUP, WARMUP + WINDOW];
  let sum = 0;
  for (let k = 1; k <= Math.floor((end + RAMP) / SSE_SILENCE); k += 1) {
    const at = k * SSE_SILENCE;
    const room = Math.max(0, end - at) - Math.max(0, begin - at);
    const [from, to] = [Math.max(begin, at - RAMP), Math.min(end, at)];
    const opening =
      to <= from ? 0 : (Math.exp(-rate * from) - Math.exp(-rate * to)) / (rate * RAMP);
    sum += rate * Math.exp(-rate * at) * room + opening;
  }
  return sum;
}

function meanFloor(from, to, silence) {
  const integral = (x) => {
    const whole = Math.floor(x / silence);
    return (silence * whole * (whole - 1)) / 2 + whole * (x - whole * silence);
  };
  return (integral(to) - integral(from)) / (to - from);
}

function socketSigns(w) {
  const end = WARMUP + WINDOW;
  return w.upstream > 0
    ? (WINDOW * w.upstream) / Math.expm1(w.upstream * SOCKET_SILENCE)
    : meanFloor(end, end + RAMP, SOCKET_SILENCE) -
        meanFloor(WARMUP, WARMUP + RAMP, SOCKET_SILENCE);
}

const frame = (size, masked) =>
  2 + (size <= 125 ? 0 : size <= 65535 ? 2 : 8) + (masked ? 4 : 0);
const lineFraming = (digits) => '{"seq":,"data":""}\n'.length + digits;
const sseLines = (digits) => 'id: \ndata: \n\n'.length + digits;
const around = (size) => Math.floor(size).toString(16).length + 4;
const ended = (closing) => 2 + (closing ? 'Connection: close\r\n'.length : 0);
const get = (target, topic) =>
  'GET '.length + target.length + topic + ' HTTP/1.1\r\nHost: \r\n'.length + HOST;

const eventsHead = (digits, length, closing) =>
  ('HTTP/1.1 200 OK\r\nDate: \r\nContent-Type: application/x-ndjson\r\n' +
    'Cache-Control: no-store\r\nETag: ""\r\nContent-Length: \r\n').length +
  DATE + digits + length + ended(closing);
const emptyHead = (digits, closing) =>
  ('HTTP/1.1 204 No Content\r\nDate: \r\nCache-Control: no-store\r\n' + 'ETag: ""\r\n').length +
  DATE + digits + ended(closing);

function question(cell, topic) {
  if (cell.strategy === 'polling') {
    return get('/poll/?after=', topic) + ended(cell.fresh);
  }
  const ms = Math.ceil(cell.hold * 1000 - 1e-6);
  const hold = ms % 1000 === 0 ? digitsOf(ms / 1000) + 1 : digitsOf(ms) + 2;
  return get('/long-poll/?after=&hold=', topic) + hold + ended(false);
}

function upstreamBytes(cell, topic, size) {
  if (cell.strategy === 'websocket') {
    return size + frame(size, true) + frame(4, true) + 4 + frame(4, false) + 4;
  }
  const post =
    ('POST /upstream/ HTTP/1.1\r\nHost: \r\nContent-Type: application/octet-stream\r\n' +
      'Content-Length: \r\n\r\n').length + topic + HOST + digitsOf(size);
  return size + post + 'HTTP/1.1 204 No Content\r\nDate: \r\n\r\n'.length + DATE;
}

// Segments of a run and its acknowledgements.
function run(bytes, soon) {
  const segments = Math.ceil(bytes / SEGMENT);
  const acknowledged = segments <= 1 ? (soon ? 0 : segments) : Math.ceil(segments / OFFLOAD);
  return segments + acknowledged;
}

// Framing and segments of an event whose number has so many digits, a mean between two whole ones.
function eventOf(cell, size, digits) {
  if (cell.strategy === 'websocket') {
    return { framing: frame(size, false), segments: run(size + frame(size, false), false) };
  }
  const low = Math.floor(digits);
  const one = (n) => {
    if (cell.strategy !== 'streaming') {
      return { framing: lineFraming(n), segments: 0 };
    }
    const body = cell.encoding === 'sse' ? sseLines(n) : lineFraming(n);
    const framing = body + around(size + body);
    return { framing, segments: run(size + framing, false) };
  };
  const [a, b] = [one(low), one(low + 1)];
  const mix = (key) => a[key] * (low + 1 - digits) + b[key] * (digits - low);
  return { framing: mix('framing'), segments: mix('segments') };
}

// What asking weighs in the window, for one client.
function askedOf(cell, w, asking, event, deliveries) {
  const behind = cell.strategy === 'long-polling';
  const first = behind ? 1 : 0;
  const back = behind ? 0 : w.rate / asking.requests;
  const published = w.rate * w.warmup;
  const later = published + w.rate * WINDOW;
  const requests = WINDOW * asking.requests;
  const now = meanDigits(published, later, first);
  const cursor = meanDigits(published - back, later - back, first);
  const up = requests * (cursor + question(cell, w.topic));
  const empties = requests * asking.empty;
  const full = requests - empties;
  const each = w.payload + event.framing;
  const body = (events) => Math.floor(events * each + 0.5);
  const lengths = asking.sizes.reduce((sum, [n, share]) => sum + share * digitsOf(body(n)), 0);
  const fresh = Boolean(cell.fresh);
  const headDown =
    empties * emptyHead(now, fresh) + full * eventsHead(now, lengths, fresh);
  const soon = asking.pause <= DELAYED_ACK && !fresh;
  const answers = asking.sizes.reduce((sum, [n, share]) => {
    const size = body(n);
    return sum + share * run(eventsHead(now, digitsOf(size), fresh) + size, soon);
  }, 0);
  const asked = up / requests;
  const quick = fresh ? 2 * Math.ceil(asked / SEGMENT) : run(asked, true);
  const segments =
    (fresh ? 7 * requests : 0) +
    requests * (asking.slow * run(asked, false) + (1 - asking.slow) * quick) +
    empties * run(emptyHead(now, fresh), soon) +
    full * answers;
  return { up, down: headDown + deliveries * each, segments, opened: fresh ? requests : 0 };
}

function pushedOf(cell, w, event, deliveries) {
  const socket = cell.strategy === 'websocket';
  const signs = socket ? socketSigns(w) : cell.encoding === 'sse' ? sseSigns(w.rate) : 0;
  const sign = socket ? frame(0, false) : 3 + around(3);
  return {
    up: socket ? signs * frame(0, true) : 0,
    down: deliveries * (w.payload + event.framing) + signs * sign,
    segments: deliveries * event.segments + signs * (socket ? 3 : 2),
    opened: 0,
  };
}

// {latency: {mean, p99, max}, requests, connections, ipBytes, ipDown, upstream}: seconds, and per
// second of all clients together.
export function flowOf(needs, cell) {
  const clients = Math.round(needs.clients);
  const topics = Math.round(Math.max(1, needs.clients / needs.fanOut));
  const w = {
    rate: needs.rate,
    oneWay: Math.floor(Math.round(needs.rtt * 1e9) / 2) / 1e9,
    payload: Math.round(Math.max(16, needs.payload)),
    upstream: needs.upstream,
    topic: 1 + digitsOf(topics - 1),
    // The first poll is behind every client.
    warmup: Math.max(WARMUP, cell.strategy === 'polling' ? cell.interval : 0),
  };
  const asks = cell.strategy === 'polling' || cell.strategy === 'long-polling';
  const asking =
    cell.strategy === 'polling'
      ? polling(cell, w)
      : cell.strategy === 'long-polling'
        ? longPolling(cell.hold, w.oneWay, 0, w.rate)
        : pushed(w);
  const missing = cell.strategy === 'polling' ? Math.max(0, 1 / asking.requests - w.warmup) : 0;
  const received = w.rate * (WINDOW - (missing * missing * asking.requests) / 2);
  const last = w.rate * (w.warmup + WINDOW - (asking.latency.mean - w.oneWay));
  const event = eventOf(cell, w.payload, meanDigits(last - received, last, 1));
  const window = asks
    ? askedOf(cell, w, asking, event, received)
    : pushedOf(cell, w, event, received);
  const each = upstreamBytes(cell, w.topic, needs.upstreamPayload);
  const sent = w.upstream * WINDOW;
  const ip =
    window.up + window.down + sent * each +
    HEADS * (window.segments + 3 * sent) + 2 * (SYN_HEADS - HEADS) * window.opened;
  const scale = (needs.clients * needs.rate) / received;
  const upstream = each * needs.upstream * needs.clients;
  const data = (window.up + window.down) * scale;
  return {
    latency: asking.latency,
    requests: clients * asking.requests,
    connections: cell.fresh ? 0 : needs.clients,
    ipBytes: ip * scale,
    ipDown: window.down * scale + Math.max(0, ip * scale - data - upstream) / 2,
    upstream,
  };
}
