// Which strategy for a workload, as advise() of harness/study/advice.h: those that fit first, by
// the share of a server that they take, and where one overtakes another. study_test.mjs holds
// ranking, figures and sentences against the program's over a grid of workloads. Seconds and bytes.
import { bytes, count, duration, fixed } from './format.js';
import { flowOf, longPolling, SILENCE } from './forms.js';

const TIE = 1.1;
const HOLD = 25;
const EXCHANGE = 80e-6; // of one long-poll, both ends
const FORMULAS = 'closed forms, pushbench predict';
const LONG_POLLS = 'formula P_b = G / C, harness/model/long_polling.h';
const BY_SIMPLICITY = [
  'polling',
  'polling,new-connection',
  'long-polling',
  'streaming/sse',
  'streaming/chunked',
  'websocket',
];

const time = (seconds) => duration(Math.round(seconds * 1e9));

// As {:.2g} writes it.
export function twoDigits(value) {
  const power = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(Number(value.toPrecision(2)))));
  if (power < -4 || power >= 2) {
    const [front, back] = value.toExponential(1).split('e');
    const sign = back[0];
    return `${front.replace(/\.0$/, '')}e${sign}${back.slice(1).padStart(2, '0')}`;
  }
  return String(Number(fixed(value, 1 - power)));
}

const WHOLE = [
  ['s', 1e9],
  ['ms', 1e6],
  ['us', 1e3],
  ['ns', 1],
];

// "1m30s", "250ms", as names of cells have it.
export function shortDuration(ns) {
  if (ns <= 0) {
    return '0s';
  }
  const minutes = Math.floor(ns / 60e9);
  const rest = ns - minutes * 60e9;
  const hours = Math.floor(minutes / 60);
  const long = (hours ? `${hours}h` : '') + (minutes % 60 ? `${minutes % 60}m` : '');
  const seconds = (value) => `${Number((value / 1e9).toFixed(9))}s`;
  if (minutes) {
    return rest ? long + seconds(rest) : long;
  }
  const [unit, size] = WHOLE.find(([, one]) => one <= ns);
  return `${Number((ns / size).toFixed(9))}${unit}`;
}

// As far apart as the staleness allows; where that is too near for any poll, a round trip.
function intervalFor(needs) {
  const oneWay = needs.rtt / 2;
  const ms = Math.floor((needs.staleness - oneWay) * 1000 * 0.99 + 1e-6);
  const shortest = Math.max(0.01, 2 * oneWay + EXCHANGE);
  return ms / 1000 >= shortest
    ? Math.min(ms, 3.6e6) / 1000
    : Math.round(Math.max(0.01, 2 * oneWay + 0.001) * 1e9) / 1e9;
}

function cellsFor(needs) {
  const interval = intervalFor(needs);
  const every = shortDuration(Math.round(interval * 1e9));
  const cut = needs.proxyIdle !== null && needs.proxyIdle <= HOLD;
  const hold = cut ? Math.max(0.01, Math.floor(needs.proxyIdle * 0.8 * 1000) / 1000) : HOLD;
  const held = shortDuration(Math.round(hold * 1e9));
  return [
    { family: 'polling', strategy: 'polling', interval, name: `polling/interval=${every}` },
    {
      family: 'polling,new-connection',
      strategy: 'polling',
      interval,
      fresh: true,
      name: `polling/interval=${every},new-connection`,
    },
    { family: 'long-polling', strategy: 'long-polling', hold, name: `long-polling/hold=${held}` },
    { family: 'streaming/sse', strategy: 'streaming', encoding: 'sse', name: 'streaming/sse' },
    {
      family: 'streaming/chunked',
      strategy: 'streaming',
      encoding: 'chunked',
      name: 'streaming/chunked',
    },
    { family: 'websocket', strategy: 'websocket', name: 'websocket' },
  ];
}

const valueOf = (cost, key) => cost?.[key]?.value ?? 0;

// A delivery as warm as the events keep the server (cold_deliveries() of
// harness/study/cost_model.h).
const COOLING = 1e-3;
const COLD_EVENT = 13; // deliveries
function deliveryOf(cost, needs) {
  const publishes = (needs.clients * needs.rate) / needs.fanOut;
  const cold = (1 + COLD_EVENT / needs.fanOut) / (1 + publishes * COOLING);
  return valueOf(cost, 'delivery_cpu_s') + cold * valueOf(cost, 'cold_cpu_s');
}

function upstreamCores(needs, model, cost) {
  const rate = needs.clients * needs.upstream;
  if (cost.family === 'websocket') {
    return rate * deliveryOf(cost, needs);
  }
  const polls = model.families.find(({ family }) => family === 'polling');
  return rate * (polls ? valueOf(polls, 'request_cpu_s') : valueOf(cost, 'publish_cpu_s'));
}

function gainOf(model, cores) {
  if (!model.scaling) {
    return cores;
  }
  const a = valueOf(model.scaling, 'contention');
  const b = valueOf(model.scaling, 'coherency');
  return cores / (1 + a * (cores - 1) + b * cores * (cores - 1));
}

// The first objection to what lies between, or to the wait.
function objectionTo(cell, flow, needs) {
  const streams = cell.strategy === 'streaming';
  const socket = cell.strategy === 'websocket';
  if (needs.oldBrowsers && (streams || socket)) {
    return 'old browsers have neither EventSource nor WebSocket';
  }
  if (needs.proxyBuffers && streams) {
    return 'a proxy that buffers hands on nothing before the answer ends';
  }
  if (needs.proxyNoUpgrade && socket) {
    return 'a proxy on the way lets no upgrade through';
  }
  const silent = SILENCE[cell.family] ?? Infinity;
  if (needs.proxyIdle !== null && (streams || socket) && silent > needs.proxyIdle) {
    return (
      `the proxy cuts connections that are silent for ${time(needs.proxyIdle)}, and the next ` +
      `sign of life may take ${Number.isFinite(silent) ? time(silent) : 'any time'}`
    );
  }
  return flow.latency.max > needs.staleness
    ? `an event may be ${time(flow.latency.max)} old when it arrives, allowed is ` +
        time(needs.staleness)
    : '';
}

function optionOf(cell, needs, { costs, server }) {
  const cost = costs.families.find(({ family }) => family === cell.family);
  if (!cost) {
    return null;
  }
  const flow = flowOf(needs, cell);
  const deliveries = needs.clients * needs.rate;
  const cores =
    valueOf(cost, 'base_cores') +
    flow.connections * valueOf(cost, 'idle_cores') +
    flow.requests * valueOf(cost, 'request_cpu_s') +
    deliveries * deliveryOf(cost, needs) +
    (deliveries / needs.fanOut) *
      (valueOf(cost, 'publish_cpu_s') + valueOf(cost, 'wake_cpu_s')) +
    upstreamCores(needs, costs, cost);
  const memory =
    flow.connections *
    (valueOf(cost, 'memory_each_bytes') + valueOf(cost, 'kernel_each_bytes') / 2);
  const shares = {
    processor: cores / (gainOf(costs, server.cores) * server.most_cpu),
    memory: memory / (server.memory_bytes * server.most_memory),
    link: (flow.ipDown + flow.upstream) / (server.link_bytes_per_s * server.most_link),
  };
  const share = Math.max(...Object.values(shares));
  const scarcest = Object.keys(shares).find((key) => shares[key] === share);
  const objection = objectionTo(cell, flow, needs);
  return { cell, flow, cores, memory, share, scarcest, objection, fits: !objection, tie: false };
}

const simplicity = ({ cell }, upstream) =>
  upstream && cell.family === 'websocket' ? -1 : BY_SIMPLICITY.indexOf(cell.family);

// Of two that cost the same: the one that lets an event wait less, then the simpler one.
function before(a, b, upstream) {
  const [x, y] = [a.flow.latency.max, b.flow.latency.max];
  return Math.max(x, y) > TIE * Math.min(x, y)
    ? x < y
    : simplicity(a, upstream) < simplicity(b, upstream);
}

// Each in front of the first that it goes before: stable, whatever `goes` makes of three.
function sorted(options, goes) {
  const out = [];
  for (const one of options) {
    let at = out.length;
    while (at > 0 && goes(one, out[at - 1])) {
      at -= 1;
    }
    out.splice(at, 0, one);
  }
  return out;
}

function ranked(options, upstream) {
  const byShare = sorted(options, (a, b) => (a.fits !== b.fits ? a.fits : a.share < b.share));
  const out = [];
  while (out.length < byShare.length) {
    const first = byShare[out.length];
    const near = byShare
      .slice(out.length)
      .findIndex((one) => one.fits !== first.fits || one.share > first.share * TIE);
    const group = byShare.slice(out.length, near < 0 ? undefined : out.length + near);
    sorted(group, (a, b) => before(a, b, upstream)).forEach((one, i) => {
      out.push({ ...one, tie: i > 0 });
    });
  }
  return out;
}

function longPollLimit(excess) {
  let [low, high] = [0, 100];
  for (let i = 0; i < 60; i += 1) {
    const x = (low + high) / 2;
    if (x / (x + Math.exp(-x)) < excess) {
      low = x;
    } else {
      high = x;
    }
  }
  return low;
}

function sayLongPoll(needs) {
  const oneWay = needs.rtt / 2;
  if (oneWay <= 0) {
    return {
      text:
        'long-polling delays an event only while its question is on the way; without a round ' +
        'trip (--rtt) that is nothing',
      evidence: LONG_POLLS,
    };
  }
  const { latency } = longPolling(HOLD, oneWay, 0, needs.rate);
  const slower = fixed((latency.mean / oneWay - 1) * 100, 0);
  return {
    text:
      'long-polling is within 10 % of WebSocket in mean latency while events per client per ' +
      `round trip are at most ${twoDigits(longPollLimit(0.1))}; here they are ` +
      `${twoDigits(needs.rate * needs.rtt)}, which makes it ${slower} % slower in the mean and ` +
      `${time(latency.max)} against ${time(oneWay)} at worst`,
    evidence: LONG_POLLS,
  };
}

function sayCheaperPolls(needs, costs) {
  const find = (name) => costs.families.find(({ family }) => family === name);
  const [polls, push] = [find('polling'), find('websocket')];
  const pushing =
    needs.rate * (deliveryOf(push, needs) - deliveryOf(polls, needs)) +
    valueOf(push, 'idle_cores') -
    valueOf(polls, 'idle_cores');
  if (!polls || !push || pushing <= 0) {
    return null;
  }
  const poll = valueOf(polls, 'request_cpu_s');
  return {
    text:
      'polling is cheaper in processor time than WebSocket above an interval of ' +
      `${time(poll / pushing)}: a poll costs ${time(poll)}, a pushed event ` +
      `${time(deliveryOf(push, needs))}, and each client receives ` +
      `${count(needs.rate)} events/s`,
    evidence: `constants of polling and websocket: ${costs.source}`,
  };
}

function sayCheaperBytes(needs) {
  const push = flowOf(needs, { strategy: 'websocket' }).ipBytes;
  const polled = (seconds) =>
    flowOf(needs, { strategy: 'polling', interval: Math.round(seconds * 1e9) / 1e9 }).ipBytes;
  let [low, high] = [Math.max(0.01, needs.rtt + 0.001), 3600];
  if (polled(low) <= push || polled(high) >= push) {
    return null;
  }
  for (let i = 0; i < 24; i += 1) {
    const middle = Math.sqrt(low * high);
    if (polled(middle) > push) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return {
    text:
      'polling moves fewer bytes on IP level than events pushed one by one above an interval of ' +
      `${time(high)}, where an answer holds ${twoDigits(needs.rate * high)} events`,
    evidence: FORMULAS,
  };
}

function sayRequests(needs) {
  const cycle = 1 / longPolling(HOLD, needs.rtt / 2, EXCHANGE, needs.rate).requests;
  return {
    text: `polling sends fewer requests than long-polling above an interval of ${time(cycle)}`,
    evidence:
      'formula C = G + exp(-rate G) (1 - exp(-rate hold)) / rate, harness/model/long_polling.h',
  };
}

function sayUpstream(needs) {
  const each = (cell) => flowOf(needs, cell).upstream / (needs.clients * needs.upstream);
  const [message, post] = [
    each({ strategy: 'websocket' }),
    each({ strategy: 'streaming', encoding: 'sse' }),
  ].map((size) => bytes(Math.round(size)));
  return {
    text:
      `an event that a client sends takes ${message} over a WebSocket and ${post} as a ` +
      'request, both directions',
    evidence: FORMULAS,
  };
}

// `needs`: {clients, rate, payload, fanOut, rtt, staleness, upstream, upstreamPayload, oldBrowsers,
// proxyBuffers, proxyNoUpgrade, proxyIdle or null}; `study`: {costs, server} of the file.
export function ranking(needs, study) {
  const options = cellsFor(needs).map((cell) => optionOf(cell, needs, study));
  return ranked(options.filter(Boolean), needs.upstream > 0);
}

// Sentences that depend on what is asked; those that always hold are taken from the file.
export function sayings(needs, { costs }) {
  return [
    sayLongPoll(needs),
    sayCheaperPolls(needs, costs),
    sayCheaperBytes(needs),
    sayRequests(needs),
    needs.upstream > 0 ? sayUpstream(needs) : null,
  ].filter(Boolean);
}
